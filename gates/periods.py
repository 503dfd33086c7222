"""When a person's digest is due: a pure rule over their wishes and the clock on their wall."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from accounts.states import DigestRhythm

#: Minutes past each hour at which digests are composed (config/schedule.py).
SWEPT_AT = timedelta(minutes=5)
#: How far ahead the next digest is looked for; an absence may be long.
LONGEST_AHEAD = timedelta(days=400)


class Wishes(Protocol):
    """When a person wants digests."""

    rhythm: str
    weekday: int
    hour: int

    def is_away(self, day: date) -> bool:
        """Whether a day of theirs falls into an absence."""


def due_period(wishes: Wishes, *, zone: str, now: datetime) -> str | None:
    """The period whose digest is due for a person in `zone` at `now`, or None.

    Weekly: from the chosen weekday and hour to the end of the ISO week ("2026-W47"). Daily: from the hour to the
    end of the day ("2026-11-16"). Monthly: from the hour of the month's first chosen weekday to the end of the
    month ("2026-11"). So an hour that was missed, or that a clock change skips, is caught up in its period; that
    an hour comes twice, or is asked for twice, is for the caller to see by the period.
    While a person is away nothing is due; what is still in its period on their return is due then.
    """
    local = now.astimezone(ZoneInfo(zone))
    today = local.date()
    if wishes.is_away(today):
        return None
    if wishes.rhythm == DigestRhythm.DAILY:
        return today.isoformat() if local.hour >= wishes.hour else None
    if wishes.rhythm == DigestRhythm.WEEKLY:
        year, week, weekday = today.isocalendar()
        return f"{year}-W{week:02}" if (weekday, local.hour) >= (wishes.weekday, wishes.hour) else None
    if wishes.rhythm == DigestRhythm.MONTHLY:
        first = _first(wishes.weekday, today)
        begun = today > first or (today == first and local.hour >= wishes.hour)
        return f"{today:%Y-%m}" if begun else None
    return None


def next_due(wishes: Wishes, *, zone: str, now: datetime, done: Collection[str]) -> datetime | None:
    """The moment of the sweep that will bring the next digest, `done` being the periods that had theirs, or None."""
    if wishes.rhythm == DigestRhythm.OFF:
        return None
    moment = now.replace(minute=0, second=0, microsecond=0) + SWEPT_AT
    moment += timedelta(hours=moment < now)
    while moment < now + LONGEST_AHEAD:
        period = due_period(wishes, zone=zone, now=moment)
        if period and period not in done:
            return moment
        moment += timedelta(hours=1)
    return None


def _first(weekday: int, day: date) -> date:
    """The first day of that ISO weekday in the month of `day`."""
    first = day.replace(day=1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7)
