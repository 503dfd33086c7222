"""What every test may ask for."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from audit.triggers import enable_always
from tests import building
from tests.remembering import remembered

#: The day on which tests play, unless they say otherwise: a Monday, in winter time.
TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def cast(db: None) -> building.Cast:
    """A unit, a committee, and one person of every kind. Alice owns, Bob chairs, Charlie has no access."""
    return remembered("cast", lambda: building.cast(today=TODAY, now=NOW))


@pytest.fixture
def gate_set(db: None):
    return building.gate_set(now=NOW)


@pytest.fixture
def sign_in() -> Iterator:
    """Return a function that gives a client in which a person is signed in."""

    def signed_in(person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


_flush = TransactionTestCase._fixture_teardown


def _flush_append_only_tables_too(self: TransactionTestCase) -> None:
    """Empty tables after a test that commits: append-only ones refuse TRUNCATE, which only here is let through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    _flush(self)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    enable_always()


TransactionTestCase._fixture_teardown = _flush_append_only_tables_too
