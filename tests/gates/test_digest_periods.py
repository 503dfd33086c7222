"""When a digest is due: in each person's own time, once per period, whatever the clocks do."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Preference
from accounts.states import DigestRhythm
from gates.periods import due_period


def at(text: str, zone: str = "Europe/Paris") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("wishes", "moment", "period"),
    [
        ({}, "2026-11-16T07:59", None),
        ({}, "2026-11-16T08:00", "2026-W47"),
        ({}, "2026-11-22T23:59", "2026-W47"),
        ({}, "2026-11-23T00:00", None),
        ({"weekday": 5, "hour": 15}, "2026-11-19T23:00", None),
        ({"weekday": 5, "hour": 15}, "2026-11-20T15:00", "2026-W47"),
        ({"weekday": 4}, "2026-12-31T08:00", "2026-W53"),
        ({"weekday": 5}, "2027-01-01T08:00", "2026-W53"),
        ({"rhythm": DigestRhythm.DAILY}, "2026-11-16T07:59", None),
        ({"rhythm": DigestRhythm.DAILY}, "2026-11-16T23:59", "2026-11-16"),
        ({"rhythm": DigestRhythm.DAILY, "hour": 0}, "2026-11-16T00:00", "2026-11-16"),
        ({"rhythm": DigestRhythm.MONTHLY}, "2026-11-01T12:00", None),
        ({"rhythm": DigestRhythm.MONTHLY}, "2026-11-02T07:59", None),
        ({"rhythm": DigestRhythm.MONTHLY}, "2026-11-02T08:00", "2026-11"),
        ({"rhythm": DigestRhythm.MONTHLY}, "2026-11-30T00:00", "2026-11"),
        ({"rhythm": DigestRhythm.MONTHLY, "weekday": 7, "hour": 0}, "2026-11-01T00:00", "2026-11"),
        ({"rhythm": DigestRhythm.OFF}, "2026-11-16T12:00", None),
    ],
)
def test_the_period_that_is_due(wishes, moment, period):
    assert due_period(Preference(**wishes), zone="Europe/Paris", now=at(moment)) == period


def test_the_period_is_counted_in_the_persons_zone():
    now = at("2026-11-16T08:00", "UTC")
    zones = ("Pacific/Auckland", "Europe/Paris", "America/New_York")
    assert [due_period(Preference(), zone=zone, now=now) for zone in zones] == ["2026-W47", "2026-W47", None]


@pytest.mark.parametrize(
    ("zone", "change", "hour"),
    [
        ("Europe/Paris", "2026-03-29", 2),  # two o'clock does not come
        ("Europe/Paris", "2026-10-25", 2),  # two o'clock comes twice
        ("America/New_York", "2026-03-08", 2),
        ("America/New_York", "2026-11-01", 1),
        ("Pacific/Auckland", "2026-09-27", 2),
        ("Pacific/Auckland", "2026-04-05", 2),
        ("Australia/Lord_Howe", "2026-10-04", 2),  # by half an hour
    ],
)
@pytest.mark.parametrize("rhythm", [DigestRhythm.DAILY, DigestRhythm.WEEKLY])
def test_clock_changes_neither_skip_nor_add_a_period(zone, change, hour, rhythm):
    """Each hour for two weeks around the change: each period is due from one hour on, and none twice over."""
    wishes = Preference(rhythm=rhythm, weekday=at(change).isoweekday(), hour=hour)
    start = at(f"{change}T00:00", zone).astimezone(UTC) - timedelta(days=7)
    begun: list[str] = []
    for step in range(24 * 14):
        period = due_period(wishes, zone=zone, now=start + timedelta(hours=step, minutes=5))
        if period and period not in begun[-1:]:
            begun.append(period)
    assert max(Counter(begun).values()) == 1
    assert len(begun) >= (13 if rhythm == DigestRhythm.DAILY else 2)
