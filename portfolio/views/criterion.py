"""Success criteria: agreeing on them before the start, adding one after it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.models import User
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from portfolio.amending import add_by_amendment
from portfolio.contracting import add_criterion, edit_criterion, remove_criterion
from portfolio.criteria import TERMS, Terms
from portfolio.forms.contract import AmendCriterionForm, CriterionForm, shown_figures
from portfolio.models import Pilot, Round, SuccessCriterion
from portfolio.permissions import approvers_of
from portfolio.queries import open_round_of, rounds_of
from portfolio.states import RoundState
from portfolio.views.fetching import editable_pilot


@access(signed_in)
@once
def criterion_create(request: SignedInRequest, code: str) -> HttpResponse:
    """One more criterion: freely in a draft, with reason and approver after the start."""
    pilot = editable_pilot(request.user, code)
    current = open_round_of(rounds_of(pilot))
    if current is None:
        return redirect("portfolio:contract-detail", pilot.code)
    late = current.state != RoundState.DRAFT
    data = request.POST if request.method == "POST" else None
    initial = {"kind": "business", "direction": "higher"}
    form: Any = (
        AmendCriterionForm(data, initial=initial, approvers=_approvers(request.user, pilot))
        if late
        else CriterionForm(data, initial=initial)
    )
    obstacles = []
    if request.method == "POST" and form.is_valid():
        more = form.grounds() if late else {}
        verb: Any = add_by_amendment if late else add_criterion
        try:
            added = verb(actor=request.user, pilot=pilot, now=timezone.now(), **more, **form.terms())
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"Criterion {added.number} is agreed: {added.metric}.")
            return redirect_to(request, _page_of(pilot))
    context = {"pilot": pilot, "form": form, "obstacles": obstacles, "late": late}
    return render(request, "portfolio/criterion_create.html", context, status=_status(form, obstacles))


@access(signed_in)
@once
def criterion_edit(request: SignedInRequest, code: str, place: int) -> HttpResponse:
    """Change a criterion of a draft; after the start the page of its amendments takes over."""
    pilot, current = _open(request.user, code)
    criterion = get_object_or_404(SuccessCriterion, round=current, number=place)
    if current.state != RoundState.DRAFT:
        return redirect("portfolio:criterion-amend", pilot.code, place)
    data = request.POST if request.method == "POST" else None
    initial = {**shown_figures(Terms.of(criterion)), "version": criterion.version}
    form = CriterionForm(data, instance=criterion, initial=initial)
    obstacles = []
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            edit_criterion(actor=request.user, pilot=pilot, number=place, seen=seen, now=timezone.now(), **form.terms())
        except StaleError:
            return _conflict(request, pilot, form, place)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect_to(request, _page_of(pilot))
    context = {"pilot": pilot, "criterion": criterion, "form": form, "obstacles": obstacles}
    return render(request, "portfolio/criterion_edit.html", context, status=_status(form, obstacles))


@access(signed_in)
@require_POST
@once
def criterion_remove(request: SignedInRequest, code: str, place: int) -> HttpResponse:
    """Take a criterion out of a draft."""
    pilot, current = _open(request.user, code)
    criterion = get_object_or_404(SuccessCriterion, round=current, number=place)
    try:
        remove_criterion(actor=request.user, pilot=pilot, number=place, seen=None, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"“{criterion.metric}” is taken out.")
    return redirect_to(request, _page_of(pilot))


def _open(user: User, code: str) -> tuple[Pilot, Round]:
    pilot = editable_pilot(user, code)
    return pilot, get_object_or_404(Round, pk=getattr(open_round_of(rounds_of(pilot)), "pk", 0))


def _approvers(user: User, pilot: Pilot) -> Any:
    return approvers_of(pilot, today=timezone.localdate()).exclude(pk=user.pk)


def _page_of(pilot: Pilot) -> str:
    return f"{reverse('portfolio:contract-detail', args=[pilot.code])}#step-criteria"


def _status(form: Any, obstacles: list[Any]) -> int:
    return 422 if form.errors or obstacles else 200


def _conflict(request: SignedInRequest, pilot: Pilot, form: CriterionForm, place: int) -> HttpResponse:
    row = SuccessCriterion.objects.get(round__pilot=pilot, round=form.instance.round, number=place)
    conflict = conflict_of(
        form,
        current={name: getattr(row, name) for name in TERMS},
        row=row,
        version=row.version,
        action=request.path,
        back=_page_of(pilot),
    )
    context = {"pilot": pilot, "criterion": row, "conflict": conflict}
    return render(request, "portfolio/criterion_edit.html", context, status=409)
