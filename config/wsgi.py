"""The WSGI entry point: gunicorn config.wsgi."""

import os

from config.embedded import provide

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.trial")
os.environ.setdefault("PILOTAGE_POOL", "1")
provide()

from django.core.wsgi import get_wsgi_application  # noqa: E402  the servers' addresses come first

from config import celery  # noqa: E402  pages ring for jobs through this app

__all__ = ["application", "celery"]

application = get_wsgi_application()
