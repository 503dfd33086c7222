"""What tests of accounts share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.joining import open_account

PASSWORD = "seven green ships"


@pytest.fixture(autouse=True)
def _no_rate_limits_from_other_tests() -> Iterator[None]:
    """Limits count in the cache, by address: every test starts uncounted."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def joined(cast, now):
    """Alice, with an account and the password PASSWORD."""
    return open_account(actor=None, person=cast.alice, password=PASSWORD, now=now)


@pytest.fixture
def enter():
    """Return a function that signs in on the page, as a person would, and gives the client and the answer."""

    def entered(email, password=PASSWORD, client=None, **extra):
        client = client or Client()
        return client, client.post("/account/login/", {"login": email, "password": password, **extra})

    return entered
