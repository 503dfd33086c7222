"""A pilot's library of evidence, and each piece in it."""

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from gates.evidence_library import SORTS, criteria_supported, narrowed, pieces_of, shelved
from gates.forms.evidence import LibraryForm, chosen_sort
from gates.models import Evidence
from gates.queries import committee_of, day_of
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.views.fetching import visible_pilot

PER_PAGE = 25


@access(signed_in)
def evidence_list(request: SignedInRequest, code: str) -> HttpResponse:
    """The pilot's library: search, filters, sorting, 25 a page."""
    pilot = visible_pilot(request.user, code)
    today = day_for(pilot)
    form = LibraryForm(request.GET, criteria=criteria_supported(pilot))
    chosen = form.chosen()
    sort = chosen_sort(request.GET.get("sort", ""))
    pieces = narrowed(pieces_of(pilot), today, **chosen).order_by(*SORTS[sort])
    page = Paginator(pieces, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "pilot": pilot,
        "form": form,
        "narrowed": bool(chosen),
        "sort": sort,
        "page": page,
        "rows": shelved(list(page.object_list), today),
        "target": "pieces",
        "may_edit": may_edit(request.user, pilot),
    }
    return render(request, "gates/evidence_list.html#pieces" if request.htmx else "gates/evidence_list.html", context)


@access(signed_in)
def evidence_detail(request: SignedInRequest, code: str, evidence: int) -> HttpResponse:
    """One piece: what it holds, what relies on it, what came before and after it."""
    pilot = visible_pilot(request.user, code)
    piece = piece_of(pilot, evidence)
    (row,) = shelved([piece], day_for(pilot))
    context = {"pilot": pilot, "piece": piece, "row": row, "may_edit": may_edit(request.user, pilot)}
    return render(request, "gates/evidence_detail.html", context)


def day_for(pilot: Pilot) -> date:
    """The pilot's day: its committee's, or the organisation's."""
    return day_of(committee_of(pilot), timezone.now())


def piece_of(pilot: Pilot, number: int) -> Evidence:
    """A piece of a pilot that the visitor may see; 404 for another pilot's, as for one that is not there."""
    return get_object_or_404(pieces_of(pilot), pk=number)
