"""The business case: reading a version, beginning one, writing it, submitting it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import once, redirect_to
from portfolio.case_checks import obstacles, questions, ratio
from portfolio.case_difference import difference
from portfolio.case_sheet import Sheet, draft_of, sheet_of, sheets_of, versions_of
from portfolio.costing import edit_frame, start_case, submit_case
from portfolio.forms.business_case import SubmitForm
from portfolio.models import BusinessCase, Pilot
from portfolio.permissions import may_edit
from portfolio.states import CASE_STAGES
from portfolio.timeline import MONTHS
from portfolio.views.case_entry import Page, page_of, save_entry, write_page
from portfolio.views.fetching import editable_pilot, visible_pilot

#: The submitter had not seen the last change.
CHANGED = Obstacle(
    "changed",
    "Somebody changed the case since you opened the page. It stands here as it is now: look again, then submit.",
    "you",
)


@access(signed_in)
def business_case_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """A version of the case: what it comes to and how, its lines, what is asked of it, what changed."""
    pilot = visible_pilot(request.user, code)
    versions = versions_of(pilot)
    shown = _chosen(versions, request.GET.get("version"))
    before = next((one for one in versions if shown and one.number == shown.number - 1), None)
    sheets = {sheet.case.number: sheet for sheet in sheets_of([one for one in (shown, before) if one])}
    sheet = sheets[shown.number] if shown else None
    earlier = sheets[before.number] if before else None
    context = {
        "pilot": pilot,
        "versions": versions,
        "draft": next((one for one in versions if one.is_draft), None),
        "before": before,
        "changes": difference(earlier, sheet) if earlier and sheet else [],
        "may_write": pilot.stage in CASE_STAGES and may_edit(request.user, pilot),
        **(_reading(sheet) if sheet else {"sheet": None}),
    }
    return render(request, "portfolio/business_case_detail.html", context)


@access(signed_in)
@once
def business_case_create(request: SignedInRequest, code: str) -> HttpResponse:
    """Begin the first version, or the next one as a copy."""
    pilot = editable_pilot(request.user, code)
    if request.method != "POST":
        return redirect(_detail(pilot))
    try:
        start_case(actor=request.user, pilot=pilot, now=timezone.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect_to(request, _detail(pilot))
    return redirect_to(request, _edit(pilot))


@access(signed_in)
def business_case_edit(request: SignedInRequest, code: str) -> HttpResponse:
    """Write the draft: a small form for each line, saved by itself; this one saves the case's own fields."""
    pilot = editable_pilot(request.user, code)
    draft = draft_of(pilot)
    if draft is None or pilot.stage not in CASE_STAGES:
        return redirect_to(request, _detail(pilot))
    if request.method == "POST":
        return save_entry(request, pilot, lambda page: page.frame, edit_frame)
    return write_page(request, page_of(request.user, sheet_of(draft)))


@access(signed_in)
@once
def business_case_submit(request: SignedInRequest, code: str) -> HttpResponse:
    """Submit the draft; htmx reads from here what it comes to and what is still in the way."""
    pilot = editable_pilot(request.user, code)
    draft = draft_of(pilot)
    if draft is None:
        return redirect_to(request, _detail(pilot))
    page = page_of(request.user, sheet_of(draft))
    if request.method != "POST":
        if request.htmx:
            return render(request, "portfolio/business_case_edit.html#standing", {"page": page})
        return redirect(_edit(pilot))
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return write_page(request, page, status=422)
    return _submitted(request, page, form.cleaned_data["version"])


def _submitted(request: SignedInRequest, page: Page, seen: int) -> HttpResponse:
    pilot = page.pilot
    try:
        case = submit_case(actor=request.user, pilot=pilot, seen=seen, now=timezone.now())
    except StaleError:
        return write_page(request, page, refusal=[CHANGED], status=409)
    except ValidationError:
        return write_page(request, page, refusal=obstacles(page.sheet), status=422)
    messages.success(request, f"Version {case.number} is submitted. It stays as it is; a later one shows what changed.")
    return redirect_to(request, _detail(pilot))


def _chosen(versions: list[BusinessCase], number: str | None) -> BusinessCase | None:
    """Return the version asked for, else the latest submitted one, else the draft."""
    if number is not None:
        found = next((one for one in versions if str(one.number) == number), None)
        if found is None:
            raise Http404
        return found
    return next((one for one in versions if not one.is_draft), versions[0] if versions else None)


def _reading(sheet: Sheet) -> dict[str, Any]:
    soonest, latest = MONTHS[sheet.timeline]
    return {
        "sheet": sheet,
        "case": sheet.case,
        "range": sheet.range,
        "swing": sheet.swings[0] if sheet.swings else None,
        "questions": questions(sheet),
        "ratio": ratio(sheet),
        "months": f"{soonest} to {latest} months",
    }


def _detail(pilot: Pilot) -> str:
    return reverse("portfolio:business-case-detail", args=[pilot.code])


def _edit(pilot: Pilot) -> str:
    return reverse("portfolio:business-case-edit", args=[pilot.code])
