"""What the pages of a gate review share: fetching its sheet, the cards of its criteria, the page itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest
from accounts.comparing import Conflict
from accounts.obstacles import Obstacle
from gates.forms.review import AssessForm, CommentForm, ConcludeForm, ReasonForm
from gates.forms.review_conditions import ConditionFormSet, condition_forms
from gates.lamps import lamp_facts, sentence
from gates.queries import committee_of, day_of, gates_of
from gates.review_sheet import Line, Sheet, review_sheet
from gates.views.late import TooLate
from portfolio.clock import clock
from portfolio.views.fetching import visible_pilot

#: Obstacles that lie in the person, not in the matter.
PERSONAL = {"not_lead", "own_pilot"}
#: The form was about an earlier round.
BEGUN_ANEW = Obstacle(
    "begun_anew",
    "Another round has begun since you opened the page. What you wrote is still here: save it if it holds now.",
    "you",
)
#: The form was about the gate as it was before somebody handed it on.
MOVED_ON = Obstacle(
    "moved_on",
    "Somebody submitted, returned or concluded this gate since you opened the page. What you wrote is still here.",
    "you, after looking at the gate as it is now",
)


@dataclass(frozen=True)
class Card:
    """A line of the sheet with the form that the reader gets for it, if any."""

    line: Line
    form: AssessForm | None
    obstacles: list[Obstacle]
    conflict: Conflict | None = None
    #: Where the reader goes on.
    next: Line | None = None


@dataclass(frozen=True)
class Written:
    """What the reader wrote and could not save, to be shown again in its place."""

    card: Card | None = None
    comment: tuple[str, CommentForm] | None = None
    conclude: ConcludeForm | None = None
    conditions: ConditionFormSet | None = None
    refusal: list[Obstacle] | None = None
    returning: ReasonForm | None = None
    reopening: ReasonForm | None = None
    #: Obstacles of returning or of reopening.
    not_handed: list[Obstacle] | None = None
    late: TooLate | None = None


NOTHING = Written()


def sheet_of(request: SignedInRequest, code: str, gate: str) -> Sheet:
    """The sheet of a gate for this reader; 404 where there is no such gate, or no such pilot for them.

    `?round=` leads to an earlier round, to read; what is posted is always about the latest one.
    """
    pilot = visible_pilot(request.user, code)
    today = day_of(committee_of(pilot), timezone.now())
    asked = request.GET.get("round", "") if request.method == "GET" else ""
    number = int(asked) if asked.isdecimal() and len(asked) < 4 else None
    sheet = review_sheet(pilot=pilot, gate_slug=gate, reader=request.user, today=today, number=number)
    if sheet is None:
        raise Http404
    return sheet


def review_page(
    request: SignedInRequest, sheet: Sheet, written: Written = NOTHING, *, status: int = 200
) -> HttpResponse:
    """Render the page of a gate, with what was written and not saved."""
    kept = written.card
    cards = [kept if kept and kept.line.label == line.label else card_of(sheet, line) for line in sheet.lines]
    concludes = sheet.is_open and not any(obstacle.code in PERSONAL for obstacle in sheet.obstacles)
    returns = sheet.review.pk and not sheet.obstacles_to_return and not sheet.is_earlier
    reopens = sheet.may_reopen
    context = {
        **frame(sheet),
        "cards": cards,
        "comment": written.comment,
        "conclude": (written.conclude or conclude_form(sheet)) if concludes else None,
        "conditions": (written.conditions or condition_forms(sheet.pilot)) if concludes else None,
        "returning": (written.returning or reason_form(sheet)) if returns or written.returning else None,
        "reopening": (written.reopening or reason_form(sheet)) if reopens or written.reopening else None,
        "not_handed": written.not_handed,
        "late": written.late,
        "refusal": written.refusal,
    }
    return render(request, "gates/review_detail.html", context, status=status)


def frame(sheet: Sheet) -> dict[str, Any]:
    """What both pages of a gate show around its criteria."""
    return {
        "sheet": sheet,
        "pilot": sheet.pilot,
        "gates": gates_of(sheet.round),
        "lamp_reason": sentence(lamp_facts(sheet.pilot, sheet.round, [sheet.gate])[sheet.gate.pk]),
        "clock": clock(
            due=sheet.pilot.standing.undecided_since,
            monthly_cost=sheet.pilot.monthly_cost,
            today=sheet.today,
        ),
    }


def card_of(sheet: Sheet, line: Line) -> Card:
    """A criterion with its form, for those who may assess it while the gate is open."""
    form = None if line.obstacles or not sheet.is_open else assess_form(sheet, line)
    return Card(line, form, line.obstacles, next=sheet.next_after(line) if form else None)


def assess_form(sheet: Sheet, line: Line, data: Mapping[str, Any] | None = None) -> AssessForm:
    """The form of one criterion, filled with what was found last."""
    initial: dict[str, Any] = {"round": sheet.round.number, "version": line.seen}
    if line.current:
        initial |= {"finding": line.current.finding, "comment": line.current.comment}
    return AssessForm(data, initial=initial, auto_id=f"criterion-{line.criterion.pk}-%s")


def conclude_form(sheet: Sheet) -> ConcludeForm:
    """An empty form to conclude the gate as it is now."""
    return ConcludeForm(initial={"round": sheet.round.number, "version": sheet.review.version})


def reason_form(sheet: Sheet, data: Mapping[str, Any] | None = None) -> ReasonForm:
    """A form for a reason, about the gate as it is now."""
    return ReasonForm(data, initial={"version": sheet.review.version})


def address_of(sheet: Sheet, line: Line | None = None) -> str:
    """The gate's page, or the place of a criterion on it."""
    page = reverse("gates:review-detail", args=[sheet.pilot.code, sheet.gate.slug])
    return f"{page}#criterion-{line.criterion.pk}" if line else page
