"""What the scheduler ran: each run leaves a row, so that silence can be told from work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone

from audit.models import JobRun

#: The job that beat runs each minute for no other purpose than to be seen.
TICK = "beat.alive"


@contextmanager
def job_run(job: str) -> Iterator[dict[str, Any]]:
    """Record a run of `job`. What is put into the yielded mapping (counts, no personal data) is kept as outcome.

    An error is recorded by its class and goes on.
    """
    run = JobRun.objects.create(job=job, started_at=timezone.now())
    outcome: dict[str, Any] = {}
    try:
        yield outcome
    except BaseException as error:
        _finish(run, {**outcome, "error": type(error).__name__}, failed=True)
        raise
    _finish(run, outcome, failed=False)


def tick(now: datetime) -> None:
    """Note that scheduler and worker are alive: one row, brought up to date."""
    updated = JobRun.objects.filter(job=TICK).update(started_at=now, finished_at=now)
    if not updated:
        JobRun.objects.create(job=TICK, started_at=now, finished_at=now)


def last_tick() -> datetime | None:
    """When scheduler and worker were last seen alive."""
    return JobRun.objects.filter(job=TICK).order_by("-started_at").values_list("started_at", flat=True).first()


def _finish(run: JobRun, outcome: dict[str, Any], *, failed: bool) -> None:
    JobRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), outcome=outcome, failed=failed)
