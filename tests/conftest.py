"""What every test may ask for."""

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, TransactionTestCase

from tests import building
from tests.emptying import empty
from tests.remembering import remembered

#: The day on which tests play, unless they say otherwise: a Monday, in winter time.
TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


def pytest_collection_finish() -> None:
    """Spare the garbage collector the modules and tests that stay to the end: a sweep over them takes 0.3 seconds."""
    gc.freeze()


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


TransactionTestCase._fixture_teardown = empty
