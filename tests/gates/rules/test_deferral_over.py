"""Rule: put off again and again."""

from datetime import timedelta

import pytest

from gates.deferring import defer_decision
from gates.rules.deferral_over import RULE
from gates.rules.facts import DeferralFacts, read_facts
from portfolio.states import Outcome
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.rules.building import TODAY, a_round, ago, facts

OVER = " The last deferral has ended, and nothing is decided."


@pytest.mark.parametrize(
    ("number", "ended", "threshold", "said", "since", "mild"),
    [
        (1, -1, 3, None, None, None),
        (1, 0, 3, f"The decision was put off once.{OVER}", 0, True),
        (2, 12, 3, f"The decision was put off twice.{OVER}", 12, True),
        (3, -20, 3, "The decision was put off 3 times.", 30, False),
        (3, 5, 3, f"The decision was put off 3 times.{OVER}", 30, False),
        (2, -20, 2, "The decision was put off twice.", 30, False),
    ],
)
@pytest.mark.requirement(52, page="/drift/")
def test_when_it_fires(number, ended, threshold, said, since, mild):
    deferral = DeferralFacts(number, since=ago(30), until=ago(ended))
    finding = RULE.find(facts(undecided=a_round(), deferral=deferral), TODAY, threshold)
    assert (finding and finding.detail) == said
    assert finding is None or (finding.since, finding.mild) == (ago(since), mild)


def test_never_put_off():
    assert RULE.find(facts(undecided=a_round()), TODAY, 3) is None


def test_the_facts_hold_the_last_deferral_until_it_is_decided(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    for day, until in ((today, today + timedelta(days=7)), (today + timedelta(days=7), today + timedelta(days=30))):
        defer_decision(
            actor=cast.bob, pilot=pilot, reason="A price.", owner=cast.alice, until=until, today=day, now=now
        )
    [read] = read_facts([pilot.pk])
    assert read.deferral == DeferralFacts(2, today + timedelta(days=7), today + timedelta(days=30))
    decide(cast, pilot, Outcome.STOP, today=today, now=now)
    [read] = read_facts([pilot.pk])
    assert read.deferral is None
