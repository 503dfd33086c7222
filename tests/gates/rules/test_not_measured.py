"""Rule: not measured."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gates.rules.facts import read_facts
from gates.rules.not_measured import RULE
from portfolio.amending import amend_criterion, withdraw_criterion
from portfolio.measuring import withdraw_measurement
from portfolio.states import Direction
from tests.gates.rules.building import TODAY, a_round, ago, facts
from tests.portfolio.measures.building import measure, measured_pilot


@pytest.mark.requirement(15, page="/drift/")
@pytest.mark.parametrize(
    ("days_late", "threshold", "fires"),
    [(-1, 1, False), (0, 1, False), (1, 1, True), (6, 7, False), (7, 7, True), (0, 0, False)],
)
@pytest.mark.parametrize("lacking", ["unmeasured", "unbased"])
def test_when_it_fires(days_late, threshold, fires, lacking):
    undecided = a_round(**{lacking: (ago(days_late),)})
    finding = RULE.find(facts(undecided=undecided), TODAY, threshold)
    assert (finding is not None) == fires
    if finding:
        assert (finding.since, finding.mild) == (ago(days_late), lacking == "unbased")


@pytest.mark.parametrize(
    ("unmeasured", "unbased", "detail", "since"),
    [
        ((ago(9),), (), "Of round 2, one success criterion has no measurement, and the day for it has passed.", ago(9)),
        (
            (),
            (ago(3), ago(2)),
            "Of round 2, 2 success criteria have no baseline, and the day for it has passed.",
            ago(3),
        ),
    ],
)
def test_what_it_says(unmeasured, unbased, detail, since):
    finding = RULE.find(facts(undecided=a_round(unmeasured=unmeasured, unbased=unbased)), TODAY, 1)
    assert (finding.detail, finding.since) == (detail, since)


def test_what_has_no_value_weighs_more_than_what_has_no_baseline():
    undecided = a_round(unmeasured=(ago(9), ago(4), ago(-9)), unbased=(ago(30),))
    finding = RULE.find(facts(undecided=undecided), TODAY, 1)
    assert finding.detail == (
        "Of round 2, 2 success criteria have no measurement and one success criterion has no baseline,"
        " and the day for it has passed."
    )
    assert (finding.since, finding.mild) == (ago(9), False)


def test_it_is_silent_where_all_is_measured_and_where_nothing_is_under_way():
    assert RULE.find(facts(undecided=a_round()), TODAY, 1) is None
    assert RULE.find(facts(undecided=None), TODAY, 1) is None


class TestFacts:
    """The facts behind it: what is not measured, as amendments have made it."""

    BY = TODAY - timedelta(days=5)

    @pytest.fixture
    def pilot(self, cast, today, now):
        terms = {"unit": "", "direction": Direction.LOWER, "kind": "business", "target": Decimal(30)}
        return measured_pilot(
            cast,
            {"metric": "With a day", "baseline": Decimal(55), "measured_by": self.BY, **terms},
            {"metric": "Without a day or baseline", **terms},
            today=today, now=now, due=30,
        )  # fmt: skip

    def undecided(self, pilot):
        [found] = read_facts([pilot.pk])
        return found.undecided

    def test_what_has_no_value_is_due_by_its_day_or_with_the_end_of_the_work(self, pilot, today):
        found = self.undecided(pilot)
        assert found.unmeasured == (self.BY, today + timedelta(days=20))
        assert (found.unbased, found.measured_on) == ((), None)

    def test_a_value_is_a_sign_of_life_and_leaves_the_missing_baseline(self, cast, pilot, today, now):
        measure(cast, pilot, 41, ago=3, number=1, today=today, now=now)
        row = measure(cast, pilot, 41, ago=3, number=2, today=today, now=now)
        found = self.undecided(pilot)
        assert (found.unmeasured, found.unbased, found.measured_on) == ((), (today + timedelta(days=20),), today)
        withdraw_measurement(actor=cast.alice, measurement=row, reason="Another team's figure.", now=now)
        found = self.undecided(pilot)
        assert (found.unmeasured, found.unbased) == ((today + timedelta(days=20),), ())

    def test_amendments_count(self, cast, pilot, today, now):
        grounds = {"actor": cast.alice, "pilot": pilot, "approver": cast.sponsor, "reason": "Late data.", "now": now}
        measure(cast, pilot, 41, ago=3, number=2, today=today, now=now)
        amend_criterion(number=1, seen=0, measured_by=today + timedelta(days=7), **grounds)
        amend_criterion(number=2, seen=0, baseline=Decimal(60), **grounds)
        found = self.undecided(pilot)
        assert (found.unmeasured, found.unbased) == ((today + timedelta(days=7),), ())
        amend_criterion(number=1, seen=1, measured_by=None, **grounds)
        assert self.undecided(pilot).unmeasured == (today + timedelta(days=20),)
        withdraw_criterion(number=1, seen=3, **grounds)
        assert self.undecided(pilot).unmeasured == ()
