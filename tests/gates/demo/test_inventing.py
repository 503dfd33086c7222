"""Synthetic pilots as they are invented: deterministic, and possible."""

from collections import Counter

import pytest

from gates.demo.inventing import invent_pilot
from portfolio.states import Outcome, Stage

PILOTS = [invent_pilot(seed=1, number=number) for number in range(1000)]


def test_the_same_seed_invents_the_same():
    assert [invent_pilot(seed=1, number=number) for number in range(20)] == PILOTS[:20]
    assert [invent_pilot(seed=2, number=number) for number in range(20)] != PILOTS[:20]


def test_every_stage_and_outcome_occurs_and_titles_differ():
    assert set(Counter(pilot.stage for pilot in PILOTS)) == set(Stage)
    outcomes = {told.outcome for pilot in PILOTS for told in pilot.rounds} - {None}
    assert outcomes == set(Outcome)
    assert len({pilot.title for pilot in PILOTS}) > 950


@pytest.mark.parametrize("pilot", PILOTS[:300], ids=lambda pilot: str(pilot.number))
def test_a_life_is_told_forwards_and_ends_before_today(pilot):
    days = [pilot.proposed]
    for told in pilot.rounds:
        days += [told.opened, told.starts, told.ended, told.decided]
        assert told.planned_end is None or told.planned_end >= told.starts
        assert all(told.starts < day < 0 for day, _, _ in told.updates)
        assert all(told.starts <= gate.day < 0 for gate in told.gates)
    days = [day for day in [*days, pilot.launched, pilot.retired] if day is not None]
    assert days == sorted(days)
    assert days[-1] < 0


@pytest.mark.parametrize("pilot", PILOTS[:300], ids=lambda pilot: str(pilot.number))
def test_all_rounds_but_the_last_are_decided(pilot):
    assert all(told.outcome for told in pilot.rounds[:-1])
    assert (pilot.rounds[-1].outcome is None) == (
        pilot.stage in {Stage.DRAFT, Stage.RUNNING, Stage.AWAITING_DECISION, Stage.RESEARCH}
    )


def test_some_decisions_are_long_overdue_and_some_pilots_silent_or_without_owner():
    open_rounds = [pilot.rounds[-1] for pilot in PILOTS if pilot.rounds[-1].outcome is None]
    assert len([told for told in open_rounds if told.due is not None and told.due < -30]) > 50
    assert any(told.starts and told.starts < -90 and not told.updates for told in open_rounds)
    assert 5 < len([pilot for pilot in PILOTS if pilot.owner < 0]) < 50
