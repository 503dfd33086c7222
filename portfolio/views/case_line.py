"""The lines of a business case that is being written: costs, benefits, assumptions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.posting import add_errors, once, redirect_to
from portfolio.case_sheet import draft_of, sheet_of
from portfolio.costing import (
    add_assumption,
    add_benefit,
    edit_assumption,
    edit_benefit,
    edit_cost,
    remove_assumption,
    remove_benefit,
)
from portfolio.forms.business_case import AddAssumptionForm, AddBenefitForm
from portfolio.models import Pilot
from portfolio.views.case_entry import page_of, save_entry, write_page
from portfolio.views.fetching import editable_pilot


@access(signed_in)
def cost_line_edit(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    """Save one of the eight costs."""
    return save_entry(request, editable_pilot(request.user, code), lambda page: page.find("costs", kind), edit_cost)


@access(signed_in)
@once
def benefit_create(request: SignedInRequest, code: str) -> HttpResponse:
    """Add a benefit by its name; its figures follow on its card."""
    form = AddBenefitForm(request.POST or None, auto_id="add-benefit-%s")
    return _added(request, code, "benefit", form, add_benefit)


@access(signed_in)
def benefit_edit(request: SignedInRequest, code: str, place: int) -> HttpResponse:
    """Save a benefit."""
    pilot = editable_pilot(request.user, code)
    return save_entry(request, pilot, lambda page: page.find("benefits", place), edit_benefit)


@access(signed_in)
@once
def benefit_remove(request: SignedInRequest, code: str, place: int) -> HttpResponse:
    """Take a benefit out of the draft."""
    return _removed(request, code, "benefits", place, remove_benefit)


@access(signed_in)
@once
def assumption_create(request: SignedInRequest, code: str) -> HttpResponse:
    """Write down an assumption; the rest follows on its card."""
    form = AddAssumptionForm(request.POST or None, auto_id="add-assumption-%s")
    return _added(request, code, "assumption", form, add_assumption)


@access(signed_in)
def assumption_edit(request: SignedInRequest, code: str, place: int) -> HttpResponse:
    """Save an assumption."""
    pilot = editable_pilot(request.user, code)
    return save_entry(request, pilot, lambda page: page.find("assumptions", place), edit_assumption)


@access(signed_in)
@once
def assumption_remove(request: SignedInRequest, code: str, place: int) -> HttpResponse:
    """Take an assumption out of the draft."""
    return _removed(request, code, "assumptions", place, remove_assumption)


def _added(request: SignedInRequest, code: str, what: str, form: forms.Form, add: Callable[..., Any]) -> HttpResponse:
    pilot = editable_pilot(request.user, code)
    draft = draft_of(pilot)
    if draft is None:
        raise Http404
    if request.method != "POST":
        return redirect(_at(pilot, f"{what}s"))
    if form.is_valid():
        try:
            line = add(actor=request.user, pilot=pilot, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect_to(request, _at(pilot, f"{what}-{line.place}"))
    page = page_of(request.user, sheet_of(draft))
    shown: dict[str, Any] = {f"add_{what}": form}
    return write_page(request, page, status=422, **shown)


def _removed(request: SignedInRequest, code: str, what: str, place: int, remove: Callable[..., None]) -> HttpResponse:
    pilot = editable_pilot(request.user, code)
    if request.method == "POST":
        try:
            remove(actor=request.user, pilot=pilot, place=place, now=timezone.now())
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
    return redirect_to(request, _at(pilot, what))


def _at(pilot: Pilot, anchor: str) -> str:
    return f"{reverse('portfolio:business-case-edit', args=[pilot.code])}#{anchor}"
