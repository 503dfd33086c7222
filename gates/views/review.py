"""Gate reviews: one gate of a pilot with its criteria, assessing them, concluding the gate; the reviewers' queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import reswap, retarget, trigger_client_event

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import Conflict, ConflictField
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.forms.review import AssessForm, ConcludeForm
from gates.models import Assessment
from gates.permissions import functions_of
from gates.queries import committee_of, day_of, gates_of
from gates.review_sheet import Line, Sheet, review_sheet
from gates.reviewing import assess_in_pilot, conclude_in_pilot
from gates.states import Finding
from gates.views.late import TooLate
from gates.waiting import gates_to_assess, reviews_to_conclude, rounds_to_assess
from portfolio.clock import clock
from portfolio.states import LampState
from portfolio.views.fetching import visible_pilot

PAGE_SIZE = 25
#: Obstacles that lie in the person, not in the matter.
PERSONAL = {"not_lead", "own_pilot"}
#: The form was about an earlier round.
BEGUN_ANEW = Obstacle(
    "begun_anew",
    "Another round has begun since you opened the page. What you wrote is still here: save it if it holds now.",
    "you",
)


@dataclass(frozen=True)
class Card:
    """A line of the sheet with the form that the reader gets for it, if any."""

    line: Line
    form: AssessForm | None
    obstacles: list[Obstacle]
    conflict: Conflict | None = None


@access(signed_in)
def review_detail(request: SignedInRequest, code: str, gate: str) -> HttpResponse:
    """One gate: its question, its criteria with what was found, and how it concludes. Reading opens no review."""
    return _page(request, _sheet(request, code, gate))


@access(signed_in)
def criterion_assess(request: SignedInRequest, code: str, gate: str, criterion: str) -> HttpResponse:
    """Save what was found of one criterion: by itself while writing, or by its button."""
    sheet = _sheet(request, code, gate)
    line = sheet.by_slug.get(criterion)
    if line is None:
        raise Http404
    if request.method != "POST":
        return redirect(_address(sheet, line))
    if line.obstacles:
        raise PermissionDenied(f"to review for {line.criterion.get_function_display()}, and no part in this pilot")
    form = _assess_form(sheet, line, request.POST)
    obstacles: list[Obstacle] = []
    if form.is_valid():
        try:
            _assess(request, sheet, line, form)
        except StaleError:
            return _stale(request, _sheet(request, code, gate), criterion, form)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            return _saved(request, _sheet(request, code, gate), criterion)
    card = Card(line, form, obstacles)
    if request.htmx:
        return render(request, "gates/review_detail.html#state", {"sheet": sheet, "card": card}, status=422)
    return _page(request, sheet, card=card, status=422)


@access(signed_in)
@once
def review_conclude(request: SignedInRequest, code: str, gate: str) -> HttpResponse:
    """Conclude a gate, by its lead reviewer; htmx reads from here what is still in the way."""
    sheet = _sheet(request, code, gate)
    if request.method != "POST":
        if request.htmx:
            return render(request, "gates/review_detail.html#readiness", {"sheet": sheet})
        return redirect(_address(sheet))
    if any(obstacle.code in PERSONAL for obstacle in sheet.obstacles):
        raise PermissionDenied(f"to review for {sheet.gate.get_lead_function_display()}, and no part in this pilot")
    form = ConcludeForm(request.POST)
    if not form.is_valid():
        return _page(request, sheet, conclude=form, status=422)
    return _concluded(request, sheet, form)


@access(signed_in)
def review_queue(request: SignedInRequest) -> HttpResponse:
    """What waits for this reviewer: gates with criteria to assess, the one due first on top; gates to conclude."""
    today = day_of(None, timezone.now())
    functions = functions_of(request.user, today)
    page = Paginator(rounds_to_assess(request.user, functions), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "functions": sorted(function.label for function in functions),
        "page": page,
        "rows": [
            (waiting, clock(due=waiting.round.decision_due, monthly_cost=waiting.round.pilot.monthly_cost, today=today))
            for waiting in gates_to_assess(list(page), functions)
        ],
        "to_conclude": reviews_to_conclude(request.user, functions)[:PAGE_SIZE],
    }
    return render(request, "gates/review_queue.html", context)


def _sheet(request: SignedInRequest, code: str, gate: str) -> Sheet:
    pilot = visible_pilot(request.user, code)
    today = day_of(committee_of(pilot), timezone.now())
    sheet = review_sheet(pilot=pilot, gate_slug=gate, reader=request.user, today=today)
    if sheet is None:
        raise Http404
    return sheet


def _page(
    request: SignedInRequest,
    sheet: Sheet,
    *,
    card: Card | None = None,
    conclude: ConcludeForm | None = None,
    late: TooLate | None = None,
    refusal: list[Obstacle] | None = None,
    status: int = 200,
) -> HttpResponse:
    cards = [card if card and card.line.label == line.label else _card(sheet, line) for line in sheet.lines]
    concludes = sheet.is_open and not any(obstacle.code in PERSONAL for obstacle in sheet.obstacles)
    context = {
        "sheet": sheet,
        "pilot": sheet.pilot,
        "cards": cards,
        "gates": gates_of(sheet.round),
        "conclude": (conclude or _conclude_form(sheet)) if concludes else None,
        "late": late,
        "refusal": refusal,
        "clock": clock(
            due=sheet.pilot.standing.undecided_since,
            monthly_cost=sheet.pilot.monthly_cost,
            today=day_of(committee_of(sheet.pilot), timezone.now()),
        ),
    }
    return render(request, "gates/review_detail.html", context, status=status)


def _card(sheet: Sheet, line: Line) -> Card:
    return Card(line, None if line.obstacles or not sheet.is_open else _assess_form(sheet, line), line.obstacles)


def _conclude_form(sheet: Sheet) -> ConcludeForm:
    return ConcludeForm(initial={"round": sheet.round.number, "version": sheet.review.version})


def _assess_form(sheet: Sheet, line: Line, data: Mapping[str, Any] | None = None) -> AssessForm:
    initial: dict[str, Any] = {"round": sheet.round.number, "version": line.seen}
    if line.current:
        initial |= {"finding": line.current.finding, "comment": line.current.comment}
    return AssessForm(data, initial=initial, auto_id=f"criterion-{line.criterion.pk}-%s")


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
        return redirect(_address(sheet, line))
    response = render(request, "gates/review_detail.html#state", {"sheet": sheet, "card": _card(sheet, line)})
    return trigger_client_event(response, "criterionAssessed")


def _concluded(request: SignedInRequest, sheet: Sheet, form: ConcludeForm) -> HttpResponse:
    try:
        review = conclude_in_pilot(
            actor=request.user,
            pilot=sheet.pilot,
            gate_slug=sheet.gate.slug,
            state=LampState(form.cleaned_data["state"]),
            conclusion=form.cleaned_data["conclusion"],
            seen=form.cleaned_data["version"],
            seen_round=form.cleaned_data["round"],
            today=day_of(committee_of(sheet.pilot), timezone.now()),
            now=timezone.now(),
        )
    except StaleError:
        sheet = _sheet(request, sheet.pilot.code, sheet.gate.slug)
        if sheet.review.concluded_at:
            return _page(request, sheet, late=_too_late(sheet, form), status=409)
        again = ConcludeForm({**request.POST.dict(), "round": sheet.round.number, "version": sheet.review.version})
        return _page(request, sheet, conclude=again, refusal=[BEGUN_ANEW], status=409)
    except ValidationError as error:
        obstacles = add_errors(form, error)
        return _page(request, sheet, conclude=form, refusal=obstacles, status=422)
    messages.success(request, f"{sheet.gate} is concluded: {review.get_state_display().lower()}.")
    return redirect_to(request, _address(sheet))


def _stale(request: SignedInRequest, sheet: Sheet, criterion: str, form: AssessForm) -> HttpResponse:
    line = sheet.by_slug[criterion]
    if line.current and form.cleaned_data["round"] == sheet.round.number:
        card = Card(line, None, [], _both_texts(sheet, line, line.current, form.cleaned_data))
    else:
        again = {**request.POST.dict(), "round": sheet.round.number, "version": line.seen}
        card = Card(line, _assess_form(sheet, line, again), [BEGUN_ANEW])
    if not request.htmx:
        return _page(request, sheet, card=card, status=409)
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
        back=_address(sheet, line),
        version=line.seen,
        by=str(current.assessor or "Pilotage"),
        at=current.at,
        fields=[finding, ConflictField("comment", "Comment", current.comment, yours["comment"], long=True)],
        hidden=[("round", str(sheet.round.number))],
    )


def _too_late(sheet: Sheet, form: ConcludeForm) -> TooLate:
    return TooLate(
        title="Somebody concluded this gate while you were writing",
        by=str(sheet.review.concluded_by or "Somebody"),
        at=sheet.review.concluded_at or timezone.now(),
        url=_address(sheet),
        label="See the gate as it is",
        theirs=[("The gate is", sheet.review.get_state_display()), ("Conclusion", sheet.review.conclusion)],
        yours=[
            ("The gate is", LampState(form.cleaned_data["state"]).label),
            ("Conclusion", form.cleaned_data["conclusion"]),
        ],
    )


def _address(sheet: Sheet, line: Line | None = None) -> str:
    page = reverse("gates:review-detail", args=[sheet.pilot.code, sheet.gate.slug])
    return f"{page}#criterion-{line.criterion.pk}" if line else page


def _assess_address(sheet: Sheet, line: Line) -> str:
    return reverse("gates:criterion-assess", args=[sheet.pilot.code, sheet.gate.slug, line.criterion.slug])
