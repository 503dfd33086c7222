"""Rule: no decision asked for."""

import pytest

from gates.rules.not_asked import RULE
from portfolio.states import Purpose, RoundState
from tests.gates.rules.building import TODAY, a_round, ago, facts


@pytest.mark.parametrize(
    ("days_over", "threshold", "fires"),
    [(-10, 7, False), (0, 7, False), (6, 7, False), (7, 7, True), (8, 7, True), (400, 7, True), (0, 1, False),
     (1, 1, True), (0, 0, False), (1, 0, True)],
)  # fmt: skip
@pytest.mark.parametrize("over", ["planned_end", "ended_on"])
def test_when_it_fires(days_over, threshold, fires, over):
    finding = RULE.find(facts(undecided=a_round(**{over: ago(days_over)})), TODAY, threshold)
    assert (finding is not None) == fires
    assert finding is None or (finding.since == ago(days_over) and not finding.mild)


def test_the_real_end_counts_before_the_planned_one():
    undecided = a_round(ended_on=ago(30), planned_end=ago(8))
    finding = RULE.find(facts(undecided=undecided), TODAY, 7)
    assert finding.since == ago(30)
    assert finding.detail == "The work of round 2 has ended, and no decision was asked for."


def test_a_planned_end_that_passed_is_named_so():
    finding = RULE.find(facts(undecided=a_round(planned_end=ago(8))), TODAY, 7)
    assert finding.detail == "The planned end of round 2 has passed, and no decision was asked for."


@pytest.mark.parametrize(
    "undecided",
    [
        None,
        a_round(planned_end=None),
        a_round(planned_end=ago(50), state=RoundState.AWAITING_DECISION),  # it was asked for
        a_round(planned_end=ago(50), purpose=Purpose.RESEARCH),  # its review date asks by itself
    ],
)
def test_when_nothing_needs_asking(undecided):
    assert RULE.find(facts(undecided=undecided), TODAY, 7) is None
