"""The ladder on which a flag climbs."""

from datetime import date, timedelta

import pytest

from gates.ladder import OVERVIEW, Rung, climb, in_words, told

RAISED = date(2026, 3, 28)  # the clocks change that night
OWNER, SPONSOR, CHAIR, MANAGERS = Rung


@pytest.mark.parametrize(
    ("missing", "steps"),
    [
        ((), [(OWNER, 0), (SPONSOR, 14), (CHAIR, 28)]),
        ((OWNER,), [(SPONSOR, 0), (CHAIR, 28)]),
        ((SPONSOR,), [(OWNER, 0), (CHAIR, 14)]),
        ((CHAIR,), [(OWNER, 0), (SPONSOR, 14), (MANAGERS, 28)]),
        ((OWNER, SPONSOR), [(CHAIR, 0)]),  # nobody in charge reaches the chair at once
        ((SPONSOR, CHAIR), [(OWNER, 0), (MANAGERS, 14)]),
        ((OWNER, CHAIR), [(SPONSOR, 0), (MANAGERS, 28)]),
        ((OWNER, SPONSOR, CHAIR), [(MANAGERS, 0)]),
    ],
)
def test_who_is_told_from_when_on(missing, steps):
    climbed = climb(opened_on=RAISED, sponsor_after=14, chair_after=28, missing=missing)
    assert [(step.rung, (step.since - RAISED).days) for step in climbed] == steps


@pytest.mark.parametrize(
    ("days", "reached"),
    [(0, [OWNER]), (13, [OWNER]), (14, [OWNER, SPONSOR]), (27, [OWNER, SPONSOR]), (28, [OWNER, SPONSOR, CHAIR]),
     (-1, [])],
)  # fmt: skip
def test_whom_it_has_reached(days, reached):
    steps = climb(opened_on=RAISED, sponsor_after=14, chair_after=28, missing=())
    assert list(told(steps, RAISED + timedelta(days=days))) == reached


def test_the_chair_never_hears_before_the_sponsor():
    steps = climb(opened_on=RAISED, sponsor_after=30, chair_after=5, missing=())
    assert [(step.since - RAISED).days for step in steps] == [0, 30, 30]


@pytest.mark.parametrize(
    ("graces", "said"),
    [
        ((14, 28), "The business owner at once, the sponsor after 14 days, the committee's chair after 28 days."),
        ((0, 1), "The business owner at once, the sponsor at once, the committee's chair after 1 day."),
    ],
)
def test_in_words(graces, said):
    assert in_words(*graces) == said
    assert in_words(*graces, overview=True) == f"{said} {OVERVIEW}"
