"""Days of the demo, told from today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_OPENS = time(8, 30)
_JOBS = time(0, 5)
_WORKING_MINUTES = 9 * 60
_MEETS = time(9)
_SESSION_MINUTES = 120
_A_QUARTER = 15
_AFTERNOON = time(13, 30)
_AFTERNOON_MINUTES = 4 * 60
_SATURDAY = 5


@dataclass(frozen=True)
class Due:
    """Something that is told of a day, counted from the day of seeding."""

    day: int
    act: Callable[[date, datetime], object]
    #: Whether it happens in the committee's meeting of that day.
    in_session: bool = False
    #: Whether it is a step of a pilot's story.
    of_pilot: bool = False


@dataclass(frozen=True)
class Calendar:
    """Turns "-30" into the day thirty days before `today`, and gives each event of a day its own time."""

    today: date
    zone: str

    def day(self, offset: int) -> date:
        """The very day: due dates and other promises fall on any day of the week."""
        return self.today + timedelta(days=offset)

    def working_day(self, offset: int) -> date:
        """The day, or the Friday before a week-end: nothing is done on a Saturday."""
        day = self.day(offset)
        return day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))

    def moment(self, day: date, place: int, places: int, *, afternoon: bool = False) -> datetime:
        """The time of event number `place` of the `places` that fall on `day`, spread over office hours; in UTC.

        `afternoon`: on a day whose morning belongs to a meeting.
        """
        minutes = (_AFTERNOON_MINUTES if afternoon else _WORKING_MINUTES) * place // max(places, 1)
        opening = datetime.combine(day, _AFTERNOON if afternoon else _OPENS, tzinfo=ZoneInfo(self.zone))
        return (opening + timedelta(minutes=minutes)).astimezone(UTC)

    def session(self, day: date, place: int, places: int) -> datetime:
        """The time of event number `place` of the `places` in the meeting that is held on `day`; in UTC.

        They fill the first two hours of it at most, a quarter of an hour each; what else falls on the day comes later.
        """
        minutes = min(_A_QUARTER * place, _SESSION_MINUTES * place // max(places, 1))
        begins = datetime.combine(day, _MEETS, tzinfo=ZoneInfo(self.zone))
        return (begins + timedelta(minutes=minutes)).astimezone(UTC)

    def night(self, day: date) -> datetime:
        """The time at which jobs run on a day, before anybody works; in UTC."""
        return datetime.combine(day, _JOBS, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
