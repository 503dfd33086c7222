"""Periodic jobs, for administrators: what each does, when it ran and runs next, and whether it is late."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, administrators
from audit.jobs import runs_of, statuses
from audit.schedule import job_named

PAGE_SIZE = 25


@access(administrators)
def job_list(request: SignedInRequest) -> HttpResponse:
    """Every job with its last run, its next one, and the alarm where one was missed."""
    standing = statuses(settings.JOBS, now=timezone.now(), grace=settings.BEAT_GRACE)
    return render(request, "accounts/job_list.html", {"statuses": standing})


@access(administrators)
def job_detail(request: SignedInRequest, name: str) -> HttpResponse:
    """The runs of one job, newest first."""
    job = job_named(settings.JOBS, name)
    if job is None:
        raise Http404
    page = Paginator(runs_of(name), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "accounts/job_detail.html", {"job": job, "page": page})
