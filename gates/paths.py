"""How the decision on a round must be taken: by risk class, the committee's rule, and what members called in."""

from datetime import datetime

from django.urls import reverse

from accounts.obstacles import Obstacle
from gates.attendance import quorum_at
from gates.grounds import GateGround
from gates.models import AgendaItem, Committee, Meeting, Proposal
from gates.queries import session_of
from gates.states import (
    CONCLUSIONS,
    AuthorityPath,
    DecisionManner,
    ItemKind,
    MajorityRule,
    ProposalResult,
    path_of,
)
from portfolio.models import Pilot, Round
from portfolio.states import Outcome, RiskClass

#: On which authority a decision rests that a proposal led to.
AUTHORITY = {
    DecisionManner.CHAIR_ON_NOTICE: AuthorityPath.CHAIR_ON_NOTICE,
    DecisionManner.VOTE: AuthorityPath.VOTE,
    DecisionManner.VOTE_IN_MEETING: AuthorityPath.VOTE_IN_MEETING,
}


def manner_of(pilot: Pilot, round_: Round, committee: Committee) -> DecisionManner | None:
    """How the round is decided; None where the chair decides after hearing the members: see `hearing_of`.

    That is so in a committee whose rule says it. Elsewhere the risk class says how, and what a member called in is
    decided in a meeting.
    """
    return None if committee.majority_rule == MajorityRule.CHAIR else _of_path(pilot, round_)


def hearing_of(pilot: Pilot, round_: Round) -> DecisionManner:
    """How a chair who decides hears the members: in a meeting, where the path asks for one, else in writing or not."""
    in_meeting = _of_path(pilot, round_) == DecisionManner.VOTE_IN_MEETING
    return DecisionManner.VOTE_IN_MEETING if in_meeting else DecisionManner.VOTE


def _of_path(pilot: Pilot, round_: Round) -> DecisionManner:
    called_in = Proposal.objects.filter(round=round_, result=ProposalResult.CALLED_IN).exists()
    return DecisionManner.VOTE_IN_MEETING if called_in else path_of(pilot.risk_class).manner


def how_decided(pilot: Pilot, committee: Committee | None) -> str:
    """How the pilot's committee decides it, in a sentence."""
    if committee is None or committee.majority_rule != MajorityRule.CHAIR:
        return path_of(pilot.risk_class).decision
    if pilot.risk_class == RiskClass.HIGH:
        return (
            "The chair decides after hearing the members in a meeting with a quorum, once the gate led by Risk is "
            "concluded."
        )
    return "The chair decides after hearing the members, and may ask for their votes first."


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


def session_obstacles(committee: Committee, meeting: Meeting | None, now: datetime) -> list[Obstacle]:
    """What keeps a committee from voting, or being heard, in a meeting now: none is in session, or has no quorum."""
    url = reverse("gates:committee-detail", args=[committee.slug])
    if meeting is None:
        what = "No meeting of the committee is in session; a vote in a meeting is opened there."
        return [Obstacle("no_session", what, "the chair or the secretary", url)]
    quorum = quorum_at(meeting, now)
    if quorum.is_there:
        return []
    return [Obstacle("no_quorum", f"The meeting has no quorum: {quorum.missing} more must be there.", url=url)]


def hearing_obstacles(pilot: Pilot, round_: Round, committee: Committee, now: datetime) -> list[Obstacle]:
    """What keeps a chair who decides after hearing from deciding where the path asks for a meeting."""
    if hearing_of(pilot, round_) != DecisionManner.VOTE_IN_MEETING:
        return []
    return unheard(round_, committee, now)


def unheard(round_: Round, committee: Committee, now: datetime) -> list[Obstacle]:
    """What is missing for the members to be heard on a round in a meeting, now: a session, its quorum, an item of it.

    A round that is decided already stands on no agenda again: its correction is heard without an item.
    """
    meeting = session_of(committee)
    if meeting is None:
        what = "The chair decides it in a meeting with a quorum, after hearing the members: put it on an agenda."
        url = reverse("gates:committee-detail", args=[committee.slug])
        return [Obstacle("no_session", what, "the chair or the secretary", url)]
    obstacles = session_obstacles(committee, meeting, now)
    items = AgendaItem.objects.filter(meeting=meeting, round=round_, kind=ItemKind.DECIDE, dropped_at=None)
    if round_.is_undecided and not items.exists():
        what = "It is not on the agenda of the meeting in session. Put it there first."
        obstacles.append(Obstacle("not_on_agenda", what, "the chair or the secretary", meeting.get_absolute_url()))
    return obstacles


def open_already(round_: Round) -> list[Obstacle]:
    """Refuse what would pass by a proposal that the committee is asked about."""
    proposal = Proposal.objects.open().filter(round=round_).select_related("round__pilot").first()
    if proposal is None:
        return []
    url = proposal.get_absolute_url()
    return [Obstacle("open_proposal", "A proposal on this round is open already.", "the chair", url)]


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
