"""The page on which a business case is written: an entry for the case and for each line, each saved by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import reswap, retarget, trigger_client_event

from accounts.access import SignedInRequest
from accounts.comparing import Conflict, conflict_of
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, redirect_to
from portfolio.case_checks import obstacles, questions, ratio
from portfolio.case_sheet import Sheet, draft_of, sheet_of
from portfolio.forms.business_case import (
    COVERS,
    AddAssumptionForm,
    AddBenefitForm,
    AssumptionForm,
    BenefitForm,
    CostForm,
    FrameForm,
    LineForm,
)
from portfolio.models import Assumption, BenefitLine, BusinessCase, CostLine, Pilot
from portfolio.states import CostKind

Row = BusinessCase | CostLine | BenefitLine | Assumption


@dataclass(frozen=True)
class Entry:
    """One small form of the page, with what it belongs to."""

    anchor: str
    title: str
    template: str
    action: str
    row: Row
    #: Makes the form, of what was posted or of the row.
    make: Callable[..., LineForm | FrameForm | AssumptionForm]
    form: LineForm | FrameForm | AssumptionForm
    #: What tells the verb which row it is.
    key: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    remove: str = ""
    obstacles: list[Obstacle] = field(default_factory=list)
    conflict: Conflict | None = None

    def bound(self, data: Mapping[str, Any]) -> "Entry":
        """Return the entry with what somebody has posted."""
        return replace(self, form=self.make(data))


@dataclass(frozen=True)
class Page:
    """Everything on the page of a draft."""

    sheet: Sheet
    user: User
    frame: Entry
    costs: list[Entry]
    benefits: list[Entry]
    assumptions: list[Entry]

    @property
    def pilot(self) -> Pilot:
        return self.sheet.case.pilot

    @property
    def obstacles(self) -> list[Obstacle]:
        return obstacles(self.sheet)

    @property
    def questions(self) -> list[Any]:
        return questions(self.sheet)

    @property
    def ratio(self) -> str:
        return ratio(self.sheet)

    def find(self, entries: str, place: int | str) -> Entry | None:
        """Return the entry of a line by its place, of a cost by its kind."""
        found: list[Entry] = getattr(self, entries)
        return next((one for one in found if place in one.key.values()), None)


def page_of(user: User, sheet: Sheet) -> Page:
    """Put the page of a draft together."""
    return Page(
        sheet=sheet,
        user=user,
        frame=_frame(sheet),
        costs=[_cost(sheet, line) for line in sheet.costs],
        benefits=[_benefit(sheet, line) for line in sheet.benefits],
        assumptions=[_assumption(sheet, line) for line in sheet.assumptions],
    )


def save_entry(
    request: SignedInRequest,
    pilot: Pilot,
    find: Callable[[Page], Entry | None],
    write: Callable[..., Row],
) -> HttpResponse:
    """Save one entry: 200 with its state for htmx, else back to the page; 422 and 409 as everywhere."""
    page = _page(request, pilot)
    entry = find(page) if page else None
    if page is None or entry is None:
        raise Http404
    if request.method != "POST":
        return redirect(f"{_address(pilot)}#{entry.anchor}")
    entry = entry.bound(request.POST)
    if entry.form.is_valid():
        seen = entry.form.cleaned_data["version"]
        try:
            write(
                actor=request.user,
                pilot=pilot,
                seen=seen,
                now=timezone.now(),
                **entry.key,
                **entry.form.facts(),
            )
        except StaleError:
            return _stale(request, pilot, find, entry)
        except ValidationError as error:
            entry = replace(entry, obstacles=add_errors(entry.form, error))
        else:
            return _saved(request, pilot, find, entry)
    if request.htmx:
        context = {"page": page, "entry": entry}
        return render(request, "portfolio/business_case_edit.html#state", context, status=422)
    return write_page(request, page, entry=entry, status=422)


def write_page(
    request: SignedInRequest,
    page: Page,
    *,
    entry: Entry | None = None,
    refusal: list[Obstacle] | None = None,
    add_benefit: AddBenefitForm | None = None,
    add_assumption: AddAssumptionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page, with one entry as it was posted where it could not be saved."""

    def shown(entries: list[Entry]) -> list[Entry]:
        return [entry if entry and one.anchor == entry.anchor else one for one in entries]

    context = {
        "pilot": page.pilot,
        "page": page,
        "frame": shown([page.frame])[0],
        "costs": shown(page.costs),
        "benefits": shown(page.benefits),
        "assumptions": shown(page.assumptions),
        "add_benefit": add_benefit or AddBenefitForm(auto_id="add-benefit-%s"),
        "add_assumption": add_assumption or AddAssumptionForm(auto_id="add-assumption-%s"),
        "refusal": refusal,
    }
    return render(request, "portfolio/business_case_edit.html", context, status=status)


