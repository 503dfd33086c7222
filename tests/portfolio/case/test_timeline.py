"""How long a launch takes: the class that follows from conditions, the window, and being late against it."""

from datetime import date

import pytest

from portfolio.states import LaunchCondition, TimelineClass
from portfolio.timeline import days_late, launch_window, timeline_class

ALL = set(LaunchCondition)
SPONSOR, PATH = LaunchCondition.SPONSOR_AUTHORITY, LaunchCondition.INTEGRATION_PATH
DATA, SECURITY, PLAN, VENDOR = (
    LaunchCondition.LIVE_DATA, LaunchCondition.SECURITY_REVIEW, LaunchCondition.CHANGE_PLAN,
    LaunchCondition.VENDOR_CONTRACT,
)  # fmt: skip


@pytest.mark.requirement(76, page="/pilots/P-0001/business-case/")
@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        (set(), TimelineClass.BEST),
        ({DATA}, TimelineClass.TYPICAL),
        ({DATA, SECURITY, PLAN}, TimelineClass.TYPICAL),
        ({DATA, SECURITY, PLAN, VENDOR}, TimelineClass.COMPLEX),
        ({SPONSOR}, TimelineClass.COMPLEX),
        ({PATH}, TimelineClass.COMPLEX),
        (ALL, TimelineClass.COMPLEX),
    ],
)
def test_the_class_follows_from_the_conditions(missing, expected):
    assert timeline_class(ALL - missing) == expected


@pytest.mark.parametrize(
    ("timeline", "soonest", "latest"),
    [
        (TimelineClass.BEST, date(2026, 10, 31), date(2026, 11, 30)),  # November has no 31st
        (TimelineClass.TYPICAL, date(2026, 12, 31), date(2027, 2, 28)),
        (TimelineClass.COMPLEX, date(2027, 2, 28), date(2027, 8, 31)),
    ],
)
def test_the_window_counts_months_from_the_decision(timeline, soonest, latest):
    window = launch_window(date(2026, 8, 31), timeline)
    assert (window.soonest, window.latest) == (soonest, latest)


@pytest.mark.requirement(76, page="/pilots/P-0001/business-case/")
@pytest.mark.parametrize(
    ("launched", "today", "days"),
    [
        (None, date(2026, 4, 15), 0),
        (None, date(2026, 4, 16), 1),
        (date(2026, 4, 20), date(2027, 1, 1), 5),
        (date(2026, 3, 1), date(2027, 1, 1), 0),
    ],
)
def test_late_from_the_day_after_the_latest(launched, today, days):
    decided = date(2026, 1, 15)
    assert days_late(decided_on=decided, timeline=TimelineClass.BEST, launched_on=launched, today=today) == days
