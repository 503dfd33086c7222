"""After the start what was agreed changes by amendments only, each with a reason and an approver."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Mail
from accounts.obstacles import RefusedError, StaleError
from accounts.states import MailKind
from portfolio.agreement import agreed_contracts
from portfolio.amending import add_by_amendment, amend_contract, amend_criterion, withdraw_criterion
from portfolio.contracting import add_criterion, fill_in
from portfolio.criteria import agreed_criteria
from portfolio.models import Amendment, Contract, Round, SuccessCriterion
from portfolio.starting import start_round
from tests import building

WHY = "The first month showed that most letters are longer than we thought."


@pytest.fixture
def pilot(cast, today, now):
    """Alice's pilot, started yesterday with one criterion and one answer."""
    pilot = building.proposed(cast, today=today, now=now)
    fill_in(actor=cast.alice, pilot=pilot, seen=0, now=now, adopting_team="Claims desk Lille, 14 people")
    add_criterion(
        actor=cast.alice, pilot=pilot, now=now,
        metric="Handling time", unit="minutes", kind="business", direction="lower",
        baseline=Decimal(55), baseline_on=today - timedelta(days=20), target=Decimal(30),
    )  # fmt: skip
    start_round(
        actor=cast.alice, pilot=pilot, starts_on=today - timedelta(days=1), planned_end=today + timedelta(days=80),
        decision_due=today + timedelta(days=90), now=now,
    )  # fmt: skip
    return pilot


def amend(cast, pilot, now, **changes):
    return amend_criterion(
        **{
            "actor": cast.alice, "pilot": pilot, "number": 1, "approver": cast.sponsor, "reason": WHY, "seen": 0,
            "now": now, "target": Decimal("35.5"), **changes,
        }
    )  # fmt: skip


def only(pilot):
    (criterion,) = agreed_criteria([pilot.open_round().pk])[pilot.open_round().pk]
    return criterion


@pytest.mark.requirement(12, page="/pilots/P-0001/contract/")
def test_an_amendment_stands_beside_the_original(cast, pilot, now):
    cast.sponsor.set_password("a-long-enough-password")
    cast.sponsor.save()
    amendment = amend(cast, pilot, now)
    mail = Mail.objects.get(kind=MailKind.NOTICE)
    assert (mail.recipient, mail.subject) == (cast.sponsor, "P-0001: an amendment in your name")
    assert "Alice amended what was agreed" in mail.text
    assert "* Handling time\n* Why: The first month" in mail.text
    criterion = only(pilot)
    assert (criterion.original.target, criterion.now.target) == (Decimal(30), Decimal("35.5"))
    assert criterion.amendments == (amendment,)
    assert (amendment.number, amendment.reason, amendment.approver, amendment.made_by) == (
        1, WHY, cast.sponsor, cast.alice,
    )  # fmt: skip
    assert amendment.changes == {"target": {"old": "30", "new": "35.5"}}


def test_amendments_of_a_round_are_numbered_together_and_fold_in_their_order(cast, pilot, now):
    amend(cast, pilot, now)
    amend_contract(
        actor=cast.alice, pilot=pilot, approver=cast.bob, reason=WHY, seen=0, now=now, owner_then="Head of claims"
    )
    amend(cast, pilot, now, target=Decimal(33), seen=1)
    assert [one.number for one in only(pilot).amendments] == [1, 3]
    assert only(pilot).now.target == Decimal(33)
    key = pilot.open_round().pk
    contract = agreed_contracts([key])[key]
    assert (contract.original.owner_then, contract.now["owner_then"]) == ("", "Head of claims")
    assert [one.number for one in contract.amended["owner_then"]] == [2]
    assert contract.now["adopting_team"] == "Claims desk Lille, 14 people"


def test_a_criterion_added_after_the_start_says_so(cast, pilot, now):
    added = add_by_amendment(
        actor=cast.alice, pilot=pilot, approver=cast.manager, reason=WHY, now=now, metric="Complaints", unit="per week",
        direction="lower",
    )  # fmt: skip
    first, second = agreed_criteria([added.round_id])[added.round_id]
    assert (first.added, second.added, second.number, second.now.metric) == (False, True, 2, "Complaints")