def _page(request: SignedInRequest, pilot: Pilot) -> Page | None:
    draft = draft_of(pilot)
    return page_of(request.user, sheet_of(draft)) if draft else None


def _saved(request: SignedInRequest, pilot: Pilot, find: Callable[[Page], Entry | None], entry: Entry) -> HttpResponse:
    if not request.htmx:
        messages.success(request, f"Saved: {entry.title}.")
        return redirect(f"{_address(pilot)}#{entry.anchor}")
    page = _page(request, pilot)
    fresh = find(page) if page else None
    response = render(request, "portfolio/business_case_edit.html#state", {"page": page, "entry": fresh or entry})
    return trigger_client_event(response, "caseChanged")


def _stale(request: SignedInRequest, pilot: Pilot, find: Callable[[Page], Entry | None], entry: Entry) -> HttpResponse:
    page = _page(request, pilot)
    fresh = find(page) if page else None
    if page is None or fresh is None:
        return redirect_to(request, _address(pilot))
    conflict = conflict_of(
        entry.form,
        current={bound.name: bound.value() for bound in fresh.form},
        row=fresh.row,
        version=fresh.row.version,
        action=entry.action,
        back=f"{_address(pilot)}#{entry.anchor}",
    )
    entry = replace(entry, conflict=conflict)
    if not request.htmx:
        return write_page(request, page, entry=entry, status=409)
    context = {"page": page, "entry": entry}
    response = render(request, "portfolio/business_case_edit.html#card", context, status=409)
    return reswap(retarget(response, f"#{entry.anchor}"), "outerHTML")


def _entry(anchor: str, row: Row, form: Callable[..., Any], **facts: Any) -> Entry:
    make = partial(form, instance=row, auto_id=f"{anchor}-%s", initial={"version": row.version})
    return Entry(anchor=anchor, row=row, make=make, form=make(), **facts)


def _frame(sheet: Sheet) -> Entry:
    case = sheet.case
    return _entry(
        "plans",
        case,
        partial(FrameForm, answers=sheet.file_answers),
        title="Plans",
        template="portfolio/partials/case_plans.html",
        action=_address(case.pilot),
    )


def _cost(sheet: Sheet, line: CostLine) -> Entry:
    kind = CostKind(line.kind)
    anchor = f"cost-{kind.value}"
    return _entry(
        anchor,
        line,
        CostForm,
        title=kind.label,
        template="portfolio/partials/case_cost.html",
        action=reverse("portfolio:cost-line-edit", args=[sheet.case.pilot.code, kind.value]),
        key={"kind": kind.value},
        note=COVERS[kind],
    )


def _benefit(sheet: Sheet, line: BenefitLine) -> Entry:
    anchor, arguments = f"benefit-{line.place}", [sheet.case.pilot.code, line.place]
    return _entry(
        anchor,
        line,
        BenefitForm,
        title=line.name,
        template="portfolio/partials/case_benefit.html",
        action=reverse("portfolio:benefit-edit", args=arguments),
        key={"place": line.place},
        remove=reverse("portfolio:benefit-remove", args=arguments),
    )


def _assumption(sheet: Sheet, line: Assumption) -> Entry:
    anchor, arguments = f"assumption-{line.place}", [sheet.case.pilot.code, line.place]
    number = sheet.assumptions.index(line) + 1
    return _entry(
        anchor,
        line,
        AssumptionForm,
        title=f"Assumption {number}",
        template="portfolio/partials/case_assumption.html",
        action=reverse("portfolio:assumption-edit", args=arguments),
        key={"place": line.place},
        remove=reverse("portfolio:assumption-remove", args=arguments),
    )


def _address(pilot: Pilot) -> str:
    return reverse("portfolio:business-case-edit", args=[pilot.code])
