"""The owner's side of a gate: claims that save by themselves, what is missing, submitting."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from accounts.obstacles import Obstacle, RefusedError, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.forms.review import ClaimForm, CommentForm
from gates.models import Claim
from gates.preparing import save_claim, submit_review, what_is_missing
from gates.review_sheet import Line, Sheet
from gates.states import Finding
from gates.views.review_page import BEGUN_ANEW, MOVED_ON, frame, sheet_of
from portfolio.views.fetching import editable_pilot


@dataclass(frozen=True)
class ClaimCard:
    """A criterion with the owner's form for it."""

    line: Line
    form: ClaimForm | None
    obstacles: list[Obstacle]
    conflict: Conflict | None = None


@access(signed_in)
def review_prepare(request: SignedInRequest, code: str, gate: str) -> HttpResponse:
    """Prepare a gate: a claim, the owner's own view and evidence for each criterion. Reading opens no review."""
    return prepare_page(request, _owned(request, code, gate))


@access(signed_in)
def claim_save(request: SignedInRequest, code: str, gate: str, criterion: str) -> HttpResponse:
    """Save what the owner claims of one criterion: by itself while writing, or by its button."""
    sheet = _owned(request, code, gate)
    line = sheet.by_slug.get(criterion)
    if line is None:
        raise Http404
    if request.method != "POST":
        return redirect(_address(sheet, line))
    form = _claim_form(sheet, line, request.POST)
    obstacles: list[Obstacle] = []
    if form.is_valid():
        try:
            save_claim(
                actor=request.user,
                pilot=sheet.pilot,
                criterion=line.criterion,
                text=form.cleaned_data["text"],
                view=form.cleaned_data["view"],
                seen=form.cleaned_data["version"],
                seen_round=form.cleaned_data["round"],
                now=timezone.now(),
            )
        except StaleError:
            return _stale(request, _owned(request, code, gate), criterion, form)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            return _saved(request, _owned(request, code, gate), criterion)
    card = ClaimCard(line, form, obstacles)
    if request.htmx:
        return render(request, "gates/review_prepare.html#state", {"sheet": sheet, "card": card}, status=422)
    return prepare_page(request, sheet, card=card, status=422)


@access(signed_in)
@once
def review_submit(request: SignedInRequest, code: str, gate: str) -> HttpResponse:
    """Hand the gate to its reviewers; htmx reads from here what is still missing."""
    sheet = _owned(request, code, gate)
    if request.method != "POST":
        if request.htmx:
            context = {"sheet": sheet, "missing": _missing(request, sheet), "version": sheet.review.version}
            return render(request, "gates/review_prepare.html#missing", context)
        return redirect(f"{_address(sheet)}#submit")
    try:
        review = submit_review(
            actor=request.user,
            pilot=sheet.pilot,
            gate_slug=sheet.gate.slug,
            seen=_version(request),
            today=sheet.today,
            now=timezone.now(),
        )
    except StaleError:
        return prepare_page(request, _owned(request, code, gate), refusal=[MOVED_ON], status=409)
    except RefusedError as error:
        return prepare_page(request, _owned(request, code, gate), refusal=error.obstacles, status=422)
    asked = sorted({str(one.reviewer) for one in review.requests.filter(ended_at=None).select_related("reviewer")})
    whom = f"{', '.join(asked)} will look at it" if asked else f"{review.lead} will conclude it"
    messages.success(request, f"{sheet.gate} is submitted: {whom}.")
    return redirect_to(request, _address(sheet))


def prepare_page(
    request: SignedInRequest,
    sheet: Sheet,
    *,
    card: ClaimCard | None = None,
    comment: tuple[str, CommentForm] | None = None,
    refusal: list[Obstacle] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the owner's page of a gate, with what was written and not saved."""
    cards = [card if card and card.line.label == line.label else _card(sheet, line) for line in sheet.lines]
    context = {
        **frame(sheet),
        "cards": cards,
        "comment": comment,
        "missing": _missing(request, sheet) if sheet.with_owner else [],
        "version": sheet.review.version,
        "refusal": refusal,
    }
    return render(request, "gates/review_prepare.html", context, status=status)


def _owned(request: SignedInRequest, code: str, gate: str) -> Sheet:
    editable_pilot(request.user, code)
    sheet = sheet_of(request, code, gate)
    if not sheet.prepares:
        raise PermissionDenied("a part in this pilot that keeps its file")
    return sheet


def _missing(request: SignedInRequest, sheet: Sheet) -> list[Obstacle]:
    return what_is_missing(actor=request.user, review=sheet.review, pilot=sheet.pilot, today=sheet.today)


def _version(request: SignedInRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() else 0


def _card(sheet: Sheet, line: Line) -> ClaimCard:
    return ClaimCard(line, _claim_form(sheet, line) if sheet.is_open else None, [])


def _claim_form(sheet: Sheet, line: Line, data: Mapping[str, Any] | None = None) -> ClaimForm:
    initial: dict[str, Any] = {"round": sheet.round.number, "version": line.claim_seen}
    if line.claim:
        initial |= {"text": line.claim.text, "view": line.claim.view}
    return ClaimForm(data, initial=initial, auto_id=f"claim-{line.criterion.pk}-%s")


def _saved(request: SignedInRequest, sheet: Sheet, criterion: str) -> HttpResponse:
    line = sheet.by_slug[criterion]
    if not request.htmx:
        messages.success(request, f"Saved what you wrote of {line.label}.")
        return redirect(_address(sheet, line))
    response = render(request, "gates/review_prepare.html#state", {"sheet": sheet, "card": _card(sheet, line)})
    return trigger_client_event(response, "claimSaved")


def _stale(request: SignedInRequest, sheet: Sheet, criterion: str, form: ClaimForm) -> HttpResponse:
    line = sheet.by_slug[criterion]
    if line.claim and form.cleaned_data["round"] == sheet.round.number:
        card = ClaimCard(line, None, [], _both_texts(sheet, line, line.claim, form.cleaned_data))
    else:
        again = {**request.POST.dict(), "round": sheet.round.number, "version": line.claim_seen}
        card = ClaimCard(line, _claim_form(sheet, line, again), [BEGUN_ANEW])
    if not request.htmx:
        return prepare_page(request, sheet, card=card, status=409)
    response = render(request, "gates/review_prepare.html#criterion", {"sheet": sheet, "card": card}, status=409)
    return reswap(retarget(response, f"#criterion-{line.criterion.pk}"), "outerHTML")


def _both_texts(sheet: Sheet, line: Line, current: Claim, yours: dict[str, Any]) -> Conflict:
    view = ConflictField(
        name="view",
        label="Own view",
        theirs=current.view,
        yours=yours["view"],
        fixed=True,
        theirs_text=current.get_view_display() or "None yet",
        yours_text=Finding(yours["view"]).label if yours["view"] else "None yet",
    )
    return Conflict(
        action=reverse("gates:claim-save", args=[sheet.pilot.code, sheet.gate.slug, line.criterion.slug]),
        back=_address(sheet, line),
        version=line.claim_seen,
        by=str(current.author or "Pilotage"),
        at=current.at,
        fields=[ConflictField("text", "Claim", current.text, yours["text"], long=True), view],
        hidden=[("round", str(sheet.round.number))],
    )


def _address(sheet: Sheet, line: Line | None = None) -> str:
    page = reverse("gates:review-prepare", args=[sheet.pilot.code, sheet.gate.slug])
    return f"{page}#criterion-{line.criterion.pk}" if line else page
