"""Actual against target is computed, and says so in words."""

from datetime import timedelta
from decimal import Decimal

import pytest

from portfolio.measuring import correct_measurement, withdraw_measurement
from portfolio.progress import NOTICEABLE, RULES, figure, judge, met_and_unmet, progress_of
from portfolio.states import Progress
from tests.portfolio.measures.building import RIGHT, measure, measured_pilot, progress

MET, ON, STILL, AWAY = Progress.MET, Progress.ON_THE_WAY, Progress.NO_MOVEMENT, Progress.MOVING_AWAY
NO_VALUE, NO_BASELINE, NO_TARGET = Progress.NO_MEASUREMENT, Progress.NO_BASELINE, Progress.NO_TARGET


def number(value):
    return None if value is None else Decimal(str(value))


@pytest.mark.requirement(11, page="/pilots/P-0001/measures/")
@pytest.mark.parametrize(
    ("higher", "baseline", "target", "latest", "state", "percent"),
    [
        # less is better: from 55 to 30, a way of 25
        (False, 55, 30, 38, ON, 68),
        (False, 55, 30, 30, MET, 100),
        (False, 55, 30, 28, MET, 108),
        (False, 55, 30, "30.0001", ON, 99),
        (False, 55, 30, 55, STILL, 0),
        (False, 55, 30, "53.75", ON, 5),
        (False, 55, 30, "53.7501", STILL, 4),
        (False, 55, 30, "56.2499", STILL, -4),
        (False, 55, 30, "56.25", AWAY, -5),
        (False, 55, 30, 80, AWAY, -100),
        # more is better: from 60 to 80
        (True, 60, 80, 75, ON, 75),
        (True, 60, 80, 80, MET, 100),
        (True, 60, 80, 61, ON, 5),
        (True, 60, 80, 60, STILL, 0),
        (True, 60, 80, 50, AWAY, -50),
        # below nothing
        (True, -10, 10, 0, ON, 50),
        (False, 0, -4, -4, MET, 100),
        # the baseline is at the target already, or beyond it
        (True, 80, 80, 80, MET, None),
        (True, 80, 80, 79, AWAY, None),
        (False, 20, 30, 25, MET, None),
        (False, 20, 30, 35, AWAY, None),
        # something is missing
        (True, 60, 80, None, NO_VALUE, None),
        (True, None, None, None, NO_VALUE, None),
        (True, None, 80, 79, NO_BASELINE, None),
        (True, None, 80, 80, MET, None),
        (True, 60, None, 79, NO_TARGET, None),
    ],
)
def test_what_the_latest_value_says(higher, baseline, target, latest, state, percent):
    verdict = judge(higher=higher, baseline=number(baseline), target=number(target), latest=number(latest))
    assert (verdict.state, verdict.percent) == (state, percent)


def test_every_answer_states_its_rule():
    assert set(RULES) == set(Progress)
    assert f"{NOTICEABLE:.0%}".replace("%", " %") in RULES[STILL]


@pytest.mark.parametrize(
    ("values", "terms", "sentence"),
    [
        ([55, 38], {}, "38 minutes on 16 November, down from 55; target 30: 68 % of the way."),
        ([28], {}, "28 minutes on 16 November, down from 55; target 30: met."),
        ([54], {}, "54 minutes on 16 November, down from 55; target 30: no movement to speak of."),
        ([55], {}, "55 minutes on 16 November, as at the baseline; target 30: no movement to speak of."),
        ([61], {}, "61 minutes on 16 November, up from 55; target 30: moving away from it."),
        ([], {}, "Nothing measured yet; baseline 55, target 30."),
        ([], {"baseline": None, "target": None}, "Nothing measured yet."),
        ([38], {"baseline": None},
         "38 minutes on 16 November; target 30: not met, and no baseline to say what has moved."),
        ([38], {"target": None}, "38 minutes on 16 November, down from 55; no target was set."),
        (["1240.5"], {"unit": "", "target": None, "baseline": Decimal(2000)},
         "1,240.5 on 16 November, down from 2,000; no target was set."),
    ],
)  # fmt: skip
def test_it_is_said_in_a_sentence(values, terms, sentence, today):
    assert progress(*values, today=today, **terms).sentence.replace("\N{NO-BREAK SPACE}", " ") == sentence


def test_who_fell_back_from_a_better_value_sees_it(today):
    text = progress(38, today=today).sentence
    assert "2026" not in text
    text = progress(33, 41, today=today).sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert text.endswith("target 30: 56 % of the way. It had been 33 on 6 November.")
    later = progress(38, 36, 41, today=today, every=300).sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert later.endswith("It had been 36 on 20 January.")
    older = progress(36, 38, today=today, every=400).sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert older.endswith("It had been 36 on 12 October 2025.")


def test_the_original_target_is_judged_beside_the_amended_one(today):
    amended = progress(38, today=today, target=Decimal(40), original={"target": Decimal(30)})
    assert amended.amended
    assert (amended.state, amended.original_verdict.state) == (MET, ON)
    plain = progress(38, today=today)
    assert not plain.amended
    assert plain.verdict == plain.original_verdict


@pytest.mark.parametrize(
    ("values", "days_late", "overdue"), [([], 1, 1), ([], 0, 0), ([], -5, 0), ([38], 9, 0), ([], None, 0)]
)
def test_what_was_to_be_measured_is_overdue_until_it_is(values, days_late, overdue, today):
    by = None if days_late is None else today - timedelta(days=days_late)
    assert progress(*values, today=today, measured_by=by).overdue_days == overdue


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [("38.0000", "", "38"), ("38.5000", "%", "38.5\N{NO-BREAK SPACE}%"), ("1200", "", "1,200"), ("0.0000", "", "0"),
     ("-0.25", "", "-0.25"), ("100", "", "100")],
)  # fmt: skip
def test_a_figure_has_no_needless_zeros(value, unit, text):
    assert figure(Decimal(value), unit) == text


def test_the_last_value_by_day_counts_corrections_and_withdrawals_included(cast, today, now):
    pilot = measured_pilot(cast, today=today, now=now)
    measure(cast, pilot, 41, ago=3, today=today, now=now)
    wrong = measure(cast, pilot, 12, ago=2, today=today, now=now)
    late = measure(cast, pilot, 50, ago=30, today=today, now=now)
    correct_measurement(
        actor=cast.alice, measurement=wrong, on=wrong.on, value=Decimal(42), note="", source="", reason="A digit.",
        today=today, now=now,
    )  # fmt: skip
    withdraw_measurement(actor=cast.alice, measurement=late, reason="Another team's figure.", now=now)
    round_ = pilot.open_round()
    first, second = progress_of([round_.pk], today)[round_.pk]
    assert [value for _, value in first.values] == [41, 42]
    assert (first.state, second.state) == (ON, NO_VALUE)
    assert met_and_unmet([first, second]) == ([], [first, second])


@pytest.mark.parametrize("rounds", [1, 3])
def test_progress_takes_three_queries_however_many_rounds(rounds, cast, today, now, django_assert_num_queries):
    keys = []
    for _ in range(rounds):
        pilot = measured_pilot(cast, RIGHT, today=today, now=now)
        measure(cast, pilot, 70, ago=1, today=today, now=now)
        keys.append(pilot.open_round().pk)
    with django_assert_num_queries(3):
        found = progress_of(keys, today)
    assert [found[key][0].verdict.percent for key in keys] == [50] * rounds
