"""One gate of a pilot: reading it, assessing its criteria, talking about them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import reswap, retarget, trigger_client_event

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import Conflict, ConflictField
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.forms.review import AssessForm, CommentForm
from gates.models import Assessment
from gates.queries import committee_of, day_of
from gates.returning import comment_on_criterion
from gates.review_sheet import Line, Sheet
from gates.reviewing import assess_in_pilot
from gates.states import Finding
from gates.views.preparing import prepare_page
from gates.views.review_page import BEGUN_ANEW, Card, Written, address_of, assess_form, card_of, review_page, sheet_of


@access(signed_in)
def review_detail(request: SignedInRequest, code: str, gate: str) -> HttpResponse:
    """One gate: its question, its criteria with what was found, and how it concludes. Reading opens no review."""
    return review_page(request, sheet_of(request, code, gate))


@access(signed_in)
def criterion_assess(request: SignedInRequest, code: str, gate: str, criterion: str) -> HttpResponse:
    """Save what was found of one criterion: by itself while writing, or by its button."""
    sheet = sheet_of(request, code, gate)
    line = sheet.by_slug.get(criterion)
    if line is None:
        raise Http404
    if request.method != "POST":
        return redirect(address_of(sheet, line))
    if line.obstacles:
        raise PermissionDenied(f"to review for {line.criterion.get_function_display()}, and no part in this pilot")
    form = assess_form(sheet, line, request.POST)
    obstacles: list[Obstacle] = []
    if form.is_valid():
        try:
            _assess(request, sheet, line, form)
        except StaleError:
            return _stale(request, sheet_of(request, code, gate), criterion, form)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            return _saved(request, sheet_of(request, code, gate), criterion)
    card = Card(line, form, obstacles)
    if request.htmx:
        return render(request, "gates/review_detail.html#state", {"sheet": sheet, "card": card}, status=422)
    return review_page(request, sheet, Written(card=card), status=422)


@access(signed_in)
@once
def comment_add(request: SignedInRequest, code: str, gate: str, criterion: str) -> HttpResponse:
    """Say something about one criterion; the owner answers on their page, reviewers on theirs."""
    sheet = sheet_of(request, code, gate)
    line = sheet.by_slug.get(criterion)
    if line is None:
        raise Http404
    if request.method != "POST":
        return redirect(address_of(sheet, line))
    if sheet.obstacles_to_talk:
        raise PermissionDenied("a part in this pilot that keeps its file, or to review")
    form = CommentForm(request.POST)
    preparing = "preparing" in request.POST and sheet.prepares
    if form.is_valid():
        try:
            comment_on_criterion(
                actor=request.user,
                pilot=sheet.pilot,
                criterion=line.criterion,
                text=form.cleaned_data["text"],
                today=sheet.today,
                now=timezone.now(),
            )
        except ValidationError as error:
            for obstacle in add_errors(form, error):
                form.add_error(None, obstacle.what)
        else:
            page = "gates:review-prepare" if preparing else "gates:review-detail"
            url = reverse(page, args=[sheet.pilot.code, sheet.gate.slug])
            return redirect_to(request, f"{url}#criterion-{line.criterion.pk}")
    if preparing:
        return prepare_page(request, sheet, comment=(line.label, form), status=422)
    return review_page(request, sheet, Written(comment=(line.label, form)), status=422)


def _assess(request: SignedInRequest, sheet: Sheet, line: Line, form: AssessForm) -> None:
    assess_in_pilot(
        actor=request.user,
        pilot=sheet.pilot,
        criterion=line.criterion,
        finding=Finding(form.cleaned_data["finding"]),
        comment=form.cleaned_data["comment"],
        seen=form.cleaned_data["version"],
        seen_round=form.cleaned_data["round"],
        today=day_of(committee_of(sheet.pilot), timezone.now()),
        now=timezone.now(),
    )


def _saved(request: SignedInRequest, sheet: Sheet, criterion: str) -> HttpResponse:
    line = sheet.by_slug[criterion]
    if not request.htmx:
        messages.success(request, f"Saved what you found of {line.label}.")
        return redirect(address_of(sheet, line))
    response = render(request, "gates/review_detail.html#state", {"sheet": sheet, "card": card_of(sheet, line)})
    return trigger_client_event(response, "criterionAssessed")


def _stale(request: SignedInRequest, sheet: Sheet, criterion: str, form: AssessForm) -> HttpResponse:
    line = sheet.by_slug[criterion]
    if line.current and form.cleaned_data["round"] == sheet.round.number:
        card = Card(line, None, [], _both_texts(sheet, line, line.current, form.cleaned_data))
    else:
        again = {**request.POST.dict(), "round": sheet.round.number, "version": line.seen}
        card = Card(line, assess_form(sheet, line, again), [BEGUN_ANEW])
    if not request.htmx:
        return review_page(request, sheet, Written(card=card), status=409)
    response = render(request, "gates/review_detail.html#criterion", {"sheet": sheet, "card": card}, status=409)
    return reswap(retarget(response, f"#criterion-{line.criterion.pk}"), "outerHTML")


def _both_texts(sheet: Sheet, line: Line, current: Assessment, yours: dict[str, Any]) -> Conflict:
    finding = ConflictField(
        name="finding",
        label="What was found",
        theirs=current.finding,
        yours=yours["finding"],
        fixed=True,
        theirs_text=current.get_finding_display(),
        yours_text=Finding(yours["finding"]).label,
    )
    return Conflict(
        action=_assess_address(sheet, line),
        back=address_of(sheet, line),
        version=line.seen,
        by=str(current.assessor or "Pilotage"),
        at=current.at,
        fields=[finding, ConflictField("comment", "Comment", current.comment, yours["comment"], long=True)],
        hidden=[("round", str(sheet.round.number))],
    )


def _assess_address(sheet: Sheet, line: Line) -> str:
    return reverse("gates:criterion-assess", args=[sheet.pilot.code, sheet.gate.slug, line.criterion.slug])
