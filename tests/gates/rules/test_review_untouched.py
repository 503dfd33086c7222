"""Rule: gate review untouched."""

import pytest

from gates.rules.facts import ReviewFacts
from gates.rules.review_untouched import RULE
from tests.gates.rules.building import TODAY, a_round, ago, facts


def found(days, threshold=14, *, state="in_review", holder="reviewers"):
    review = ReviewFacts(gate=3, holder=holder, state=state, touched_on=ago(days))
    return RULE.find(facts(undecided=a_round(), review=review), TODAY, threshold)


@pytest.mark.parametrize(
    ("days", "threshold", "fires"),
    [(-1, 14, False), (0, 14, False), (13, 14, False), (14, 14, True), (15, 14, True), (0, 1, False), (1, 1, True),
     (0, 0, False), (1, 0, True)],
)  # fmt: skip
def test_when_it_fires(days, threshold, fires):
    finding = found(days, threshold)
    assert (finding is not None) == fires
    assert finding is None or (finding.since, finding.mild) == (ago(days), False)


@pytest.mark.parametrize(
    ("state", "holder", "detail"),
    [
        ("in_review", "reviewers", "Gate 3 is in review, and nobody touches it."),
        ("returned", "owner", "Gate 3 was returned to its owner, and nobody has touched it since."),
    ],
)
def test_it_says_whose_turn_it_is(state, holder, detail):
    assert found(20, state=state, holder=holder).detail == detail


def test_no_gate_under_way_waits_for_nobody():
    assert RULE.find(facts(undecided=a_round()), TODAY, 14) is None
