"""Servers of one's own, behind a proxy that speaks TLS. Refuses to start half configured."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403  a settings module is its base with changes

TRIAL = False

_REQUIRED = (
    "PILOTAGE_SECRET_KEY",
    "PILOTAGE_HOSTS",
    "PILOTAGE_URL",
    "PILOTAGE_PROXIES",
    "DATABASE_URL",
    "REDIS_URL",
)
_missing = [name for name in _REQUIRED if not os.environ.get(name)]
if _missing:
    raise ImproperlyConfigured(
        f"Set {', '.join(_missing)} in the environment (docs/operations.md says what each one means)."
    )

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if int(os.environ["PILOTAGE_PROXIES"]) else None
