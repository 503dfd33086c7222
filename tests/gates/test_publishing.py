"""Publishing a draft: what stands in the way, what it does to rounds, and that it is for good."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates.drafting_sets import add_criterion, change_gate, retire_criterion
from gates.models import Criterion, GateSet, RoundGateSet
from gates.publishing import publish_draft, publishing_obstacles
from gates.queries import gate_set_of, newest_set
from portfolio.starting import start_round
from tests import building
from tests.gates.drafting_for import FACTS, draft_of, gate_of, one_of, published, reworded, slugs
from tests.gates.reviewing_for import settled


@pytest.fixture
def draft(cast, gate_set, now) -> GateSet:
    return draft_of(cast, now=now)


def codes(obstacles) -> list[str]:
    return [obstacle.code for obstacle in obstacles]


class TestPublishing:
    def test_rounds_that_start_later_go_by_it(self, cast, gate_set, draft, today, now):
        earlier = building.running(cast, today=today, now=now)
        waiting = building.proposed(cast, today=today, now=now)
        reworded(cast, draft, "data-owner", now=now)
        published(cast, draft, now=now)
        start_round(
            actor=cast.alice, pilot=waiting, starts_on=today, planned_end=today + timedelta(days=60),
            decision_due=today + timedelta(days=70), now=now,
        )  # fmt: skip
        assert newest_set() == draft
        assert gate_set_of(earlier.open_round()) == gate_set
        assert gate_set_of(waiting.open_round()) == draft
        assert gate_set_of(None) == draft

    def test_each_round_that_has_begun_is_held_once(self, cast, gate_set, draft, today, now):
        running = building.running(cast, today=today, now=now)
        building.proposed(cast, today=today, now=now)
        reworded(cast, draft, "data-owner", now=now)
        published(cast, draft, now=now)
        third = draft_of(cast, now=now)
        reworded(cast, third, "data-owner", now=now, statement="A third wording.")
        published(cast, third, now=now)
        held = RoundGateSet.objects.values_list("round", "gate_set", "by")
        assert list(held) == [(running.open_round().pk, gate_set.pk, None)]

    def test_it_is_told_with_its_reason(self, cast, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        published(cast, draft, now=now, reason="  Asks for more.  ")
        event = Event.objects.filter(kind="gates.set.published").latest("sequence")
        assert event.actor == cast.administrator.ref
        assert event.data == {"version": 2, "reason": "Asks for more.", "rounds_held": 0}

    def test_what_is_published_is_what_was_seen(self, cast, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        with pytest.raises(StaleError) as stale:
            publish_draft(actor=cast.administrator, draft=draft, title="T", reason="R", seen=draft.revision, now=now)
        assert (stale.value.seen, stale.value.current) == (1, 2)
        draft.refresh_from_db()
        assert draft.is_draft


class TestObstacles:
    def test_a_copy_without_a_change_is_not_published(self, draft):
        assert codes(publishing_obstacles(draft)) == ["nothing_changed"]

    def test_every_obstacle_is_listed_with_where_it_is_cleared(self, cast, draft, now):
        for slug in slugs(draft, 1):
            retire_criterion(actor=cast.administrator, criterion=one_of(draft, slug), now=now)
        change_gate(actor=cast.administrator, gate=gate_of(draft), seen=None, now=now, lead_function="hr")
        for slug in slugs(draft, 3):
            reworded(cast, draft, slug, now=now, mandatory_from="high")
        obstacles = publishing_obstacles(draft)
        assert [(one.code, one.url) for one in obstacles] == [
            ("no_criterion", "/settings/gate-sets/2/gates/business-ownership/"),
            ("lead_without_criterion", "/settings/gate-sets/2/gates/production-data/"),
            ("nothing_required", "/settings/gate-sets/2/gates/workflow-integration/"),
        ]
        with pytest.raises(RefusedError) as refused:
            published(cast, draft, now=now, reason=" ")
        assert codes(refused.value.obstacles) == [*codes(obstacles), "reason"]


@pytest.mark.requirement(25, page="/settings/gate-sets/")
class TestImmutable:
    """A published set, and the rows that say by which set a round goes, change no more; drafts do."""

    ATTACKS = (
        "UPDATE gates_gateset SET title = 'x' WHERE version = 1",
        "UPDATE gates_gateset SET published_at = NULL WHERE version = 1",
        "DELETE FROM gates_gateset WHERE version = 1",
        "UPDATE gates_gate SET question = 'x' WHERE gate_set_id = {published}",
        "DELETE FROM gates_gate WHERE gate_set_id = {published}",
        "UPDATE gates_gate SET gate_set_id = {published}, slug = 'x' WHERE id = {draft_gate}",
        "UPDATE gates_criterion SET statement = 'x' WHERE id = {criterion}",
        "DELETE FROM gates_criterion WHERE id = {criterion}",
        "UPDATE gates_criterion SET gate_id = {published_gate}, number = 99 WHERE id = {drafted}",
        "UPDATE gates_criterion SET gate_id = {draft_gate}, number = 98, slug = 'x' WHERE id = {criterion}",
        "TRUNCATE gates_criterion CASCADE",
        "TRUNCATE gates_gate CASCADE",
        "TRUNCATE gates_gateset CASCADE",
        "UPDATE gates_roundgateset SET gate_set_id = {draft}",
        "DELETE FROM gates_roundgateset",
        "TRUNCATE gates_roundgateset",
        "UPDATE gates_precedent SET text = 'x'",
        "DELETE FROM gates_precedent",
        "TRUNCATE gates_precedent CASCADE",
    )

    @pytest.fixture
    def places(self, cast, gate_set, draft, today, now) -> dict[str, int]:
        settled(cast, building.running(cast, today=today, now=now), today=today, now=now)
        reworded(cast, draft, "data-owner", now=now)
        published(cast, draft, now=now)
        third = draft_of(cast, now=now)
        return {
            "published": gate_set.pk,
            "published_gate": gate_of(gate_set).pk,
            "criterion": one_of(gate_set, "data-owner").pk,
            "draft": third.pk,
            "draft_gate": gate_of(third).pk,
            "drafted": add_criterion(actor=cast.administrator, gate=gate_of(third), now=now, **FACTS).pk,
        }

    def test_every_attack_is_refused(self, places):
        let_through = []
        for attack in self.ATTACKS:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(attack.format(**places))
                    let_through.append(attack)
                    transaction.set_rollback(True)
            except Error:
                continue
        assert let_through == []

    def test_the_same_is_let_through_without_the_triggers(self, places):
        """The control: it is the triggers that refuse, not the spelling of the attacks."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("gateset", "gate", "criterion", "roundgateset", "precedent"):
                cursor.execute(f"ALTER TABLE gates_{table} DISABLE TRIGGER USER")
            changed = {}
            for attack in self.ATTACKS:
                other_laws = "published_at" in attack or "gates_gate SET gate_set" in attack  # one draft, six gates
                if attack.startswith("UPDATE") and not other_laws:
                    cursor.execute(attack.format(**places))
                    changed[attack] = cursor.rowcount
            transaction.set_rollback(True)
        assert [attack for attack, rows in changed.items() if not rows] == []

    def test_a_draft_changes_freely(self, cast, gate_set, draft, now):
        reworded(cast, draft, "data-owner", now=now)
        assert Criterion.objects.filter(slug="data-owner", statement="It says something else now.").count() == 1
