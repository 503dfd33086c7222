"""Verifying: what was altered is found, wherever it was altered."""

import random
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.organising import add_unit
from audit.models import Event, Head
from audit.sealing import seal
from audit.triggers import append_only_models, enable_always
from audit.verifying import verify


@pytest.fixture
def trail(db, now) -> int:
    """Write a trail of thirty events."""
    for number in range(30):
        add_unit(actor=None, name=f"Unit {number}", now=now)
    return 30


class Tampering:
    """SQL by somebody who owns the tables: triggers off, change, triggers on."""

    def __call__(self, sql: str, *arguments: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
            cursor.execute(sql, arguments)
            cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")


@pytest.fixture
def tamper() -> Tampering:
    return Tampering()


def test_an_untouched_trail_verifies(trail):
    assert list(verify()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET actor = 'user:1' WHERE sequence = 7",
        "UPDATE audit_event SET at = at + interval '1 day' WHERE sequence = 7",
        "UPDATE audit_event SET kind = 'accounts.unit.changed' WHERE sequence = 7",
        "UPDATE audit_event SET scope = 'pilot:1' WHERE sequence = 7",
        "UPDATE audit_event SET hash = previous_hash WHERE sequence = 7",
        "UPDATE audit_event SET canonical = canonical || '\\x20' WHERE sequence = 7",
        "DELETE FROM audit_event WHERE sequence = 7",
        "DELETE FROM audit_event WHERE sequence = 1",
        "DELETE FROM audit_event WHERE sequence > 25",
        "DELETE FROM audit_event",
        (
            "INSERT INTO audit_event SELECT 31, at, actor, kind, subject, scope, canonical, previous_hash, hash"
            " FROM audit_event WHERE sequence = 30"
        ),
        "UPDATE audit_event SET sequence = CASE sequence WHEN 7 THEN -8 ELSE -7 END WHERE sequence IN (7, 8)",
    ],
)
def test_each_kind_of_tampering_is_found(trail, tamper, sql):
    tamper(sql)
    assert list(verify())


def test_a_tail_cut_together_with_its_head_is_found_by_the_anchor(trail, tamper, tmp_path, now):
    anchors = tmp_path / "anchors.log"
    assert seal(anchors, now=now) == trail
    last = Event.objects.get(sequence=25)
    tamper("DELETE FROM audit_event WHERE sequence > 25")
    Head.objects.update(sequence=25, hash=last.hash)
    assert list(verify()) == []  # the control: inside the database alone it cannot be seen
    assert [damage.sequence for damage in verify(anchors)] == [30]


def test_random_bit_flips_are_all_found(trail, tamper):
    chance = random.Random(1)
    for _ in range(40):
        event = chance.choice(list(Event.objects.all()))
        column = chance.choice(["canonical", "hash", "previous_hash"])
        value = bytearray(getattr(event, column))
        bit = chance.randrange(len(value) * 8)
        value[bit // 8] ^= 1 << bit % 8
        with transaction.atomic():
            tamper(f"UPDATE audit_event SET {column} = %s WHERE sequence = %s", bytes(value), event.sequence)
            assert event.sequence in {damage.sequence for damage in verify()}
            transaction.set_rollback(True)


def test_the_command_says_what_it_found(trail, tamper, tmp_path):
    out, err = StringIO(), StringIO()
    call_command("verify_audit", anchors=tmp_path / "none", stdout=out)
    assert "30 events verified" in out.getvalue()
    tamper("DELETE FROM audit_event WHERE sequence = 7")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", anchors=tmp_path / "none", stdout=StringIO(), stderr=err)
    assert ended.value.code == 1
    assert "damaged" in err.getvalue()


class TestAppendOnly:
    @pytest.mark.parametrize("model", append_only_models(), ids=lambda model: model._meta.label)
    @pytest.mark.parametrize(
        "statement", ["TRUNCATE {table} CASCADE", "DELETE FROM {table}", "UPDATE {table} SET {key} = {key}"]
    )
    def test_the_database_refuses(self, trail, model, statement):
        table, key = model._meta.db_table, model._meta.pk.column
        if "TRUNCATE" not in statement and not model.objects.exists():
            with connection.cursor() as cursor:  # a row trigger needs a row: look that it is there instead
                cursor.execute(
                    "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s"
                    " AND tgenabled = 'A'",
                    [table, "pgtrigger_append_only%"],
                )
                assert cursor.fetchone() == (1,)
            return
        with pytest.raises(DatabaseError, match="annot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=table, key=key))

    def test_the_system_check_sees_a_missing_trigger(self, trail):
        assert not [one for one in run_checks(databases=["default"], tags=["database"]) if one.id == "audit.E001"]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gates_decision DISABLE TRIGGER USER")
        found = [one for one in run_checks(databases=["default"], tags=["database"]) if one.id == "audit.E001"]
        assert [one.obj._meta.label for one in found] == ["gates.Decision"]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gates_decision ENABLE TRIGGER USER")
        assert [one for one in run_checks(databases=["default"], tags=["database"]) if one.id == "audit.E001"]
        enable_always()
        assert not [one for one in run_checks(databases=["default"], tags=["database"]) if one.id == "audit.E001"]

    def test_a_replication_role_is_refused_too(self, trail):
        with pytest.raises(DatabaseError, match="annot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM audit_event")
