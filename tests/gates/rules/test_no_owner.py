"""Rule: nobody in charge."""

import pytest

from gates.rules.facts import Holder
from gates.rules.no_owner import RULE
from portfolio.states import Stage
from tests.gates.rules.building import HERE, NOBODY, TODAY, a_round, ago, facts

LEFT = Holder(named=True, left=True, gone_on=ago(5))
ENDED = Holder(gone_on=ago(9))
UNDER_WAY = [Stage.RUNNING, Stage.AWAITING_DECISION, Stage.RESEARCH, Stage.SCALING, Stage.IN_PRODUCTION]


@pytest.mark.parametrize(
    ("owner", "sponsor", "said"),
    [
        (NOBODY, HERE, ("No business owner is named.", ago(40), False)),
        (ENDED, HERE, ("No business owner is named.", ago(9), False)),
        (LEFT, HERE, ("The business owner has left.", ago(5), False)),
        (HERE, NOBODY, ("No executive sponsor is named.", ago(40), True)),
        (HERE, ENDED, ("No executive sponsor is named.", ago(9), True)),
        (HERE, LEFT, ("The executive sponsor has left.", ago(5), True)),
        (LEFT, NOBODY, ("The business owner has left. No executive sponsor is named.", ago(5), False)),
        (NOBODY, NOBODY, ("No business owner is named. No executive sponsor is named.", ago(40), False)),
    ],
)
@pytest.mark.parametrize("stage", UNDER_WAY)
def test_who_is_missing(stage, owner, sponsor, said):
    pilot = facts(stage=stage, owner=owner, sponsor=sponsor, undecided=a_round(starts_on=ago(40)))
    finding = RULE.find(pilot, TODAY, 0)
    assert (finding.detail, finding.since, finding.mild) == said


@pytest.mark.parametrize("stage", list(Stage))
def test_both_are_here(stage):
    assert RULE.find(facts(stage=stage, undecided=a_round(starts_on=ago(40))), TODAY, 0) is None


@pytest.mark.parametrize("stage", [Stage.STOPPED, Stage.RETIRED])
def test_what_has_ended_needs_nobody(stage):
    assert RULE.find(facts(stage=stage, owner=LEFT, sponsor=NOBODY), TODAY, 0) is None


@pytest.mark.parametrize(
    ("owner", "sponsor", "detail"),
    [
        (NOBODY, NOBODY, None),  # still looking for its people
        (ENDED, HERE, None),
        (LEFT, NOBODY, "The business owner has left."),
        (HERE, LEFT, "The executive sponsor has left."),
    ],
)
def test_a_draft_is_found_only_when_somebody_named_has_left(owner, sponsor, detail):
    finding = RULE.find(facts(stage=Stage.DRAFT, owner=owner, sponsor=sponsor), TODAY, 0)
    assert (finding and finding.detail) == detail


@pytest.mark.parametrize(("days", "threshold", "fires"), [(5, 5, True), (4, 5, False), (0, 0, True), (-3, 0, True)])
def test_the_threshold_counts_from_the_day_they_went(days, threshold, fires):
    gone = Holder(named=True, left=True, gone_on=ago(days))
    finding = RULE.find(facts(owner=gone), TODAY, threshold)
    assert (finding is not None) == fires


def test_a_part_that_ends_in_the_future_counts_from_today():
    finding = RULE.find(facts(owner=Holder(gone_on=ago(-3))), TODAY, 0)
    assert finding.since == TODAY


@pytest.mark.parametrize("threshold", [0, 30])
def test_where_nothing_says_since_when_it_is_found_at_once(threshold):
    finding = RULE.find(facts(stage=Stage.IN_PRODUCTION, owner=NOBODY), TODAY, threshold)
    assert finding.since is None
    gone = Holder(named=True, left=True)
    assert RULE.find(facts(owner=gone, undecided=a_round()), TODAY, threshold).since is None


@pytest.mark.parametrize(
    ("stage", "holder", "said"),
    [
        (Stage.RUNNING, NOBODY, None),  # a gap of its contract, if of anything
        (Stage.IN_PRODUCTION, NOBODY, None),
        (Stage.SCALING, NOBODY, ("No production owner is named.", None, True)),
        (Stage.SCALING, ENDED, ("No production owner is named.", ago(9), True)),
        (Stage.RUNNING, LEFT, ("The production owner has left.", ago(5), True)),
        (Stage.IN_PRODUCTION, LEFT, ("The production owner has left.", ago(5), True)),
        (Stage.RETIRED, LEFT, None),
    ],
)
def test_the_production_owner(stage, holder, said):
    finding = RULE.find(facts(stage=stage, production_owner=holder), TODAY, 0)
    assert (finding and (finding.detail, finding.since, finding.mild)) == said
