"""Limits on sign-in, and the cache that counts them, while Redis is there, gone, or hung."""

import os
import socket
import time
from contextlib import closing

import pytest
from django.core.cache.backends.locmem import LocMemCache

from config import cache as shared
from config.cache import SharedCache

OPTIONS = {"OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}}


@pytest.fixture(autouse=True)
def _redis_is_thought_to_be_there(monkeypatch):
    monkeypatch.setattr(shared, "_away_until", 0.0)
    LocMemCache(shared.STAND_IN, {}).clear()


@pytest.fixture
def use(settings, monkeypatch):
    """Return a function that makes the product's cache ask Redis at an address."""

    def using(address) -> None:
        settings.CACHES = {"default": {"BACKEND": "config.cache.SharedCache", "LOCATION": address, **OPTIONS}}

    return using


@pytest.fixture
def gone() -> str:
    """An address at which nobody answers."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


@pytest.fixture
def hung():
    """An address that takes connections and never says anything."""
    with closing(socket.socket()) as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(50)
        yield f"redis://127.0.0.1:{mute.getsockname()[1]}/0"


def test_counts_in_redis_while_it_is_there():
    address = os.environ["REDIS_URL"]
    one, other = SharedCache(address, OPTIONS), SharedCache(address, OPTIONS)
    one.set("limits-test", 7, 30)
    assert other.get("limits-test") == 7
    assert other.add("limits-test", 8, 30) is False
    assert other.touch("limits-test", 60) is True
    assert other.delete("limits-test") is True
    assert one.get("limits-test", "nothing") == "nothing"


def test_sign_in_goes_on_and_is_still_limited_while_redis_is_gone(joined, enter, use, gone):
    use(gone)
    assert enter("alice@example.org")[0].get("/account/").status_code == 200
    for _ in range(5):
        enter("alice@example.org", "a wrong guess here")
    assert enter("alice@example.org")[0].get("/account/").status_code == 302


def test_a_hung_redis_is_waited_for_once(joined, enter, use, hung):
    use(hung)
    begun = time.monotonic()
    assert enter("alice@example.org")[0].get("/account/").status_code == 200
    assert time.monotonic() - begun < 3


def test_without_the_stand_in_sign_in_would_break(joined, enter, settings, gone):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": gone, **OPTIONS}
    }
    with pytest.raises(Exception, match="refused"):
        enter("alice@example.org")
