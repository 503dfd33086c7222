"""Envelopes of this room's jobs. What they do stands in `composing` and `scanning`."""

from celery import shared_task
from django.utils import timezone

from audit.jobs import job_run, only_one
from gates.composing import compose_due
from gates.evidencing import SCAN_JOB
from gates.file_keeping import scan_waiting, sweep_files
from gates.meeting import open_due
from gates.reopening import reopen_lapsed
from gates.scanning import JOB, scan
from gates.voting import close_due, remind_due


@shared_task(name="digests.compose")  # type: ignore[untyped-decorator]
def digests_compose() -> None:
    """Compose the digests of the people whose day and hour has come."""
    with job_run("digests.compose") as outcome, only_one("digests.compose") as mine:
        if not mine:
            outcome["skipped"] = "already running"
            return
        report = compose_due(now=timezone.now())
        outcome.update(queued=report.queued, nothing_to_say=report.nothing_to_say, refused=report.refused)


@shared_task(name=JOB)  # type: ignore[untyped-decorator]
def drift_scan() -> None:
    """Look for drift. Scans wait for each other by themselves, so that one that was rung for misses nothing."""
    with job_run(JOB) as outcome:
        outcome.update(scan(actor=None, today=None, now=timezone.now()).outcome)


@shared_task(name="files.sweep")  # type: ignore[untyped-decorator]
def files_sweep() -> None:
    """Remove files that belong to nothing."""
    with job_run("files.sweep") as outcome:
        outcome.update(vars(sweep_files(now=timezone.now())))


@shared_task(name=SCAN_JOB)  # type: ignore[untyped-decorator]
def files_scan() -> None:
    """Let the scanner look at new files."""
    with job_run(SCAN_JOB) as outcome, only_one(SCAN_JOB) as mine:
        outcome.update(scan_waiting(now=timezone.now()) if mine else {"skipped": "already running"})


@shared_task(name="reviews.reopen")  # type: ignore[untyped-decorator]
def reviews_reopen() -> None:
    """Open concluded gates again whose ground has given way."""
    with job_run("reviews.reopen") as outcome:
        now = timezone.now()
        outcome["reopened"] = len(reopen_lapsed(actor=None, today=timezone.localdate(now), now=now))


@shared_task(name="meetings.open")  # type: ignore[untyped-decorator]
def meetings_open() -> None:
    """Send the packs of meetings whose hour has come."""
    with job_run("meetings.open") as outcome, only_one("meetings.open") as mine:
        outcome.update(vars(open_due(now=timezone.now())) if mine else {"skipped": "already running"})


@shared_task(name="votes.sweep")  # type: ignore[untyped-decorator]
def votes_sweep() -> None:
    """Close notices and votes whose time is over, and remind those who have not voted on what closes soon."""
    with job_run("votes.sweep") as outcome, only_one("votes.sweep") as mine:
        if not mine:
            outcome["skipped"] = "already running"
            return
        now = timezone.now()
        outcome.update(closed=len(close_due(actor=None, now=now)), reminded=remind_due(actor=None, now=now))
