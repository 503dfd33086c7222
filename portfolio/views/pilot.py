"""The portfolio list, a pilot's page, proposing and editing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.models import User
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from accounts.templatetags.screen import money
from portfolio.clock import clock_of, days_at
from portfolio.filters import DEFAULT_SORT, SORT_CHOICES, PilotFilter, ordering
from portfolio.forms.pilot import EditForm, ProposeForm
from portfolio.models import Pilot
from portfolio.permissions import may_import, may_propose
from portfolio.pilot_file import PilotFile, actions_of, lacking, shown_panels
from portfolio.proposing import EDITABLE, edit_pilot, propose_for
from portfolio.queries import page_of
from portfolio.registry import committees
from portfolio.similar import SimilarPilot, similar_pilots
from portfolio.views.fetching import editable_pilot, visible_pilot

PAGE_SIZE = 25


@access(signed_in)
def pilot_list(request: SignedInRequest) -> HttpResponse:
    """The portfolio: search, filters, sorting, 25 a page. The page's ids are chosen before anything is joined."""
    days = days_at(timezone.now())
    visible = Pilot.objects.visible_to(request.user)
    chosen = PilotFilter(request.GET, queryset=visible, request=request, days=days)
    sort = request.GET.get("sort") or DEFAULT_SORT
    keys = chosen.qs.order_by(*ordering(sort)).values_list("pk", flat=True)
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(pilot, clock_of(pilot, days.of(pilot))) for pilot in page_of(visible, list(page))]
    return render(
        request,
        "portfolio/pilot_list.html#results" if request.htmx else "portfolio/pilot_list.html",
        {
            "filter": chosen,
            "page": page,
            "rows": rows,
            "sort": sort,
            "sort_choices": SORT_CHOICES,
            "sort_keys": {DEFAULT_SORT, *(key for key, _ in SORT_CHOICES)},
            "filtered": any(request.GET.get(name) for name in chosen.filters),
            "may_propose": may_propose(request.user),
            "may_import": may_import(request.user),
        },
    )


@access(signed_in)
def pilot_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """One page that a stranger understands in a minute: what it is, who answers for it, its clock, what is missing."""
    pilot = visible_pilot(request.user, code)
    file = PilotFile(pilot, request.user, days_at(timezone.now()).of(pilot))
    first, further = actions_of(file)
    return render(
        request,
        "portfolio/pilot_detail.html",
        {
            "pilot": pilot,
            "facts": _facts(pilot),
            "parts": [held for held in file.parts if held.holders],
            "rounds": file.rounds,
            "current": file.current,
            "clock": clock_of(pilot, file.today),
            "may_edit": file.may_edit,
            "first_action": first,
            "further_actions": further,
            "lacking": lacking(file),
            "panels": shown_panels(file),
        },
    )


@access(signed_in)
@once
def pilot_create(request: SignedInRequest) -> HttpResponse:
    """Propose a pilot; who proposes it becomes its owner unless another is named. Pilots like it are shown first."""
    if not may_propose(request.user):
        raise PermissionDenied("an account that brings pilots: viewers, auditors and administrators do not")
    form = ProposeForm(request.POST or None, committees=committees())
    if request.method == "POST" and form.is_valid():
        similar = [] if form.cleaned_data["seen_similar"] else _similar(request)
        if similar:
            return render(request, "portfolio/pilot_create.html", {"form": form, "similar": similar, "asks": True})
        try:
            pilot = _propose(request.user, form)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"{pilot.code} is proposed. Name its people next.")
            return redirect_to(request, pilot.get_absolute_url())
    return render(request, "portfolio/pilot_create.html", {"form": form}, status=422 if form.errors else 200)


@access(signed_in)
@require_POST
def pilot_similar(request: SignedInRequest) -> HttpResponse:
    """The pilots like the one that is being typed; posted so that it stays out of addresses. Writes nothing."""
    return render(request, "portfolio/pilot_similar.html", {"similar": _similar(request)})


@access(signed_in)
@once
def pilot_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """Edit the facts; who loses a race gets both texts and chooses."""
    pilot = editable_pilot(request.user, code)
    shown = Pilot.objects.get(pk=pilot.pk)
    form = EditForm(request.POST or None, instance=shown, committees=committees(), initial={"version": pilot.version})
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in EDITABLE}
        try:
            edit_pilot(actor=request.user, pilot=pilot, seen=form.cleaned_data["version"], now=timezone.now(), **facts)
        except StaleError:
            return _conflict(request, form, pilot)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect_to(request, pilot.get_absolute_url())
    context = {"pilot": pilot, "form": form}
    return render(request, "portfolio/pilot_edit.html", context, status=422 if form.errors else 200)


def _conflict(request: SignedInRequest, form: EditForm, pilot: Pilot) -> HttpResponse:
    saved = Pilot.objects.get(pk=pilot.pk)
    conflict = conflict_of(
        form,
        current=model_to_dict(saved),
        row=saved,
        version=saved.version,
        action=request.path,
        back=saved.get_absolute_url(),
    )
    return render(request, "portfolio/pilot_edit.html", {"pilot": pilot, "conflict": conflict}, status=409)


def _propose(user: User, form: ProposeForm) -> Pilot:
    return propose_for(
        actor=user,
        owner_email=form.cleaned_data["owner"],
        today=timezone.localdate(),
        now=timezone.now(),
        **form.facts(),
    )


def _similar(request: SignedInRequest) -> list[SimilarPilot]:
    title, summary = (request.POST.get(name, "").strip()[:4000].replace("\0", "") for name in ("title", "summary"))
    return similar_pilots(title=title, summary=summary, reader=request.user)


def _facts(pilot: Pilot) -> list[dict[str, Any]]:
    committee = dict(committees()).get(pilot.committee_slug, "")
    facts = [
        {"label": "Unit", "value": pilot.unit.name, "url": f"{reverse('portfolio:pilot-list')}?unit={pilot.unit_id}"},
        {"label": "Risk class", "value": pilot.get_risk_class_display()},
        {"label": "Committee", "value": committee},
        {"label": "Technology", "value": pilot.technology},
        {"label": "Vendor", "value": pilot.vendor},
        {"label": "Cost so far", "value": money(pilot.cost_so_far)},
    ]
    if pilot.external_reference:
        facts.append({"label": f"In {pilot.external_source}", "value": pilot.external_reference})
    return facts
