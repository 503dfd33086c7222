"""Decisions on record: the list of all, one of them, the sealed snapshot."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, OrderBy, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import SignedInRequest, access, signed_in
from gates.exports import as_csv, as_xlsx
from gates.forms.decision import DecisionFilter
from gates.models import Decision
from gates.permissions import decision_obstacles
from gates.queries import conditions_of, decisions_visible_to, session_seen_by
from gates.record import content_of, round_after, seal_of
from gates.states import ScaleCheck

PAGE_SIZE = 25
#: The files that the log comes as: type and writer, by the end of the name.
KINDS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
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
def decision_list(request: SignedInRequest) -> HttpResponse:
    """Every decision on pilots that the reader may see."""
    form, rows, sort = _found(request)
    rows = rows.annotate(
        conditions_total=Count("conditions"),
        conditions_open=Count("conditions", filter=Q(conditions__waived_at=None, conditions__accepted_at=None)),
    )
    context = {
        "query": request.GET.urlencode(),
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "sort": sort,
        "filtered": any(form.cleaned_data.values()),
    }
    return render(request, "gates/decision_list.html#results" if request.htmx else "gates/decision_list.html", context)


@access(signed_in)
def decision_export(request: SignedInRequest, kind: str) -> HttpResponse:
    """The decisions that the same filters find, as a CSV or XLSX file."""
    _, rows, _ = _found(request)
    content_type, write = KINDS[kind]
    return HttpResponse(
        write(rows),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="decisions.{kind}"',
            "Content-Security-Policy": "sandbox",
        },
    )


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
        "votes": (content_of(decision).get("vote") or {}).get("count", {}).get("votes", []),
        "recused": (content_of(decision).get("vote") or {}).get("count", {}).get("recused", []),
        "conditions": list(conditions_of(decision.round.pilot).filter(decision=decision)),
        "checklist": [(ScaleCheck(one["item"]).label, one["answer"], one["because"]) for one in decision.checklist],
        "may_supersede": not decision_obstacles(request.user, decision.round.pilot),
        "session": session_seen_by(request.user, decision.committee),
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


def _found(request: SignedInRequest) -> tuple[DecisionFilter, QuerySet[Decision], str]:
    """The filter form, the decisions that it leaves, in order, and the order."""
    visible = decisions_visible_to(request.user)
    years = [day.year for day in visible.dates("decided_on", "year", order="DESC")]
    form = DecisionFilter(request.GET, years=years)
    form.is_valid()
    sort = request.GET.get("sort", DEFAULT_SORT)
    found = _filtered(visible, form.cleaned_data).order_by(*_ordering(sort))
    rows = found.select_related("round__pilot", "committee", "superseded_by")
    return form, rows.defer("snapshot", "superseded_by__snapshot"), sort


def _texts(decision: Decision) -> list[tuple[str, str]]:
    return [
        ("What changes", decision.redesign),
        ("What the next round is measured by", decision.next_criteria),
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
