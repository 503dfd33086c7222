"""Drift: what is open, worst first; and looking again now."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, access, managers, signed_in
from accounts.permissions import is_manager
from accounts.posting import once, redirect_to
from accounts.ringing import ring
from audit.jobs import job_run
from audit.models import JobRun
from gates.flag_stories import with_stories
from gates.forms.drift import FlagFilterForm, chosen_sort
from gates.open_flags import (
    counted_by_rule,
    flags_visible_to,
    listed,
    narrowed,
    one_for_each_family,
    quiet_count,
    shown,
)
from gates.scanning import JOB, scan
from portfolio.clock import days_at
from portfolio.models import Pilot

PER_PAGE = 25
#: Up to this many pilots are looked at while the visitor waits; of more, the worker does it.
AT_ONCE = 5000
#: Id of the part of the page that filters, sorting and paging replace.
RESULTS = "flags"


@access(signed_in)
@require_safe
def drift(request: SignedInRequest) -> HttpResponse:
    """The open flags of the pilots that the reader may see."""
    flags = flags_visible_to(request.user)
    form = FlagFilterForm(request.GET, flags=flags)
    chosen, days = form.chosen(), days_at(timezone.now())
    sort = chosen_sort(request.GET.get("sort", ""))
    rows = listed(one_for_each_family(narrowed(flags, today=days.here, **chosen)), sort)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "narrowed": bool(chosen),
        "sort": sort,
        "page": page,
        "rows": with_stories(shown(list(page.object_list), days.here), days, request.user),
        "target": RESULTS,
    }
    if request.htmx:
        return render(request, "gates/drift.html#flags", context)
    finished = JobRun.objects.filter(job=JOB, failed=False, finished_at__isnull=False)
    context |= {
        "by_rule": counted_by_rule(flags),
        "may_scan": is_manager(request.user),
        "quiet": quiet_count(flags, days.here),
        "last_run": finished.order_by("-started_at").first(),
    }
    return render(request, "gates/drift.html", context)


@access(managers)
@require_POST
@once
def drift_scan(request: SignedInRequest) -> HttpResponse:
    """Look for drift now: at once while that is quick, else by the worker."""
    if Pilot.objects.count() > AT_ONCE:
        ring(JOB)
        messages.info(request, "Pilotage is looking now. Open this page again in a minute to see what it found.")
    else:
        with job_run(JOB) as outcome:
            report = scan(actor=request.user, today=None, now=timezone.now())
            outcome.update(report.outcome)
        messages.success(request, str(report))
    return redirect_to(request, reverse("gates:drift"))