def test_a_withdrawn_criterion_stays_on_record_and_is_not_amended_again(cast, pilot, now):
    withdraw_criterion(actor=cast.alice, pilot=pilot, number=1, approver=cast.sponsor, reason=WHY, seen=0, now=now)
    assert only(pilot).withdrawn
    with pytest.raises(RefusedError) as refused:
        amend(cast, pilot, now, seen=1)
    assert [one.code for one in refused.value.obstacles] == ["withdrawn"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"reason": "  "}, ["reason"]),
        ({"approver": "alice"}, ["approver"]),
        ({"approver": "charlie"}, ["approver"]),
        ({"approver": "auditor", "reason": ""}, ["reason", "approver"]),
        ({"target": Decimal("30.0000")}, ["nothing_changed"]),
    ],
)
def test_what_no_amendment_is_made_of(cast, pilot, now, changes, codes):
    if "approver" in changes:
        changes = changes | {"approver": getattr(cast, changes["approver"])}
    with pytest.raises(RefusedError) as refused:
        amend(cast, pilot, now, **changes)
    assert [one.code for one in refused.value.obstacles] == codes
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("approver", ["sponsor", "bob", "manager"])
def test_sponsor_chair_and_manager_approve_what_the_owner_amends(cast, pilot, now, approver):
    assert amend(cast, pilot, now, approver=getattr(cast, approver)).number == 1


def test_who_has_not_seen_the_last_amendment_gets_both_texts(cast, pilot, now):
    amend(cast, pilot, now)
    with pytest.raises(StaleError) as stale:
        amend(cast, pilot, now, target=Decimal(20))
    assert (stale.value.seen, stale.value.current) == (0, 1)


def test_a_draft_is_changed_itself(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    with pytest.raises(RefusedError) as refused:
        amend_contract(
            actor=cast.alice, pilot=pilot, approver=cast.sponsor, reason=WHY, seen=0, now=now, owner_then="Ada"
        )
    assert [one.code for one in refused.value.obstacles] == ["not_started"]


class TestAttacks:
    """What raw SQL may not do to what was agreed."""

    CONTRACT = "UPDATE portfolio_contract SET adopting_team = 'Nobody'"

    SLIPPED_IN = """
        INSERT INTO portfolio_successcriterion
            (round_id, number, metric, unit, kind, direction, method, source, version)
        SELECT id, 9, 'Easy', '', 'activity', 'higher', '', '', 1 FROM portfolio_round
    """

    @pytest.mark.parametrize(
        "attack",
        [
            CONTRACT,
            "UPDATE portfolio_contract SET frozen_on = NULL",
            "DELETE FROM portfolio_contract",
            "TRUNCATE portfolio_contract",
            "UPDATE portfolio_successcriterion SET target = 54",
            "DELETE FROM portfolio_successcriterion",
            "TRUNCATE portfolio_successcriterion CASCADE",
            SLIPPED_IN,
            "UPDATE portfolio_amendment SET reason = 'another'",
            "DELETE FROM portfolio_amendment",
            "TRUNCATE portfolio_amendment",
        ],
    )
    @pytest.mark.requirement(12, page="/pilots/P-0001/contract/")
    def test_is_refused(self, cast, pilot, now, attack):
        amend(cast, pilot, now)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come refuses TRUNCATE anyway
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)

    @pytest.mark.parametrize("attack", [CONTRACT, "UPDATE portfolio_successcriterion SET target = 54"])
    def test_is_refused_to_who_turns_the_round_back_into_a_draft(self, pilot, attack):
        Round.objects.update(state="draft")
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)

    def test_a_contract_is_not_slipped_under_a_round_that_runs(self, cast, today, now):
        running = building.running(cast, today=today, now=now)
        other = Round.objects.create(pilot=running, number=2, state="past")
        with pytest.raises(DatabaseError, match="has started without"), transaction.atomic():
            Contract.objects.create(round=other)

    def test_a_draft_takes_the_same_statements(self, cast, today, now):
        """The control: it is the start that freezes."""
        draft = building.proposed(cast, today=today, now=now)
        fill_in(actor=cast.alice, pilot=draft, seen=0, now=now, adopting_team="Lille")
        add_criterion(actor=cast.alice, pilot=draft, now=now, metric="Time")
        with connection.cursor() as cursor:
            cursor.execute(self.CONTRACT)
            cursor.execute("UPDATE portfolio_successcriterion SET target = 54")
        assert Contract.objects.get().adopting_team == "Nobody"
        assert SuccessCriterion.objects.get().target == 54
