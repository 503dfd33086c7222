"""The shared cache, which counts attempts at sign-in, and what stands in for it while Redis is away."""

import logging
import threading
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger("pilotage.cache")

#: For how long Redis is left alone after it failed to answer, in seconds: a page waits for it once, not ten times.
PAUSE = 20.0
#: Name of the memory that stands in; one for the whole process.
STAND_IN = "while-redis-is-away"

_lock = threading.Lock()
_away_until = 0.0


class SharedCache(BaseCache):
    """Redis; while it does not answer, memory of this process: limits then hold per process, and sign-in goes on."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._redis = RedisCache(server, {**params, "OPTIONS": dict(params.get("OPTIONS", {}))})
        self._own = LocMemCache(STAND_IN, {})

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("add", key, value, timeout=timeout, version=version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version=version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask("set", key, value, timeout=timeout, version=version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("touch", key, timeout=timeout, version=version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask("delete", key, version=version))

    def clear(self) -> None:
        self._ask("clear")

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        global _away_until  # noqa: PLW0603  one Redis for the whole process, whatever the thread
        if time.monotonic() >= _away_until:
            try:
                return getattr(self._redis, method)(*args, **kwargs)
            except RedisError as error:
                with _lock:
                    _away_until = time.monotonic() + PAUSE
                logger.warning("redis does not answer, counting in this process: %s", type(error).__name__)
        return getattr(self._own, method)(*args, **kwargs)
