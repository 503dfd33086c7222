"""Rule: scaled, not launched."""

from datetime import date

import pytest

from gates.rules.facts import DecidedFacts
from gates.rules.launch_late import RULE
from portfolio.states import Stage
from tests.gates.rules.building import facts

DECIDED = date(2026, 1, 31)


def found(today: date, *, stage=Stage.SCALING, threshold=1, **decided):
    pilot = facts(stage=stage, decided=DecidedFacts(decided_on=DECIDED, **decided))
    return RULE.find(pilot, today, threshold)


@pytest.mark.requirement(76, page="/drift/")
@pytest.mark.parametrize(
    ("timeline", "latest"),
    [("best", date(2026, 4, 30)), ("typical", date(2026, 7, 31)), ("complex", date(2027, 1, 31)),
     ("", date(2027, 1, 31))],
)  # fmt: skip
@pytest.mark.parametrize(("days", "threshold", "fires"), [(0, 1, False), (1, 1, True), (6, 7, False), (7, 7, True)])
def test_the_latest_launch_of_its_class_is_not_late_the_day_after_is(timeline, latest, days, threshold, fires):
    finding = found(date.fromordinal(latest.toordinal() + days), timeline=timeline, threshold=threshold)
    assert (finding and finding.since) == (latest if fires else None)


def test_without_a_case_the_launch_that_was_decided_counts():
    planned = {"launch_on": date(2026, 3, 1)}
    assert found(date(2026, 3, 1), **planned) is None
    assert found(date(2026, 3, 2), **planned).detail == (
        "It was decided to scale, and the launch is past the day that was decided."
    )
    assert found(date(2026, 3, 2), timeline="best", **planned) is None


def test_what_it_says():
    assert found(date(2026, 9, 1), timeline="typical").detail == (
        "It was decided to scale, and the launch has taken longer than a typical launch takes."
    )


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.SCALING])
def test_only_what_scales_is_looked_at(stage):
    assert found(date(2030, 1, 1), stage=stage, timeline="best") is None


def test_scaling_from_a_register_without_a_decision_is_left_alone():
    assert RULE.find(facts(stage=Stage.SCALING), date(2030, 1, 1), 1) is None
