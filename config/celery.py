"""Celery: the app, and the one schedule. Messages only ring the bell; rows say what is due."""

import os

from celery import Celery
from celery.schedules import crontab

from config.embedded import broker_url, provide

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.trial")
provide()

app = Celery("pilotage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    broker_url=broker_url(os.environ["REDIS_URL"]),
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_timeout": 1, "socket_connect_timeout": 1, "visibility_timeout": 600},
    worker_hijack_root_logger=False,
    timezone="UTC",
    # The one schedule. Times are UTC; each job works out its people's own days and hours.
    beat_schedule={
        "beat.alive": {"task": "beat.alive", "schedule": 60.0, "options": {"expires": 50}},
        "mail.deliver": {"task": "mail.deliver", "schedule": 60.0, "options": {"expires": 50}},
        "digests.compose": {
            "task": "digests.compose",
            "schedule": crontab(minute=5),
            "options": {"expires": 3300},
        },
        "drift.scan": {
            "task": "drift.scan",
            "schedule": crontab(hour=2, minute=30),
            "options": {"expires": 43200},
        },
        "audit.seal": {"task": "audit.seal", "schedule": crontab(minute=40), "options": {"expires": 3300}},
    },
)
app.autodiscover_tasks()
