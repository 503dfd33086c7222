"""The ASGI entry point: granian --interface asgi config.asgi:application."""

import os

from config.embedded import provide

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.trial")
os.environ.setdefault("PILOTAGE_POOL", "1")
provide()

from django.core.asgi import get_asgi_application  # noqa: E402  the servers' addresses come first

from config import celery  # noqa: E402  pages ring for jobs through this app

__all__ = ["application", "celery"]

application = get_asgi_application()
