"""Days of the demo."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from gates.demo.calendar import Calendar

MONDAY = date(2026, 11, 16)
PARIS = Calendar(MONDAY, "Europe/Paris")


@pytest.mark.parametrize(
    ("offset", "day"),
    [
        (0, MONDAY),
        (-1, date(2026, 11, 13)),
        (-2, date(2026, 11, 13)),
        (-3, date(2026, 11, 13)),
        (-4, date(2026, 11, 12)),
    ],
)
def test_nothing_is_done_on_a_week_end(offset, day):
    assert PARIS.working_day(offset) == day


def test_promises_fall_on_any_day():
    assert PARIS.day(-1) == date(2026, 11, 15)


def test_events_of_a_day_are_spread_over_office_hours_of_the_zone():
    moments = [PARIS.moment(MONDAY, place, 3) for place in range(3)]
    assert moments[0] == datetime(2026, 11, 16, 7, 30, tzinfo=UTC)
    assert {after - before for before, after in pairwise(moments)} == {timedelta(hours=3)}


def test_office_hours_follow_the_clock_change():
    assert PARIS.moment(date(2026, 7, 1), 0, 1).hour == 6
