"""Standing: kept in the transaction of what changed it, equal to what a rebuild would make."""

import pytest
from django.core.management import call_command

from gates.deciding import record_decision
from gates.models import Criterion, Gate
from gates.reviewing import assess_criterion, conclude_review, open_review
from gates.states import Finding, mandatory
from portfolio.assigning import assign_part, end_part
from portfolio.models import Standing
from portfolio.states import LampState, Outcome, Part
from tests import building
from tests.gates.deciding_for import terms_of


def rows() -> list[dict]:
    return list(Standing.objects.order_by("pilot").values())


@pytest.fixture
def busy_portfolio(cast, gate_set, today, now):
    """Pilots in every state that touches a standing."""
    building.proposed(cast, today=today, now=now)
    running = building.running(cast, today=today, now=now)
    building.report(cast, running, now=now)
    end_part(actor=cast.alice, pilot=running, part=Part.EXECUTIVE_SPONSOR, until=today, now=now)
    assign_part(actor=cast.alice, pilot=running, person=cast.carol, part=Part.EXECUTIVE_SPONSOR, since=today, now=now)
    concluded = building.awaiting(cast, today=today, now=now, due=-90, started=200)
    review = open_review(actor=cast.reviewer, pilot=concluded, gate_slug="production-data", now=now)
    for criterion in Criterion.objects.filter(gate=review.gate):
        if mandatory(criterion.mandatory_from, concluded.risk_class):
            assess_criterion(
                actor=cast.reviewer, review=review, criterion=criterion, finding=Finding.MET, comment="", seen=None,
                today=today, now=now,
            )  # fmt: skip
    conclude_review(
        actor=cast.reviewer, review=review, state=LampState.PASSED, conclusion="", seen=None, today=today, now=now
    )
    redesigned = building.awaiting(cast, today=today, now=now)
    record_decision(
        actor=cast.bob, pilot=redesigned, outcome=Outcome.REDESIGN, rationale="Other users.", seen=None, today=today,
        now=now, terms=terms_of(Outcome.REDESIGN, today),
    )  # fmt: skip


def test_rebuilt_equals_kept(busy_portfolio):
    kept = rows()
    with pytest.raises(SystemExit) as ended:
        Standing.objects.update(open_flags=9, lamps=[LampState.PASSED] * 6, undecided_since=None, last_outcome="stop")
        call_command("rebuild_standings", verbosity=0)
    assert ended.value.code == 1
    assert rows() == kept
    call_command("rebuild_standings", verbosity=0)  # nothing differs any more: exit status 0


def test_a_concluded_gate_lights_its_lamp(busy_portfolio):
    lamps = [row["lamps"] for row in rows()]
    second = [LampState.NOT_STARTED, LampState.PASSED, *[LampState.NOT_STARTED] * 4]
    assert lamps.count(second) == 1


def test_lamps_go_out_when_the_next_round_opens(cast, gate_set, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    gate = Gate.objects.get(number=1)
    open_review(actor=cast.reviewer, pilot=pilot, gate_slug=gate.slug, now=now)
    assert Standing.objects.get(pilot=pilot).lamps[0] == LampState.IN_REVIEW
    record_decision(
        actor=cast.bob, pilot=pilot, outcome=Outcome.REDESIGN, rationale="Other users.", seen=None, today=today,
        now=now, terms=terms_of(Outcome.REDESIGN, today),
    )  # fmt: skip
    assert Standing.objects.get(pilot=pilot).lamps[0] == LampState.NOT_STARTED


def test_it_takes_three_statements_whatever_the_number_of_pilots(busy_portfolio, django_assert_num_queries):
    with django_assert_num_queries(5):  # savepoint, what the gaps follow from, facts, judgements, release
        call_command("rebuild_standings", verbosity=0)
