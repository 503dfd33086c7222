"""Rules of the clinic: known why it is stuck and left alone; an intervention past its day."""

import pytest

from gates.rules import intervention_late, stuck_unhelped
from gates.rules.facts import StuckFacts, read_facts
from portfolio.intervening import finish_intervention
from portfolio.states import ENDED_STAGES
from portfolio.stuck import StuckPattern
from tests import building
from tests.gates.clinic.building import diagnosed, started
from tests.gates.rules.building import TODAY, ago, facts

METRICS, WORKFLOW, SPONSOR = StuckPattern.METRICS, StuckPattern.WORKFLOW, StuckPattern.NO_SPONSOR


@pytest.mark.parametrize(
    ("patterns", "helped", "said"),
    [
        ((), (), None),
        ((METRICS,), (), ("It is known why it is stuck, and nothing is under way: metrics unclear.", False)),
        ((METRICS,), (METRICS,), None),
        (
            (WORKFLOW, METRICS),
            (METRICS,),
            ("Several patterns hold it up, and only one gets help. Left alone: workflow unchanged.", True),
        ),
        ((SPONSOR, WORKFLOW, METRICS), (WORKFLOW, METRICS), None),
        # what is under way helps against something that holds no more
        ((METRICS,), (WORKFLOW,), ("It is known why it is stuck, and nothing is under way: metrics unclear.", False)),
    ],
)
def test_left_alone(patterns, helped, said):
    found = stuck_unhelped.RULE.find(facts(stuck=StuckFacts(patterns, ago(7), frozenset(helped))), TODAY, 7)
    assert (found and (found.detail, found.mild)) == said


@pytest.mark.parametrize(("days", "threshold", "fires"), [(7, 7, True), (6, 7, False), (0, 0, True)])
def test_left_alone_from_the_day_of_the_look(days, threshold, fires):
    found = stuck_unhelped.RULE.find(facts(stuck=StuckFacts((METRICS,), ago(days))), TODAY, threshold)
    assert (found and found.since) == (ago(days) if fires else None)


@pytest.mark.parametrize(("days", "threshold", "fires"), [(3, 3, True), (2, 3, False), (1, 0, True), (0, 0, False)])
def test_an_intervention_past_its_day(days, threshold, fires):
    stuck = StuckFacts((METRICS,), ago(30), frozenset([METRICS]), "Ask finance.", ago(days))
    found = intervention_late.RULE.find(facts(stuck=stuck), TODAY, threshold)
    assert (found and (found.detail, found.since)) == (
        ("An intervention is past its day: “Ask finance.”", ago(days)) if fires else None
    )


@pytest.mark.parametrize("rule", [stuck_unhelped.RULE, intervention_late.RULE])
@pytest.mark.parametrize("stage", ENDED_STAGES)
def test_what_has_ended_waits_for_nobody(rule, stage):
    stuck = StuckFacts((METRICS,), ago(30), frozenset(), "Ask finance.", ago(9))
    assert rule.find(facts(stage=stage, stuck=stuck), TODAY, 1) is None
    assert rule.find(facts(stuck=stuck), TODAY, 1) is not None


@pytest.mark.parametrize("rule", [stuck_unhelped.RULE, intervention_late.RULE])
def test_nobody_has_looked(rule):
    assert rule.find(facts(), TODAY, 1) is None


def test_a_long_intervention_is_told_in_short():
    stuck = StuckFacts((METRICS,), ago(30), frozenset(), "x" * 200, ago(9))
    assert intervention_late.RULE.find(facts(stuck=stuck), TODAY, 1).detail.endswith(f"“{'x' * 120}…”")


def test_the_facts_are_read(cast, today, now):
    pilot = building.running(cast, today=today, now=now)
    [plain] = read_facts([pilot.pk])
    assert plain.stuck is None
    diagnosed(cast, pilot, METRICS, WORKFLOW, now=now)
    later = started(cast, pilot, WORKFLOW, today=today, now=now, due=9, text="Later.")
    first = started(cast, pilot, METRICS, today=today, now=now, due=5)
    [read] = read_facts([pilot.pk])
    assert read.stuck == StuckFacts(
        (WORKFLOW, METRICS), today, frozenset([METRICS, WORKFLOW]), "Ask finance.", first.due
    )
    finish_intervention(actor=cast.alice, intervention=first, outcome="So.", now=now)
    [read] = read_facts([pilot.pk])
    assert (read.stuck.helped, read.stuck.action, read.stuck.due) == (frozenset([WORKFLOW]), "Later.", later.due)
