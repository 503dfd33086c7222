"""Rule: the same blocker three updates in a row."""

import pytest

from gates.rules.blocker_repeats import RULE
from gates.rules.facts import BlockerFacts, read_facts
from portfolio.states import Stage
from tests import building
from tests.gates.rules.building import TODAY, a_round, ago, facts


@pytest.mark.parametrize(
    ("times", "threshold", "stage", "fires"),
    [(1, 3, Stage.RUNNING, False), (2, 3, Stage.RUNNING, False), (3, 3, Stage.RUNNING, True),
     (4, 3, Stage.AWAITING_DECISION, True), (3, 4, Stage.RUNNING, False), (3, 3, Stage.SCALING, True),
     (3, 3, Stage.IN_PRODUCTION, True), (3, 3, Stage.DRAFT, True), (9, 3, Stage.STOPPED, False),
     (9, 3, Stage.RETIRED, False), (0, 0, Stage.RUNNING, False)],
)  # fmt: skip
@pytest.mark.requirement(47, page="/drift/")
def test_when_it_fires(times, threshold, stage, fires):
    finding = RULE.find(facts(stage=stage, blocker=BlockerFacts("No access.", times, ago(60))), TODAY, threshold)
    assert (finding is not None) == fires
    assert finding is None or (finding.since, finding.mild) == (ago(60), False)


def test_it_names_the_blocker_and_cuts_what_is_too_long_for_a_flag():
    said = RULE.find(facts(blocker=BlockerFacts("No access to data.", 4, ago(9))), TODAY, 3).detail
    assert said == "“No access to data.” has blocked 4 updates in a row."
    assert len(RULE.find(facts(blocker=BlockerFacts("x" * 4000, 3, ago(9))), TODAY, 3).detail) < 300


def test_without_a_blocker_there_is_nothing_to_find():
    assert RULE.find(facts(undecided=a_round()), TODAY, 3) is None


def test_the_facts_hold_the_open_blocker_that_was_reported_most(cast, today, now):
    pilot = building.running(cast, today=today, now=now)
    first = building.report(cast, pilot, now=now, blocks="Budget open.\nNo access.")
    budget = first.reports.get(blocker__text="Budget open.").blocker
    building.report(cast, pilot, now=now, blocks="Vendor silent.", cleared=[budget.pk])
    [read] = read_facts([pilot.pk])
    assert read.blocker == BlockerFacts("No access.", 2, today)
