"""The alarm of every page: jobs that were missed, for administrators."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import Visitor, administrators
from audit.jobs import JobStatus, statuses


def missed_jobs(request: HttpRequest) -> dict[str, Any]:
    """The missed jobs as `missed_jobs`, asked for only where a template shows them."""
    return {"missed_jobs": partial(_missed, getattr(request, "user", None))}


def _missed(visitor: Visitor | None) -> list[JobStatus]:
    if visitor is None or not administrators.admits(visitor):
        return []
    standing = statuses(settings.JOBS, now=timezone.now(), grace=settings.BEAT_GRACE)
    return [status for status in standing if status.missed]
