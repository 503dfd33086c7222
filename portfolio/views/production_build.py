"""The production build: its pieces, and saying how far one is."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import reswap

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from portfolio.forms.production_build import PieceForm, facts_of
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.production_build import Piece, piece_of, scope_of
from portfolio.queries import people_of
from portfolio.scoping import scope_piece
from portfolio.states import ScopeKind
from portfolio.views.fetching import editable_pilot, visible_pilot

#: In addresses: a piece of the pilot's own that is not there yet.
NEW = "new"


@access(signed_in)
def production_build(request: SignedInRequest, code: str) -> HttpResponse:
    """Every piece with who makes it, how far it is, by when."""
    pilot = visible_pilot(request.user, code)
    context = {
        "pilot": pilot,
        "pieces": scope_of(pilot),
        "today": timezone.localdate(),
        "may_edit": may_edit(request.user, pilot),
    }
    return render(request, "portfolio/production_build.html", context)


@access(signed_in)
@once
def piece_edit(request: SignedInRequest, code: str, piece: str) -> HttpResponse:
    """Say how far a piece is: on a page of its own, or in its place in the list.

    In its place the form carries no key: saving the same twice changes nothing, and its version guards the rest.
    """
    pilot = editable_pilot(request.user, code)
    chosen = Piece(ScopeKind.OWN, None) if piece == NEW else piece_of(pilot, piece)
    if chosen is None:
        raise Http404
    form = PieceForm(request.POST or None, piece=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            item = scope_piece(
                actor=request.user,
                pilot=pilot,
                kind=chosen.kind,
                number=chosen.item.pk if chosen.item else None,
                now=timezone.now(),
                **form.said(),
            )
        except StaleError:
            return _conflict(request, pilot, piece, form)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return _saved(request, pilot, Piece(chosen.kind, item))
    return _form(request, pilot, chosen, {"form": form}, status=422 if form.errors else 200)


def _saved(request: SignedInRequest, pilot: Pilot, piece: Piece) -> HttpResponse:
    if request.htmx:
        context = {"pilot": pilot, "piece": piece, "today": timezone.localdate(), "may_edit": True}
        return render(request, "portfolio/partials/piece.html", context)
    messages.success(request, f"{piece.title}: {piece.state.label.lower()}.")
    return redirect_to(request, f"{reverse('portfolio:production-build', args=[pilot.code])}#piece-{piece.slug}")


def _conflict(request: SignedInRequest, pilot: Pilot, slug: str, form: PieceForm) -> HttpResponse:
    saved = piece_of(pilot, slug)
    if saved is None or saved.item is None:
        raise Http404
    conflict = conflict_of(
        form,
        current=facts_of(saved.item),
        row=saved.item,
        version=saved.item.version,
        action=request.path,
        back=f"{reverse('portfolio:production-build', args=[pilot.code])}#piece-{slug}",
    )
    return _form(request, pilot, saved, {"conflict": conflict}, status=409)


def _form(
    request: SignedInRequest, pilot: Pilot, piece: Piece, context: Mapping[str, Any], *, status: int
) -> HttpResponse:
    context = {"pilot": pilot, "piece": piece, "people": people_of(pilot), "is_new": not piece.item, **context}
    if not request.htmx:
        return render(request, "portfolio/piece_edit.html", context, status=status)
    # The form fills its place in the list; only what is saved takes that place over.
    return reswap(render(request, "portfolio/piece_edit.html#place", context, status=status), "innerHTML")
