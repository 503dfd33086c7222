"""Rule: research over its cap."""

from decimal import Decimal

import pytest

from gates.rules.research_over_cap import RULE
from portfolio.states import Purpose
from tests.gates.rules.building import TODAY, a_round, ago, facts


def found(*, days: int, threshold: int = 100, cap: int | None = 1200, monthly: int | None = 365, **changes):
    """A round that began some days ago and costs 12 a day (365 x 12 / 365)."""
    research = {
        "purpose": Purpose.RESEARCH,
        "starts_on": ago(days),
        "budget_cap": None if cap is None else Decimal(cap),
        **changes,
    }
    pilot = facts(undecided=a_round(**research), monthly_cost=None if monthly is None else Decimal(monthly))
    return RULE.find(pilot, TODAY, threshold)


@pytest.mark.parametrize(
    ("days", "threshold", "since"),
    [(99, 100, None), (100, 100, ago(0)), (101, 100, ago(1)), (79, 80, None), (80, 80, ago(0)), (130, 80, ago(50))],
)
def test_it_fires_on_the_day_that_the_share_is_reached(days, threshold, since):
    finding = found(days=days, threshold=threshold)
    assert (finding and finding.since) == since


def test_a_cap_that_falls_within_a_day_is_reached_at_its_end():
    assert [found(days=days, cap=1201) is not None for days in (100, 101)] == [False, True]


def test_nothing_may_be_spent():
    assert found(days=0, cap=0).since == TODAY


@pytest.mark.parametrize(
    "unknown", [{"cap": None}, {"monthly": None}, {"monthly": 0}, {"purpose": Purpose.PILOT}], ids=str
)
def test_it_is_silent_where_nothing_can_be_said(unknown):
    assert found(days=4000, **unknown) is None


def test_no_round_is_under_way():
    assert RULE.find(facts(monthly_cost=Decimal(365)), TODAY, 100) is None


def test_what_it_says():
    assert found(days=80, threshold=80).detail == "Research round 2 has come to 80 % of the most that it may cost."
