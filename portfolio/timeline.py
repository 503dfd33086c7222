"""How long a launch takes after a decision to scale, from what is ready for it. Pure: no clock, no database.

The rule (requirement 76): where every condition holds, it is the best case, 2 to 3 months. Where the sponsor directs
the budget, the path into the systems is known, and at most three others are missing, it is typical, 4 to 6 months.
Anything else is complex, 6 to 12 months. What nobody has answered counts as missing.
"""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from portfolio.states import LaunchCondition, TimelineClass

#: Months from the decision to the launch: soonest, latest.
MONTHS: dict[TimelineClass, tuple[int, int]] = {
    TimelineClass.BEST: (2, 3),
    TimelineClass.TYPICAL: (4, 6),
    TimelineClass.COMPLEX: (6, 12),
}
#: Without these two, nothing else makes a launch quick.
DECISIVE = frozenset({LaunchCondition.SPONSOR_AUTHORITY, LaunchCondition.INTEGRATION_PATH})
_MOST_MISSING = 3


@dataclass(frozen=True)
class LaunchWindow:
    """Days between which a launch is to be expected, both included."""

    soonest: date
    latest: date


def timeline_class(holding: Collection[str]) -> TimelineClass:
    """Return the class for the conditions that hold."""
    missing = set(LaunchCondition) - {LaunchCondition(one) for one in holding}
    if not missing:
        return TimelineClass.BEST
    if missing & DECISIVE or len(missing) > _MOST_MISSING:
        return TimelineClass.COMPLEX
    return TimelineClass.TYPICAL


def launch_window(decided_on: date, timeline: TimelineClass) -> LaunchWindow:
    """Return when a pilot that was to be scaled on `decided_on` can be expected to be launched."""
    soonest, latest = MONTHS[timeline]
    return LaunchWindow(months_after(decided_on, soonest), months_after(decided_on, latest))


def days_late(*, decided_on: date, timeline: TimelineClass, launched_on: date | None, today: date) -> int:
    """Whole days by which the launch is, or was, later than the latest day of its class; 0 while it is not."""
    latest = launch_window(decided_on, timeline).latest
    return max(0, ((launched_on or today) - latest).days)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
