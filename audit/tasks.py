"""Envelopes of this room's jobs. What they do stands in `jobs` and `sealing`."""

import logging

from celery import current_app, shared_task
from django.conf import settings
from django.utils import timezone

from audit.jobs import TICK, forget_old_runs, job_run, only_one, overdue, tick
from audit.sealing import seal

logger = logging.getLogger("pilotage.jobs")


@shared_task(name=TICK)  # type: ignore[untyped-decorator]
def beat_alive() -> None:
    """Be seen, and ring for jobs that were missed: beat was down, the broker forgot, a worker was killed."""
    now = timezone.now()
    tick(now)
    for job in overdue(settings.JOBS, now=now):
        logger.info("ringing for %s, which was missed", job.name)
        current_app.send_task(job.name, retry=False, expires=50)


@shared_task(name="audit.seal")  # type: ignore[untyped-decorator]
def audit_seal() -> None:
    """Write the end of the trail to the anchor file, and forget old runs."""
    with job_run("audit.seal") as outcome, only_one("audit.seal") as mine:
        if mine:
            now = timezone.now()
            outcome["sealed"] = seal(settings.AUDIT_ANCHORS, now=now)
            outcome["forgotten"] = forget_old_runs(now=now)
        else:
            outcome["skipped"] = "already running"
