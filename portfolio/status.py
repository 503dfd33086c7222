"""Reading how a pilot gets on: what moved, what blocks, who uses it, and whether anybody says when it scales."""

from dataclasses import dataclass

from portfolio.blockers import OpenBlocker, open_blockers
from portfolio.models import Pilot, StatusUpdate
from portfolio.queries import all_updates_of

#: Updates that are looked at for the panel.
RECENT = 8


@dataclass(frozen=True)
class Status:
    """What the latest updates of a pilot say, the newest first."""

    updates: list[StatusUpdate]
    blockers: list[OpenBlocker]

    @property
    def latest(self) -> StatusUpdate | None:
        """The newest update."""
        return self.updates[0] if self.updates else None

    @property
    def adoption(self) -> list[StatusUpdate]:
        """Updates that gave the number of users, the newest first (requirement 40)."""
        return [one for one in self.updates if one.users_inside is not None or one.users_outside is not None]

    @property
    def scaling(self) -> StatusUpdate | None:
        """The newest update that answered "When will this scale?" (requirement 48)."""
        return next((one for one in self.updates if one.scale_when), None)

    @property
    def scaling_unanswered(self) -> int:
        """How many updates since then left the question open."""
        return self.updates.index(self.scaling) if self.scaling else len(self.updates)


def status_of(pilot: Pilot) -> Status:
    """Read the latest updates of a pilot and its open blockers, in a fixed number of queries."""
    return Status(updates=list(all_updates_of(pilot)[:RECENT]), blockers=open_blockers(pilot))
