"""Rule: gate opened again."""

import pytest

from gates.rules.facts import ReopenedFacts
from gates.rules.gate_reopened import RULE
from portfolio.states import Stage
from tests.gates.rules.building import TODAY, a_round, ago, facts


def found(days, threshold=14, *, reason="The risk class has risen.", **further):
    reopened = ReopenedFacts(gate=1, since=ago(days), reason=reason)
    return RULE.find(facts(reopened=reopened, **{"undecided": a_round(), **further}), TODAY, threshold)


@pytest.mark.parametrize(
    ("days", "threshold", "mild"),
    [(0, 14, True), (13, 14, True), (14, 14, False), (40, 14, False), (0, 0, False), (0, 1, True)],
)
def test_it_fires_from_the_first_day_and_is_mild_until_the_threshold(days, threshold, mild):
    finding = found(days, threshold)
    assert (finding.since, finding.mild) == (ago(days), mild)


@pytest.mark.parametrize(
    ("reason", "detail"),
    [
        ("The risk class has risen.", "Gate 1 was opened again. The risk class has risen."),
        ("", "Gate 1 was opened again."),
    ],
)
def test_it_gives_the_reason(reason, detail):
    assert found(3, reason=reason).detail == detail


def test_it_is_told_of_a_scaling_pilot_whose_round_is_decided():
    assert found(3, stage=Stage.SCALING, undecided=None) is not None


def test_a_gate_that_stands_is_not_told():
    assert RULE.find(facts(undecided=a_round()), TODAY, 14) is None
