"""Figures for a monitoring system, as text that Prometheus reads: jobs, mails, and whether each part works."""

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import access, administrators, public
from accounts.bouncing import open_bounces
from accounts.models import Mail
from accounts.states import MailState
from audit.jobs import JobStatus, statuses

_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@access(public("asks for the token of the monitoring system, or an administrator; others find nothing here"))
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures; 404 for whoever has neither the token nor the role."""
    if not _may_read(request):
        raise Http404
    return HttpResponse("\n".join(_lines(timezone.now())) + "\n", content_type=_TYPE)


def _may_read(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    return administrators.admits(request.user)


def _lines(now: datetime) -> Iterator[str]:
    standing = statuses(settings.JOBS, now=now, grace=settings.BEAT_GRACE)
    yield from _gauge("pilotage_job_missed", "1 where a job was due and has not run.", standing, _missed)
    yield from _gauge("pilotage_job_failed", "1 where the last run of a job ended in an error.", standing, _failed)
    yield from _gauge("pilotage_job_last_start_seconds", "When a job ran last, in Unix time.", standing, _started)
    yield from _gauge("pilotage_job_last_duration_seconds", "How long its last run took.", standing, _took)
    counted = dict(Mail.objects.values_list("state").annotate(Count("pk")).order_by())
    yield "# HELP pilotage_mails Mails in the outbox by state.\n# TYPE pilotage_mails gauge"
    for state in MailState:
        yield f'pilotage_mails{{state="{state}"}} {counted.get(state, 0)}'
    yield "# HELP pilotage_unreachable_addresses Addresses from which mail comes back."
    yield "# TYPE pilotage_unreachable_addresses gauge"
    yield f"pilotage_unreachable_addresses {open_bounces().count()}"


def _gauge(
    name: str, means: str, standing: list[JobStatus], value: Callable[[JobStatus], float | None]
) -> Iterator[str]:
    yield f"# HELP {name} {means}\n# TYPE {name} gauge"
    for status in standing:
        figure = value(status)
        if figure is not None:
            yield f'{name}{{job="{status.job.name}"}} {figure:.3f}'


def _missed(status: JobStatus) -> float | None:
    return float(status.missed)


def _failed(status: JobStatus) -> float | None:
    return float(status.last.failed) if status.last else None


def _started(status: JobStatus) -> float | None:
    return status.last.started_at.timestamp() if status.last else None


def _took(status: JobStatus) -> float | None:
    if status.last is None or status.last.finished_at is None:
        return None
    return (status.last.finished_at - status.last.started_at).total_seconds()
