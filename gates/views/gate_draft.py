"""Editing the draft of a gate set: its gates, and the criteria of each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, administrators
from accounts.comparing import conflict_of
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.drafting_sets import (
    GATE_FACTS,
    add_criterion,
    bring_back_criterion,
    change_criterion,
    change_gate,
    move_criterion,
    retire_criterion,
)
from gates.forms.gate_set import CriterionForm, GateForm, criterion_values
from gates.models import Criterion, Gate
from gates.set_difference import retired_from
from portfolio.states import RiskClass

RETIRED_MEANWHILE = Obstacle(
    "retired_meanwhile",
    "Somebody retired this criterion while you were writing. Your text is kept: add it as a new one, or go back and "
    "bring the old one back.",
    "you",
)
_NEW_CRITERION = {"mandatory_from": RiskClass.LIMITED, "evidence": "yes", "evidence_valid_days": 365}


@access(administrators)
@once
def gate_edit(request: SignedInRequest, version: int, gate: str) -> HttpResponse:
    """A gate of the draft: its words, its criteria in order, those retired."""
    edited = _gate(version, gate)
    if request.method != "POST":
        return _gate_page(request, edited)
    form = GateForm(request.POST)
    if not form.is_valid():
        return _gate_page(request, edited, form=form, status=422)
    facts = {name: form.cleaned_data[name] for name in GATE_FACTS}
    try:
        change_gate(actor=request.user, gate=edited, seen=form.cleaned_data["version"], now=timezone.now(), **facts)
    except StaleError:
        current = _gate(version, gate)
        conflict = conflict_of(
            form,
            current={name: getattr(current, name) for name in GATE_FACTS},
            row=current,
            version=current.version,
            action=request.path,
            back=request.path,
        )
        return _gate_page(request, current, form=form, conflict=conflict, status=409)
    except ValidationError as error:
        return _gate_page(request, edited, form=form, obstacles=add_errors(form, error), status=422)
    messages.success(request, "Saved in the draft.")
    return redirect_to(request, edited.get_absolute_url())


@access(administrators)
@once
def criterion_create(request: SignedInRequest, version: int, gate: str) -> HttpResponse:
    """Add a criterion to a gate of the draft."""
    edited = _gate(version, gate)
    form = CriterionForm(request.POST or None, initial=_NEW_CRITERION)
    if request.method != "POST" or not form.is_valid():
        return _create_page(request, edited, form, status=422 if form.errors else 200)
    try:
        criterion = add_criterion(actor=request.user, gate=edited, now=timezone.now(), **form.facts())
    except ValidationError as error:
        return _create_page(request, edited, form, obstacles=add_errors(form, error), status=422)
    messages.success(request, f"Criterion {edited.number}.{criterion.number} is added to the draft.")
    return redirect_to(request, _place(criterion, edited))


@access(administrators)
@once
def criterion_edit(request: SignedInRequest, version: int, gate: str, criterion: str) -> HttpResponse:
    """Change a criterion of the draft."""
    edited = _gate(version, gate)
    row = Criterion.objects.filter(gate=edited, slug=criterion).first()
    if row is None:
        if request.method != "POST":
            raise Http404
        return _create_page(request, edited, CriterionForm(request.POST), obstacles=[RETIRED_MEANWHILE], status=409)
    row.gate = edited
    form = CriterionForm(request.POST or None, initial=criterion_values(row))
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, row, form, status=422 if form.errors else 200)
    try:
        change_criterion(
            actor=request.user,
            criterion=row,
            seen=form.cleaned_data["version"] or 0,
            now=timezone.now(),
            **form.facts(),
        )
    except StaleError:
        row.refresh_from_db(fields=["version", *form.facts()])
        conflict = conflict_of(
            form,
            current=criterion_values(row),
            row=row,
            version=row.version,
            action=request.path,
            back=request.path,
        )
        return _edit_page(request, row, form, conflict=conflict, status=409)
    except ValidationError as error:
        return _edit_page(request, row, form, obstacles=add_errors(form, error), status=422)
    messages.success(request, f"Criterion {edited.number}.{row.number} is saved in the draft.")
    return redirect_to(request, _place(row, edited))


@access(administrators)
@once
def criterion_move(request: SignedInRequest, version: int, gate: str, criterion: str) -> HttpResponse:
    """Move a criterion one place up or down."""
    edited = _gate(version, gate)
    if request.method == "POST":
        row = get_object_or_404(Criterion.objects.select_related("gate__gate_set"), gate=edited, slug=criterion)
        places = -1 if request.POST.get("to") == "up" else 1
        row = move_criterion(actor=request.user, criterion=row, places=places, now=timezone.now())
        return redirect_to(request, _place(row, edited))
    return redirect(edited.get_absolute_url())


@access(administrators)
@once
def criterion_retire(request: SignedInRequest, version: int, gate: str, criterion: str) -> HttpResponse:
    """Leave a criterion out of the draft."""
    edited = _gate(version, gate)
    if request.method == "POST":
        row = get_object_or_404(Criterion.objects.select_related("gate__gate_set"), gate=edited, slug=criterion)
        retire_criterion(actor=request.user, criterion=row, now=timezone.now())
        messages.success(request, "The criterion is left out of the draft. Published sets keep it.")
    return redirect_to(request, edited.get_absolute_url())


@access(administrators)
@once
def criterion_bring_back(request: SignedInRequest, version: int, gate: str, criterion: str) -> HttpResponse:
    """Take a retired criterion back into the draft."""
    edited = _gate(version, gate)
    if request.method == "POST":
        try:
            bring_back_criterion(actor=request.user, gate=edited, slug=criterion, now=timezone.now())
        except ValidationError as error:
            raise Http404 from error
        messages.success(request, "The criterion is back, at the end of its gate.")
    return redirect_to(request, edited.get_absolute_url())


def _gate(version: int, slug: str) -> Gate:
    """A gate of a draft; a published one has nothing to edit, and so no page here."""
    drafts = Gate.objects.filter(gate_set__published_at=None).select_related("gate_set__based_on")
    return get_object_or_404(drafts, gate_set__version=version, slug=slug)


def _gate_page(
    request: SignedInRequest, gate: Gate, *, form: GateForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    saved = {name: getattr(gate, name) for name in (*GATE_FACTS, "version")}
    criteria = list(Criterion.objects.filter(gate=gate).order_by("number"))
    context = {
        "gate": gate,
        "form": form or GateForm(initial=saved),
        "criteria": criteria,
        "retired": retired_from(gate, criteria),
        "gates": Gate.objects.filter(gate_set=gate.gate_set).order_by("number"),
        **more,
    }
    return render(request, "gates/gate_edit.html", context, status=status)


def _create_page(
    request: SignedInRequest, gate: Gate, form: CriterionForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, "gates/criterion_create.html", {"gate": gate, "form": form, **more}, status=status)


def _edit_page(
    request: SignedInRequest, criterion: Criterion, form: CriterionForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"gate": criterion.gate, "criterion": criterion, "form": form, **more}
    return render(request, "gates/criterion_edit.html", context, status=status)


def _place(criterion: Criterion, gate: Gate) -> str:
    return f"{reverse('gates:gate-edit', args=[gate.gate_set.version, gate.slug])}#criterion-{criterion.slug}"
