"""What the scheduler ran: each run leaves a row, so that silence can be told from work."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from audit.models import JobRun
from audit.schedule import Job

#: The job that beat runs each minute for no other purpose than to be seen.
TICK = "beat.alive"
#: How long after its time a job that beat did not ring for is rung for by the next tick.
CATCH_UP = timedelta(minutes=2)
#: After this time a run without an end is taken for lost with its worker (tasks are ended sooner than that).
LOST_AFTER = timedelta(minutes=12)
#: How long runs are kept, and how many of each job are kept however old they are.
KEPT_FOR = timedelta(days=7)
KEPT_RUNS = 20


@dataclass(frozen=True)
class JobStatus:
    """A job, its last run, and whether it is behind."""

    job: Job
    last: JobRun | None
    next_due: datetime
    #: It was due, the grace is over, and it has not begun since.
    missed: bool


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


@contextmanager
def only_one(job: str) -> Iterator[bool]:
    """Hold the lock of `job` and yield True; False where another process holds it.

    The lock belongs to the database session, so that it goes with the process, however that ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('pilotage.job'), hashtext(%s))", [job])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('pilotage.job'), hashtext(%s))", [job])


def tick(now: datetime) -> None:
    """Note that scheduler and worker are alive: one row, brought up to date."""
    updated = JobRun.objects.filter(job=TICK).update(started_at=now, finished_at=now)
    if not updated:
        JobRun.objects.create(job=TICK, started_at=now, finished_at=now)


def last_tick() -> datetime | None:
    """When scheduler and worker were last seen alive."""
    return JobRun.objects.filter(job=TICK).order_by("-started_at").values_list("started_at", flat=True).first()


def statuses(jobs: Sequence[Job], *, now: datetime, grace: timedelta) -> list[JobStatus]:
    """Where each of `jobs` stands, in one query. `grace` is how long after its time a missed run raises the alarm."""
    last = {run.job: run for run in JobRun.objects.order_by("job", "-started_at").distinct("job")}
    return [
        JobStatus(job, last.get(job.name), job.next_due(now), _is_missed(job, last.get(job.name), now, grace))
        for job in jobs
    ]


def overdue(jobs: Sequence[Job], *, now: datetime) -> list[Job]:
    """The jobs that were due a while ago and have not run since, or whose run was lost with its worker."""
    return [status.job for status in statuses(jobs, now=now, grace=CATCH_UP) if status.missed]


def runs_of(job: str) -> QuerySet[JobRun]:
    """The runs of a job, newest first."""
    return JobRun.objects.filter(job=job).order_by("-started_at")


def forget_old_runs(*, now: datetime) -> int:
    """Remove old runs, so that the table stays small; return how many. The last ones of each job are kept."""
    ranked = JobRun.objects.annotate(rank=Window(RowNumber(), partition_by=[F("job")], order_by=F("started_at").desc()))
    kept = ranked.filter(rank__lte=KEPT_RUNS).values_list("pk", flat=True)
    removed, _ = JobRun.objects.filter(Q(started_at__lt=now - KEPT_FOR)).exclude(pk__in=list(kept)).delete()
    return removed


def _is_missed(job: Job, last: JobRun | None, now: datetime, grace: timedelta) -> bool:
    due = job.last_due(now - grace)
    if last is None or last.started_at < due:
        return True
    return last.finished_at is None and now - last.started_at > LOST_AFTER


def _finish(run: JobRun, outcome: dict[str, Any], *, failed: bool) -> None:
    JobRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), outcome=outcome, failed=failed)
