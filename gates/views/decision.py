"""Decisions: recording one, the list of all, one on record."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, OrderBy, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.deciding import record_decision
from gates.decision_brief import Brief, decision_brief
from gates.forms.decision import DecisionFilter, DecisionForm
from gates.models import Decision
from gates.queries import committee_of, day_of, decisions_visible_to
from gates.record import content_of, round_after, seal_of
from gates.views.late import TooLate
from portfolio.models import Pilot
from portfolio.states import Outcome
from portfolio.views.fetching import visible_pilot

PAGE_SIZE = 25
#: Columns that sort, by the key in the address.
SORTS = {
    "number": "number",
    "date": "decided_on",
    "pilot": "round__pilot__title",
    "outcome": "outcome",
    "again": "look_again_on",
}
DEFAULT_SORT = "-date"


@access(signed_in)
@once
def decision_create(request: SignedInRequest, code: str) -> HttpResponse:
    """What suffices to decide, and the form that records the decision; others read why it is not theirs."""
    pilot = visible_pilot(request.user, code)
    brief = _brief(request, pilot)
    if request.method != "POST":
        initial = {"round": brief.round.number, "version": brief.round.version} if brief.round else {}
        return _page(request, brief, DecisionForm(initial=initial))
    form = DecisionForm(request.POST)
    if brief.personal or not form.is_valid():
        return _page(request, brief, form, status=403 if brief.personal else 422)
    return _recorded(request, brief, form)


@access(signed_in)
def decision_list(request: SignedInRequest) -> HttpResponse:
    """Every decision on pilots that the reader may see."""
    visible = decisions_visible_to(request.user)
    years = [day.year for day in visible.dates("decided_on", "year", order="DESC")]
    form = DecisionFilter(request.GET, years=years)
    form.is_valid()
    sort = request.GET.get("sort", DEFAULT_SORT)
    found = _filtered(visible, form.cleaned_data).order_by(*_ordering(sort))
    rows = found.select_related("round__pilot", "committee", "superseded_by").defer(
        "snapshot", "superseded_by__snapshot"
    )
    context = {
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "sort": sort,
        "filtered": any(form.cleaned_data.values()),
    }
    return render(request, "gates/decision_list.html#results" if request.htmx else "gates/decision_list.html", context)


@access(signed_in)
def decision_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """One decision on record, for paper too, and the pilot as it stood that day."""
    decision = _visible(request, number)
    context = {
        "decision": decision,
        "pilot": decision.round.pilot,
        "terms": [(label, text) for label, text in _texts(decision) if text],
        "snapshot": content_of(decision),
        "seal": seal_of(decision),
        "next_round": round_after(decision),
        "later": getattr(decision, "superseded_by", None),
    }
    return render(request, "gates/decision_detail.html", context)


@access(signed_in)
def decision_snapshot(request: SignedInRequest, number: str) -> HttpResponse:
    """The sealed bytes themselves, for whoever wants to count their hash on their own."""
    decision = _visible(request, number)
    name = f"{decision.number}.json"
    return HttpResponse(
        bytes(decision.snapshot),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox"},
    )


def _recorded(request: SignedInRequest, brief: Brief, form: DecisionForm) -> HttpResponse:
    pilot = brief.pilot
    try:
        decision = _record(request, pilot, form)
    except StaleError:
        return _stale(request, pilot, form)
    except ValidationError as error:
        first = _decided(pilot, form)
        if first:
            return _late(request, pilot, form, first)
        return _page(request, brief, form, refusal=add_errors(form, error), status=422)
    messages.success(request, f"{decision.number} is recorded: {decision.get_outcome_display().lower()}.")
    return redirect_to(request, decision.get_absolute_url())


def _texts(decision: Decision) -> list[tuple[str, str]]:
    return [
        ("What changes", decision.redesign),
        ("What the research is to find out", decision.learning_goal),
        ("What must change first", decision.not_yet),
        ("What was learned", decision.learnings),
        ("Why against the findings", decision.override_reason),
        ("Dissent", decision.dissent),
    ]


def _visible(request: SignedInRequest, number: str) -> Decision:
    decisions = decisions_visible_to(request.user).select_related(
        "round__pilot__unit", "committee", "recorded_by", "supersedes", "superseded_by"
    )
    return get_object_or_404(decisions, number=number)


def _brief(request: SignedInRequest, pilot: Pilot) -> Brief:
    return decision_brief(pilot=pilot, reader=request.user, today=day_of(committee_of(pilot), timezone.now()))


def _record(request: SignedInRequest, pilot: Pilot, form: DecisionForm) -> Decision:
    now = timezone.now()
    return record_decision(
        actor=request.user,
        pilot=pilot,
        outcome=Outcome(form.cleaned_data["outcome"]),
        rationale=form.cleaned_data["rationale"],
        terms=form.terms(),
        seen=form.cleaned_data["version"],
        seen_round=form.cleaned_data["round"],
        today=day_of(committee_of(pilot), now),
        now=now,
    )


def _page(
    request: SignedInRequest,
    brief: Brief,
    form: DecisionForm,
    *,
    refusal: list[Obstacle] | None = None,
    late: TooLate | None = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "brief": brief,
        "pilot": brief.pilot,
        "form": form,
        "refusal": refusal,
        "late": late,
        "changed": changed,
        "clock": brief.clock,
    }
    return render(request, "gates/decision_create.html", context, status=status)


def _stale(request: SignedInRequest, pilot: Pilot, form: DecisionForm) -> HttpResponse:
    first = _decided(pilot, form)
    if first:
        return _late(request, pilot, form, first)
    pilot = visible_pilot(request.user, pilot.code)
    brief = _brief(request, pilot)
    seen = {"round": brief.round.number, "version": brief.round.version} if brief.round else {}
    return _page(request, brief, DecisionForm({**request.POST.dict(), **seen}), changed=True, status=409)


def _decided(pilot: Pilot, form: DecisionForm) -> Decision | None:
    decisions = Decision.objects.filter(round__pilot=pilot, round__number=form.cleaned_data["round"])
    return decisions.select_related("recorded_by").order_by("-pk").first()


def _late(request: SignedInRequest, pilot: Pilot, form: DecisionForm, first: Decision) -> HttpResponse:
    pilot = visible_pilot(request.user, pilot.code)
    said = [
        (str(field.label), str(field.value()))
        for field in form
        if field.name not in {"outcome", "round", "version"} and field.value()
    ]
    late = TooLate(
        title="This round is decided already",
        by=str(first.recorded_by or "Somebody"),
        at=first.recorded_at,
        url=first.get_absolute_url(),
        label=f"Read {first.number}",
        theirs=[("Decision", first.get_outcome_display()), ("Why", first.rationale)],
        yours=[("Decision", Outcome(form.cleaned_data["outcome"]).label), *said],
    )
    return _page(request, _brief(request, pilot), form, late=late, status=409)


def _filtered(decisions: QuerySet[Decision], chosen: dict[str, Any]) -> QuerySet[Decision]:
    for word in (chosen.get("q") or "").split()[:8]:
        decisions = decisions.filter(
            Q(number__icontains=word)
            | Q(rationale__icontains=word)
            | Q(learnings__icontains=word)
            | Q(round__pilot__title__icontains=word)
            | Q(round__pilot__code__iexact=word)
        )
    if chosen.get("outcome"):
        decisions = decisions.filter(outcome=chosen["outcome"])
    if chosen.get("committee"):
        decisions = decisions.filter(committee=chosen["committee"])
    if chosen.get("year"):
        decisions = decisions.filter(decided_on__year=chosen["year"])
    return decisions


def _ordering(sort: str) -> list[OrderBy]:
    if sort.removeprefix("-") not in SORTS:
        sort = DEFAULT_SORT
    column = F(SORTS[sort.removeprefix("-")])
    first = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return [first, F("pk").desc()]
