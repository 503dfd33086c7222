"""Rule: decided on other facts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gates.models import Decision, DecisionBasis
from gates.rules.basis_changed import RULE
from gates.rules.facts import DecidedFacts, read_facts
from portfolio.proposing import edit_pilot
from portfolio.states import Outcome, RiskClass, Stage
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.rules.building import TODAY, ago, facts


def found(*, stage=Stage.SCALING, risk=RiskClass.LIMITED, cost="1000", threshold=25, **decided):
    then = {"risk_then": RiskClass.LIMITED, "cost_then": Decimal(1000), **decided}
    pilot = facts(
        stage=stage, risk_class=risk, monthly_cost=cost and Decimal(cost),
        decided=DecidedFacts(decided_on=ago(90), **then),
    )  # fmt: skip
    finding = RULE.find(pilot, TODAY, threshold)
    return finding and finding.detail


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"owner_left": True}, "Who owned it when it was decided has left."),
        ({"sponsor_left": True}, "Who sponsored it when it was decided has left."),
        ({"risk": RiskClass.HIGH}, "Its risk class was limited and is high."),
        ({"cost": "1250"}, None),  # 25 % is not beyond 25 %
        ({"cost": "1250.01"}, "Its running cost has risen by 25 %."),
        ({"cost": "1100", "threshold": 10}, None),
        ({"cost": "1111", "threshold": 10}, "Its running cost has risen by 11 %."),
        ({"cost": "10"}, None),
        ({"cost": None}, None),
        ({"cost_then": None}, None),
        ({"risk": RiskClass.HIGH, "risk_then": ""}, None),  # nobody wrote down what it stood on
        (
            {"owner_left": True, "risk": RiskClass.LOW},
            "Who owned it when it was decided has left. Its risk class was limited and is low.",
        ),
    ],
)
@pytest.mark.parametrize("stage", [Stage.SCALING, Stage.RESEARCH])
def test_what_has_changed(stage, changes, said):
    assert found(stage=stage, **changes) == said


def test_in_production_people_come_and_go():
    assert found(stage=Stage.IN_PRODUCTION, owner_left=True, sponsor_left=True) is None
    assert found(stage=Stage.IN_PRODUCTION, cost="2000") == "Its running cost has risen by 100 %."


def test_nothing_was_decided():
    assert RULE.find(facts(stage=Stage.SCALING), TODAY, 25) is None


@pytest.mark.requirement(75, page="/drift/")
def test_a_decision_writes_down_what_it_stands_on(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    decide(cast, pilot, Outcome.SCALE, today=today, now=now)
    basis = DecisionBasis.objects.get(decision=Decision.objects.get())
    assert (basis.owner, basis.sponsor) == (cast.alice, cast.sponsor)
    assert (basis.risk_class, basis.monthly_cost) == (RiskClass.LIMITED, Decimal(1200))
    [read] = read_facts([pilot.pk])
    assert RULE.find(read, today, 25) is None

    cast.alice.is_active, cast.alice.left_on = False, today
    cast.alice.save()
    pilot.refresh_from_db()
    edit_pilot(actor=None, pilot=pilot, seen=None, now=now + timedelta(days=1), monthly_cost=Decimal(1600))
    [read] = read_facts([pilot.pk])
    assert RULE.find(read, today, 25).detail == (
        "Who owned it when it was decided has left. Its running cost has risen by 33 %."
    )
