"""A pilot's library of evidence, and each piece in it."""

import logging
from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle
from gates.evidence_library import (
    SORTS,
    criteria_asked,
    criteria_supported,
    is_readable,
    narrowed,
    pieces_of,
    shelved,
)
from gates.filing import CONTENT_TYPES, opened
from gates.forms.evidence import LibraryForm, UsesForm, chosen_sort
from gates.models import Evidence
from gates.queries import committee_of, day_of, latest_round
from gates.states import EvidenceState, FileType
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.states import OPEN_ROUND_STATES
from portfolio.views.fetching import visible_pilot

logger = logging.getLogger("pilotage.files")

PER_PAGE = 25
#: How many bytes of a text file its page shows.
PREVIEWED = 4_000


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
    return piece_page(request, pilot, piece_of(pilot, evidence))


@access(signed_in)
def evidence_file(request: SignedInRequest, code: str, evidence: int) -> HttpResponseBase:
    """Hand out a file: as a download of a fixed type, which no browser opens in our name."""
    pilot = visible_pilot(request.user, code)
    piece = piece_of(pilot, evidence)
    if piece.file is None or not is_readable(piece):
        raise Http404
    try:
        content = opened(piece.file.sha256)
    except FileNotFoundError:
        logger.exception("a file of evidence is missing from the store: %s", piece.file.pk)
        messages.error(request, "The file is missing from the store. Please tell whoever runs the server.")
        return redirect(piece.get_absolute_url())
    response = FileResponse(
        content,
        as_attachment=True,
        filename=piece.file_name,
        content_type=CONTENT_TYPES[FileType(piece.file.type)],
    )
    response.headers["Content-Length"] = str(piece.file.size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def piece_page(
    request: SignedInRequest,
    pilot: Pilot,
    piece: Evidence,
    *,
    uses: UsesForm | None = None,
    refusal: Sequence[Obstacle] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of a piece; with the form of what it supports, and why it was refused."""
    (row,) = shelved([piece], day_for(pilot))
    keeps = may_edit(request.user, pilot)
    round_ = latest_round(pilot)
    stands = row.state not in {EvidenceState.SUPERSEDED, EvidenceState.WITHDRAWN}
    if keeps and uses is None and round_ and round_.state in OPEN_ROUND_STATES and stands:
        now = [use.criterion.slug for use in row.uses if use.round_id == round_.pk]
        uses = UsesForm(initial={"criteria": now, "shown": " ".join(now)}, criteria=criteria_asked(round_))
    context = {
        "pilot": pilot,
        "piece": piece,
        "row": row,
        "keeps": keeps,
        "stands": stands,
        "uses": uses,
        "refusal": refusal,
        "preview": preview_of(piece),
    }
    return render(request, "gates/evidence_detail.html", context, status=status)


def preview_of(piece: Evidence) -> str:
    """The beginning of a text file, to be shown as text; nothing of any other."""
    if piece.file is None or piece.file.type != FileType.TEXT or not is_readable(piece):
        return ""
    try:
        with opened(piece.file.sha256) as stream:
            return stream.read(PREVIEWED).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def day_for(pilot: Pilot) -> date:
    """The pilot's day: its committee's, or the organisation's."""
    return day_of(committee_of(pilot), timezone.now())


def piece_of(pilot: Pilot, number: int) -> Evidence:
    """A piece of a pilot that the visitor may see; 404 for another pilot's, as for one that is not there."""
    return get_object_or_404(pieces_of(pilot), pk=number)
