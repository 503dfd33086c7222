"""Celery: the app. Messages only ring the bell; rows say what is due. The schedule is in config/schedule.py."""

import gc
import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.schedules import crontab, schedule
from celery.signals import beat_init, worker_process_init

from audit.schedule import Job
from config.embedded import broker_url, provide
from config.schedule import JOBS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.trial")
provide()


def entry(job: Job) -> dict[str, Any]:
    """A job as beat wants it: each minute, each hour, or each day."""
    hour, minute = divmod(int(job.offset.total_seconds()) // 60, 60)
    when: schedule | crontab
    if job.period == timedelta(days=1):
        when = crontab(hour=hour, minute=minute)
    elif job.period == timedelta(hours=1):
        when = crontab(minute=minute)
    elif job.offset == timedelta(0):
        when = schedule(job.period)
    else:
        raise ValueError(f"{job.name}: beat knows no such period")
    return {"task": job.name, "schedule": when, "options": {"expires": job.expires.total_seconds()}}


app = Celery("pilotage")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    broker_url=broker_url(os.environ["REDIS_URL"]),
    timezone="UTC",
    task_ignore_result=True,
    # A message that is lost with its worker is not needed again: the next sweep finds the same rows.
    task_acks_late=True,
    task_reject_on_worker_lost=False,
    task_time_limit=600,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # A worker or beat outlives any absence of the broker ...
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # ... and a broker that accepts connections and then says nothing holds nobody up.
    broker_connection_timeout=2,
    broker_transport_options={"socket_timeout": 2, "socket_connect_timeout": 1, "visibility_timeout": 900},
    beat_schedule={job.name: entry(job) for job in JOBS},
)
# Rings leave by threads of their own, and Celery's notion of a current app is one per thread.
app.set_default()
app.autodiscover_tasks()


@beat_init.connect  # type: ignore[untyped-decorator]
def show_at_once(**_: Any) -> None:
    """Let the scheduler be seen when it starts, not only a minute later."""
    app.send_task("beat.alive", retry=False, ignore_result=True, expires=50)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def leave_the_code_alone(**_: Any) -> None:
    """Take what is loaded by now out of the collector's rounds: a scan lost a fifth of its time to them."""
    gc.freeze()
