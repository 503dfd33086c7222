"""Amendments: changing after the start what was agreed before it, in the open."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.models import User
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from portfolio.agreement import agreed_contracts
from portfolio.amending import amend_contract, amend_criterion, withdraw_criterion
from portfolio.contract_sheet import contract_sheet
from portfolio.criteria import AgreedCriterion, agreed_criteria
from portfolio.forms.contract import AmendCriterionForm, AmendStepForm, GroundsForm, shown_figures
from portfolio.models import Amendment, Pilot, Round, SuccessCriterion
from portfolio.permissions import approvers_of
from portfolio.queries import open_round_of, rounds_of
from portfolio.questions import BY_SLUG
from portfolio.states import RoundState
from portfolio.views.fetching import editable_pilot


@access(signed_in)
@once
def contract_amend(request: SignedInRequest, code: str, step: str) -> HttpResponse:
    """Amend the answers of a step, or fill what was empty."""
    pilot, current = _started(request, code)
    if step not in BY_SLUG:
        raise Http404("no such step")
    if current.state == RoundState.DRAFT:
        return redirect("portfolio:contract-step", pilot.code, step)
    agreed = agreed_contracts([current.pk])[current.pk]
    initial = {**agreed.now, "version": agreed.last_amendment}
    data = request.POST if request.method == "POST" else None
    form = AmendStepForm(data, step=BY_SLUG[step], initial=initial, approvers=_approvers(request.user, pilot))
    section = next(one for one in contract_sheet(pilot, current).sections if one.step.slug == step)
    context = {"pilot": pilot, "round": current, "section": section, "form": form}
    if request.method == "POST" and form.is_valid():
        answers = {**form.grounds(), **form.answers()}
        try:
            made = amend_contract(actor=request.user, pilot=pilot, now=timezone.now(), seen=_seen(form), **answers)
        except StaleError:
            last = agreed.amendments[-1] if agreed.amendments else None
            return _conflict(request, "portfolio/contract_amend.html", context, agreed.now, last)
        except ValidationError as error:
            context["obstacles"] = add_errors(form, error)
        else:
            return _done(request, pilot, made)
    return render(request, "portfolio/contract_amend.html", context, status=_status(context))


@access(signed_in)
@once
def criterion_amend(request: SignedInRequest, code: str, place: int) -> HttpResponse:
    """Amend a success criterion."""
    pilot, current = _started(request, code)
    criterion = _criterion(current, place)
    if current.state == RoundState.DRAFT:
        return redirect("portfolio:criterion-edit", pilot.code, place)
    initial = {**vars(criterion.now), **shown_figures(criterion.now), "version": criterion.last_amendment}
    data = request.POST if request.method == "POST" else None
    instance = SuccessCriterion(round=current, number=place, **vars(criterion.now))
    form = AmendCriterionForm(data, instance=instance, initial=initial, approvers=_approvers(request.user, pilot))
    context = {"pilot": pilot, "round": current, "criterion": criterion, "form": form}
    if request.method == "POST" and form.is_valid():
        terms = {**form.grounds(), **form.terms()}
        try:
            made = amend_criterion(
                actor=request.user, pilot=pilot, number=place, now=timezone.now(), seen=_seen(form), **terms
            )
        except StaleError:
            last = criterion.amendments[-1] if criterion.amendments else None
            return _conflict(request, "portfolio/criterion_amend.html", context, vars(criterion.now), last)
        except ValidationError as error:
            context["obstacles"] = add_errors(form, error)
        else:
            return _done(request, pilot, made)
    return render(request, "portfolio/criterion_amend.html", context, status=_status(context))


@access(signed_in)
@once
def criterion_withdraw(request: SignedInRequest, code: str, place: int) -> HttpResponse:
    """Withdraw a success criterion: it stays on record and counts for nothing."""
    pilot, current = _started(request, code)
    criterion = _criterion(current, place)
    data = request.POST if request.method == "POST" else None
    form = GroundsForm(data, initial={"version": criterion.last_amendment}, approvers=_approvers(request.user, pilot))
    context = {"pilot": pilot, "round": current, "criterion": criterion, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            made = withdraw_criterion(
                actor=request.user, pilot=pilot, number=place, now=timezone.now(), seen=_seen(form), **form.grounds()
            )
        except StaleError:
            last = criterion.amendments[-1] if criterion.amendments else None
            return _conflict(request, "portfolio/criterion_withdraw.html", context, {}, last)
        except ValidationError as error:
            context["obstacles"] = add_errors(form, error)
        else:
            return _done(request, pilot, made)
    return render(request, "portfolio/criterion_withdraw.html", context, status=_status(context))


def _started(request: SignedInRequest, code: str) -> tuple[Pilot, Round]:
    """The pilot and its open round; 404 where no round is open, for then nothing can be amended."""
    pilot = editable_pilot(request.user, code)
    current = open_round_of(rounds_of(pilot))
    if current is None:
        raise Http404("no round is open")
    return pilot, current


def _criterion(current: Round, place: int) -> AgreedCriterion:
    for criterion in agreed_criteria([current.pk])[current.pk]:
        if criterion.number == place:
            return criterion
    raise Http404("no such criterion")


def _approvers(user: User, pilot: Pilot) -> QuerySet[User]:
    return approvers_of(pilot, today=timezone.localdate()).exclude(pk=user.pk)


def _seen(form: GroundsForm) -> int:
    return int(form.cleaned_data["version"] or 0)


def _status(context: dict[str, Any]) -> int:
    return 422 if context["form"].errors or context.get("obstacles") else 200


def _done(request: SignedInRequest, pilot: Pilot, made: Amendment) -> HttpResponse:
    messages.success(request, f"Amendment {made.number} is on record, beside the original.")
    return redirect_to(request, reverse("portfolio:contract-detail", args=[pilot.code]))


def _conflict(
    request: SignedInRequest, template: str, context: dict[str, Any], now: Mapping[str, Any], last: Amendment | None
) -> HttpResponse:
    """Somebody amended it meanwhile: what holds now beside what was typed; reason and approver are kept."""
    form = context["form"]
    kept = {name: form.data.get(name, "") for name in ("reason", "approver")}
    conflict = conflict_of(
        form,
        current={**kept, **now},
        row=last or context["round"],
        version=last.number if last else 0,
        action=request.path,
        back=reverse("portfolio:contract-detail", args=[context["pilot"].code]),
    )
    return render(request, template, {**context, "conflict": conflict}, status=409)
