"""Rule: decision overdue."""

import pytest

from gates.rules.decision_overdue import RULE
from portfolio.states import DueBasis, Purpose, RoundState
from tests.gates.rules.building import TODAY, a_round, ago, facts


@pytest.mark.parametrize(
    ("days_late", "threshold", "found"),
    [
        (-30, 14, None),
        (-1, 14, None),
        (0, 14, None),  # the due day itself is not late
        (1, 14, "mild"),  # the day after is
        (13, 14, "mild"),
        (14, 14, "full"),
        (15, 14, "full"),
        (4000, 14, "full"),
        (1, 1, "full"),  # no grace at all
        (0, 1, None),
    ],
)
@pytest.mark.parametrize("state", [RoundState.RUNNING, RoundState.AWAITING_DECISION])
def test_when_it_fires(days_late, threshold, found, state):
    finding = RULE.find(facts(undecided=a_round(state=state, decision_due=ago(days_late))), TODAY, threshold)
    assert (finding and ("mild" if finding.mild else "full")) == found
    assert finding is None or finding.since == ago(days_late)


def test_nothing_is_due_without_an_undecided_round():
    assert RULE.find(facts(undecided=None), TODAY, 14) is None


def test_nothing_is_due_without_a_date():
    assert RULE.find(facts(undecided=a_round(decision_due=None)), TODAY, 14) is None


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({}, "Round 2 is past its decision date, and no decision is recorded."),
        (
            {"purpose": Purpose.RESEARCH},
            "Research round 2 is past its review date, and no decision is recorded.",
        ),
        ({"due_basis": DueBasis.ASSUMED}, "Round 2 is past its decision date, which was assumed at import."),
    ],
)
def test_what_it_says(changes, detail):
    finding = RULE.find(facts(undecided=a_round(decision_due=ago(3), **changes)), TODAY, 14)
    assert finding.detail == detail


@pytest.mark.parametrize("sign", ["updated_on", "assessed_on", "ended_on"])
def test_no_sign_of_life_stops_it(sign):
    overdue = a_round(decision_due=ago(20))
    reported = a_round(decision_due=ago(20), **{sign: TODAY})
    assert RULE.find(facts(undecided=reported), TODAY, 14) == RULE.find(facts(undecided=overdue), TODAY, 14)
