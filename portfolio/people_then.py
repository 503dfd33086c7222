"""Who held which part on any day, and all holders over time: one query, told from the dates of the parts."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from portfolio.models import Assignment, Pilot
from portfolio.queries import PartHeld
from portfolio.states import Part


@dataclass(frozen=True)
class PeopleThen:
    """Everybody who ever held a part in a pilot, part by part, each in the order of their days."""

    assignments: list[Assignment]

    def on(self, day: date) -> list[PartHeld]:
        """Every part with who held it on `day`."""
        return [PartHeld(part, [one for one in self._of(part) if one.held_on(day)]) for part in Part]

    @cached_property
    def over_time(self) -> list[PartHeld]:
        """Every part that anybody ever held, with all who did."""
        return [PartHeld(part, held) for part in Part if (held := self._of(part))]

    @cached_property
    def changes(self) -> list[date]:
        """Days on which a part began or ended."""
        days = {one.since for one in self.assignments}
        return sorted(days | {one.until for one in self.assignments if one.until})

    def before(self, day: date) -> date | None:
        """The last day of change before `day`."""
        return max((change for change in self.changes if change < day), default=None)

    def after(self, day: date) -> date | None:
        """The next day of change after `day`."""
        return min((change for change in self.changes if change > day), default=None)

    def _of(self, part: Part) -> list[Assignment]:
        return [one for one in self.assignments if one.part == part]


def people_of(pilot: Pilot) -> PeopleThen:
    """Everybody who ever held a part in `pilot`. One query."""
    rows = Assignment.objects.filter(pilot=pilot).select_related("person").order_by("since", "pk")
    return PeopleThen(list(rows))
