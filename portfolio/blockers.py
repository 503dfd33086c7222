"""Reading what stands in the way of a pilot, and for how long."""

from dataclasses import dataclass

from portfolio.models import Blocker, Pilot
from portfolio.states import BLOCKER_REPEATS


@dataclass(frozen=True)
class OpenBlocker:
    """A blocker that nobody has cleared, with the number of updates in a row that reported it."""

    blocker: Blocker
    times: int

    @property
    def is_stuck(self) -> bool:
        """Reported so often that its pilot is flagged."""
        return self.times >= BLOCKER_REPEATS


def open_blockers(pilot: Pilot) -> list[OpenBlocker]:
    """What blocks now, the longest first. One query."""
    blockers = Blocker.objects.open().filter(pilot=pilot).select_related("opened_by__author")
    return [OpenBlocker(blocker, blocker.times) for blocker in blockers.counted()]
