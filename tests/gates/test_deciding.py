"""Recording a decision."""

from datetime import timedelta

import pytest

from accounts.obstacles import RefusedError
from gates.deciding import Terms, record_decision
from gates.models import Decision
from portfolio.models import Round, Standing
from portfolio.states import Outcome, RoundState, Stage
from tests import building

STOP = Terms(stop_reason="users_do_not_need_it", learnings="The team sorts letters faster by hand.")


@pytest.mark.requirement(49, page="/decisions/D-2026-001/")
def test_a_stop_closes_the_round_and_its_clock(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now, due=-40)
    assert Standing.objects.get(pilot=pilot).undecided_since == today - timedelta(days=40)

    decision = record_decision(
        actor=cast.bob, pilot=pilot, outcome=Outcome.STOP, rationale="Too few letters.", terms=STOP, seen=None,
        today=today, now=now,
    )  # fmt: skip

    pilot.refresh_from_db()
    assert decision.number == "D-2026-001"
    assert pilot.stage == Stage.STOPPED
    assert Round.objects.get(pilot=pilot).state == RoundState.DECIDED
    standing = Standing.objects.get(pilot=pilot)
    assert (standing.undecided_since, standing.last_outcome) == (None, Outcome.STOP)


@pytest.mark.parametrize("who", ["alice", "carol", "manager", "administrator", "auditor", "viewer", "charlie"])
def test_only_the_chair_records(cast, today, now, who):
    pilot = building.awaiting(cast, today=today, now=now)
    with pytest.raises(RefusedError) as refused:
        record_decision(
            actor=getattr(cast, who), pilot=pilot, outcome=Outcome.STOP, rationale="Why.", terms=STOP, seen=None,
            today=today, now=now,
        )  # fmt: skip
    assert "not_chair" in {obstacle.code for obstacle in refused.value.obstacles}
    assert not Decision.objects.exists()
