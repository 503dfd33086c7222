"""Whether the product is alive, and whether it can do its work."""

import shutil
from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from accounts.access import access, public
from audit.jobs import last_tick


@access(public("says only that the process answers"))
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process serves requests."""
    return JsonResponse({"alive": True})


@access(public("names the part that fails, and no more"))
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, broker, scheduler and disk do their part, else 503 with what does not."""
    parts = {"database": _database(), "broker": _broker(), "disk": _disk()}
    parts["scheduler"] = parts["database"] and _scheduler()
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _scheduler() -> bool:
    tick = last_tick()
    return tick is not None and timezone.now() - tick < timedelta(minutes=1) + settings.BEAT_GRACE


def _disk() -> bool:
    path = settings.DATA_DIR if settings.DATA_DIR.exists() else settings.BASE_DIR
    return shutil.disk_usage(path).free > 100 * 2**20
