"""How the decision on a round must be taken: by risk class, the committee's rule, and what members called in."""

from accounts.obstacles import Obstacle
from gates.grounds import GateGround
from gates.models import Committee, Proposal
from gates.states import CONCLUSIONS, AuthorityPath, DecisionManner, MajorityRule, ProposalResult, path_of
from portfolio.models import Pilot, Round
from portfolio.states import Outcome

#: On which authority a decision rests that a proposal led to.
AUTHORITY = {
    DecisionManner.CHAIR_ON_NOTICE: AuthorityPath.CHAIR_ON_NOTICE,
    DecisionManner.VOTE: AuthorityPath.VOTE,
    DecisionManner.VOTE_IN_MEETING: AuthorityPath.VOTE_IN_MEETING,
}


def manner_of(pilot: Pilot, round_: Round, committee: Committee) -> DecisionManner | None:
    """How the round is decided; None where the chair decides after hearing, and records it at once.

    That is so in a committee whose rule says it; the gate of risk comes first there all the same. Elsewhere the risk
    class says how, and what a member called in is decided in a meeting.
    """
    if committee.majority_rule == MajorityRule.CHAIR:
        return None
    called_in = Proposal.objects.filter(round=round_, result=ProposalResult.CALLED_IN).exists()
    return DecisionManner.VOTE_IN_MEETING if called_in else path_of(pilot.risk_class).manner


def risk_gate_obstacles(pilot: Pilot, outcome: Outcome, gates: list[GateGround]) -> list[Obstacle]:
    """Formal approval waits for the gate that risk leads; stopping needs nobody's approval (requirement 35)."""
    if not path_of(pilot.risk_class).risk_gate_first or outcome == Outcome.STOP:
        return []
    return [
        Obstacle(
            "risk_gate",
            f"The path of formal approval: {gate.title} must be concluded first.",
            "a reviewer for Risk",
            pilot.get_absolute_url(),
        )
        for gate in gates
        if gate.lead == "risk" and gate.state not in CONCLUSIONS
    ]


def manner_obstacles(pilot: Pilot, manner: DecisionManner | None) -> list[Obstacle]:
    """Refuse a decision that skips the notice or the vote of its path."""
    if manner is None:
        return []
    steps = {
        DecisionManner.CHAIR_ON_NOTICE: "Give the members notice first; 48 hours later you can record it.",
        DecisionManner.VOTE: "Put it to the vote first.",
        DecisionManner.VOTE_IN_MEETING: "Put it to the vote in a meeting first.",
    }
    path = path_of(pilot.risk_class)
    return [
        Obstacle("path", f"This pilot takes {path.name}. {steps[manner]}", "you", f"{pilot.get_absolute_url()}decide/")
    ]
