"""Envelopes of this room's jobs. What they do stands in `composing` and `scanning`."""

from celery import shared_task
from django.utils import timezone

from audit.jobs import job_run, only_one
from gates.composing import compose_due


@shared_task(name="digests.compose")  # type: ignore[untyped-decorator]
def digests_compose() -> None:
    """Compose the digests of the people whose day and hour has come."""
    with job_run("digests.compose") as outcome, only_one("digests.compose") as mine:
        if not mine:
            outcome["skipped"] = "already running"
            return
        report = compose_due(now=timezone.now())
        outcome.update(queued=report.queued, nothing_to_say=report.nothing_to_say, refused=report.refused)
