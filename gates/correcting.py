"""What keeps a decision from being superseded, or from being superseded by this. Pure but for two look-ups."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.obstacles import Obstacle
from gates.models import Decision
from portfolio.models import Pilot, Round
from portfolio.states import Outcome, Stage

_LAUNCHED = (Stage.IN_PRODUCTION, Stage.RETIRED)


@dataclass(frozen=True)
class Correction:
    """The decision that a later one is to supersede, and why."""

    of: Decision
    reason: str

    def keeps(self, outcome: Outcome) -> bool:
        """Whether only the words and terms change."""
        return self.of.outcome == outcome

    def columns(self) -> dict[str, Any]:
        """What a proposal keeps of it."""
        return {"supersedes": self.of, "supersedes_reason": self.reason.strip()}

    @property
    def days(self) -> set[date]:
        """Days that were said before, and may be past by now."""
        said = (self.of.launch_on, self.of.next_planned_end, self.of.next_due, self.of.look_again_on)
        return {day for day in said if day is not None}


def correction_obstacles(correction: Correction, outcome: Outcome, pilot: Pilot) -> list[Obstacle]:
    """Everything that keeps the decision from being superseded by one with this outcome."""
    old, obstacles = correction.of, []
    if not correction.reason.strip():
        obstacles.append(Obstacle("supersedes_reason", "Say what was wrong with it, or what has changed.", "you"))
    later = Decision.objects.filter(supersedes=old).values_list("number", flat=True).first()
    if later:
        obstacles.append(Obstacle("superseded", f"{later} supersedes it already; correct that one."))
    if correction.keeps(outcome):
        return obstacles
    following = Round.objects.filter(pilot=pilot, number__gt=old.round.number).order_by("number").first()
    if following:
        what = f"Round {following.number} has followed. Keep the outcome here, and decide that round."
        obstacles.append(Obstacle("followed", what, url=pilot.get_absolute_url()))
    if pilot.stage in _LAUNCHED:
        obstacles.append(Obstacle("launched", "It was launched. What becomes of the system is decided there."))
    return obstacles
