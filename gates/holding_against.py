"""Whether a decision goes with the findings or against them, and what a decision to scale rests on. Pure."""

from accounts.obstacles import Obstacle
from gates.grounds import Grounds
from portfolio.states import Outcome


def against_the_findings(outcome: Outcome, grounds: Grounds) -> str:
    """Say in what the outcome goes against the findings (requirement 54); empty where it does not."""
    if outcome != Outcome.SCALE:
        return "Every criterion is met." if grounds.all_met else ""
    said = []
    if not grounds.criteria:
        said.append("No success criterion was agreed.")
    elif grounds.unmet:
        total, unmet = len(grounds.criteria), len(grounds.unmet)
        said.append(f"{unmet} of {total} criteria {'is' if unmet == 1 else 'are'} not met.")
    if grounds.not_cleared:
        names = ", ".join(gate.title for gate in grounds.not_cleared)
        said.append(f"Not passed: {names}.")
    elif not grounds.gates:
        said.append("No gate was reviewed.")
    return " ".join(said)


def override_obstacles(outcome: Outcome, grounds: Grounds, reason: str) -> list[Obstacle]:
    """Ask for a written reason where the outcome goes against the findings."""
    said = against_the_findings(outcome, grounds)
    if not said or reason.strip():
        return []
    done = "it is scaled" if outcome == Outcome.SCALE else "it is not scaled"
    return [Obstacle("override_reason", f"{said} Say why {done} all the same.", "you")]


def production_obstacles(grounds: Grounds, *, people_url: str, case_url: str) -> list[Obstacle]:
    """What a pilot must have before it is scaled (requirements 6 and 61)."""
    obstacles = []
    if not grounds.production_owner:
        what = "Nobody is named who would answer for it in production."
        obstacles.append(Obstacle("production_owner", what, "the business owner", people_url))
    if grounds.case is None:
        what = "No business case is submitted."
        obstacles.append(Obstacle("business_case", what, "the business owner", case_url))
    return obstacles
