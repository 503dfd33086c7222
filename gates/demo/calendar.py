"""Days of the demo, told from today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_OPENS = time(8, 30)
_JOBS = time(0, 5)
_WORKING_MINUTES = 9 * 60
_SATURDAY = 5


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

    def moment(self, day: date, place: int, places: int) -> datetime:
        """The time of event number `place` of the `places` that fall on `day`, spread over office hours; in UTC."""
        minutes = _WORKING_MINUTES * place // max(places, 1)
        opening = datetime.combine(day, _OPENS, tzinfo=ZoneInfo(self.zone))
        return (opening + timedelta(minutes=minutes)).astimezone(UTC)

    def night(self, day: date) -> datetime:
        """The time at which jobs run on a day, before anybody works; in UTC."""
        return datetime.combine(day, _JOBS, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
