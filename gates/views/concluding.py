"""Concluding a gate, returning it to its owner, opening a concluded one again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.forms.review import ConcludeForm
from gates.forms.review_conditions import ConditionFormSet, condition_forms
from gates.reopening import reopen_review
from gates.returning import return_review
from gates.review_sheet import Sheet
from gates.reviewing import conclude_in_pilot
from gates.views.late import TooLate
from gates.views.review_page import (
    BEGUN_ANEW,
    MOVED_ON,
    PERSONAL,
    Written,
    address_of,
    reason_form,
    review_page,
    sheet_of,
)
from portfolio.states import LampState


@access(signed_in)
@once
def review_conclude(request: SignedInRequest, code: str, gate: str) -> HttpResponse:
    """Conclude a gate, by its lead reviewer; htmx reads from here what is still in the way."""
    sheet = sheet_of(request, code, gate)
    if request.method != "POST":
        if request.htmx:
            return render(request, "gates/review_detail.html#readiness", {"sheet": sheet})
        return redirect(address_of(sheet))
    if any(obstacle.code in PERSONAL for obstacle in sheet.obstacles):
        raise PermissionDenied(f"to review for {sheet.gate.get_lead_function_display()}, and no part in this pilot")
    form, conditions = ConcludeForm(request.POST), condition_forms(sheet.pilot, request.POST)
    if not (form.is_valid() and conditions.is_valid()):
        return review_page(request, sheet, Written(conclude=form, conditions=conditions), status=422)
    return _concluded(request, sheet, form, conditions)


@access(signed_in)
@once
def review_return(request: SignedInRequest, code: str, gate: str) -> HttpResponse:
    """Return a gate to its owner with a reason."""
    sheet = sheet_of(request, code, gate)
    if request.method != "POST":
        return redirect(f"{address_of(sheet)}#return")
    if any(obstacle.code in {"other_function", "own_pilot"} for obstacle in sheet.obstacles_to_return):
        raise PermissionDenied("to review for a function of this gate, and no part in this pilot")
    form = reason_form(sheet, request.POST)
    obstacles: list[Obstacle] = list(sheet.obstacles_to_return) if sheet.review.pk is None else []
    if form.is_valid() and not obstacles:
        try:
            return_review(
                actor=request.user,
                review=sheet.review,
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["version"],
                today=sheet.today,
                now=timezone.now(),
            )
        except StaleError:
            return _moved_on(request, code, gate, "returning")
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{sheet.gate} is back with its owner.")
            return redirect_to(request, address_of(sheet))
    return review_page(request, sheet, Written(returning=form, not_handed=obstacles), status=422)


@access(signed_in)
@once
def review_reopen(request: SignedInRequest, code: str, gate: str) -> HttpResponse:
    """Open a concluded gate again, by its lead reviewer, with a reason."""
    sheet = sheet_of(request, code, gate)
    if request.method != "POST":
        return redirect(f"{address_of(sheet)}#reopen")
    if any(obstacle.code in PERSONAL for obstacle in sheet.obstacles):
        raise PermissionDenied(f"to review for {sheet.gate.get_lead_function_display()}, and no part in this pilot")
    form = reason_form(sheet, request.POST)
    obstacles: list[Obstacle] = []
    if form.is_valid() and sheet.review.pk:
        try:
            reopen_review(
                actor=request.user,
                review=sheet.review,
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["version"],
                today=sheet.today,
                now=timezone.now(),
            )
        except StaleError:
            return _moved_on(request, code, gate, "reopening")
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{sheet.gate} is open again, and with its owner.")
            return redirect_to(request, address_of(sheet))
    return review_page(request, sheet, Written(reopening=form, not_handed=obstacles), status=422)


def _moved_on(request: SignedInRequest, code: str, gate: str, which: str) -> HttpResponse:
    sheet = sheet_of(request, code, gate)
    again = reason_form(sheet, {**request.POST.dict(), "version": sheet.review.version})
    written = Written(**{which: again}, not_handed=[MOVED_ON])  # type: ignore[arg-type]
    return review_page(request, sheet, written, status=409)


def _concluded(
    request: SignedInRequest, sheet: Sheet, form: ConcludeForm, conditions: ConditionFormSet
) -> HttpResponse:
    try:
        review = conclude_in_pilot(
            actor=request.user,
            pilot=sheet.pilot,
            gate_slug=sheet.gate.slug,
            state=LampState(form.cleaned_data["state"]),
            conclusion=form.cleaned_data["conclusion"],
            conditions=conditions.terms() if form.cleaned_data["state"] == LampState.CONDITIONAL else [],
            seen=form.cleaned_data["version"],
            seen_round=form.cleaned_data["round"],
            today=sheet.today,
            now=timezone.now(),
        )
    except StaleError:
        sheet = sheet_of(request, sheet.pilot.code, sheet.gate.slug)
        if sheet.review.concluded_at:
            return review_page(request, sheet, Written(late=_too_late(sheet, form)), status=409)
        again = ConcludeForm({**request.POST.dict(), "round": sheet.round.number, "version": sheet.review.version})
        why = MOVED_ON if form.cleaned_data["round"] == sheet.round.number else BEGUN_ANEW
        written = Written(conclude=again, conditions=conditions, refusal=[why])
        return review_page(request, sheet, written, status=409)
    except ValidationError as error:
        obstacles = add_errors(form, error)
        return review_page(request, sheet, Written(conclude=form, conditions=conditions, refusal=obstacles), status=422)
    messages.success(request, f"{sheet.gate} is concluded: {review.get_state_display().lower()}.")
    return redirect_to(request, address_of(sheet))


def _too_late(sheet: Sheet, form: ConcludeForm) -> TooLate:
    return TooLate(
        title="Somebody concluded this gate while you were writing",
        by=str(sheet.review.concluded_by or "Somebody"),
        at=sheet.review.concluded_at or timezone.now(),
        url=address_of(sheet),
        label="See the gate as it is",
        theirs=[("The gate is", sheet.review.get_state_display()), ("Conclusion", sheet.review.conclusion)],
        yours=[
            ("The gate is", LampState(form.cleaned_data["state"]).label),
            ("Conclusion", form.cleaned_data["conclusion"]),
        ],
    )
