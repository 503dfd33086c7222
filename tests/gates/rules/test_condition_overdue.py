"""Rule: condition overdue."""

from datetime import timedelta

import pytest

from gates.conditioning import ConditionTerms, accept_condition, meet_condition, waive_condition
from gates.models import Condition
from gates.rules.condition_overdue import RULE
from gates.rules.facts import ConditionFacts, read_facts
from portfolio.states import Outcome, Stage
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.rules.building import TODAY, ago, facts


@pytest.mark.parametrize(
    ("days", "threshold", "decision", "awaits", "said"),
    [
        (0, 1, "D-2026-001", False, None),
        (1, 1, "D-2026-001", False, "A condition of decision D-2026-001 is not met: Train all."),
        (1, 1, "", False, "A condition of a gate is not met: Train all."),
        (9, 10, "D-2026-001", False, None),
        (10, 10, "D-2026-001", True,
         "A condition of decision D-2026-001 is said to be met and not accepted: Train all."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stage", [Stage.SCALING, Stage.STOPPED])
def test_when_it_fires(days, threshold, decision, awaits, said, stage):
    finding = RULE.find(
        facts(stage=stage, condition=ConditionFacts("Train all.", ago(days), decision, awaits)), TODAY, threshold
    )
    assert (finding and finding.detail) == said
    assert finding is None or (finding.since, finding.mild) == (ago(days), not decision)


def test_nothing_is_open_and_a_long_text_is_cut():
    assert RULE.find(facts(), TODAY, 1) is None
    assert len(RULE.find(facts(condition=ConditionFacts("x" * 900, ago(2))), TODAY, 1).detail) < 300


def test_the_facts_hold_the_condition_due_first_until_the_chair_accepts_or_waives_it(cast, gate_set, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    first, second = (
        ConditionTerms(text, cast.alice, today + timedelta(days=days)) for text, days in (("Early.", 9), ("Late.", 20))
    )
    decision = decide(cast, pilot, Outcome.STOP, today=today, now=now, conditions=[second, first])

    def read():
        return next(iter(read_facts([pilot.pk]))).condition

    assert read() == ConditionFacts("Early.", first.due, decision.number)
    early, late = Condition.objects.order_by("due")
    meet_condition(actor=cast.alice, condition=early, proof="The log.", seen=None, now=now)
    assert read() == ConditionFacts("Early.", first.due, decision.number, awaits_chair=True)
    accept_condition(actor=cast.bob, condition=early, seen=None, now=now)
    assert read() == ConditionFacts("Late.", second.due, decision.number)
    waive_condition(actor=cast.bob, condition=late, reason="No more.", seen=None, today=today, now=now)
    assert read() is None
