"""Envelopes of this room's jobs."""

from celery import shared_task
from django.utils import timezone

from audit.jobs import job_run
from portfolio.uploads import sweep_uploads


@shared_task(name="imports.sweep")  # type: ignore[untyped-decorator]
def imports_sweep() -> None:
    """Remove uploaded registers that nobody came back to."""
    with job_run("imports.sweep") as outcome:
        outcome["removed"] = sweep_uploads(now=timezone.now())
