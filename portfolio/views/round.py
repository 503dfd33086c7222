"""The run of a round: starting it, ending its work."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle
from accounts.posting import add_errors, once, redirect_to
from portfolio.forms.round import EndForm, StartForm
from portfolio.gap_kinds import WINDOW
from portfolio.gaps import open_gaps
from portfolio.models import Round
from portfolio.queries import open_round_of, rounds_of
from portfolio.starting import end_work, start_round
from portfolio.states import RoundState
from portfolio.views.fetching import editable_pilot


@access(signed_in)
@once
def round_start(request: SignedInRequest, code: str) -> HttpResponse:
    """Start the drafted round."""
    pilot = editable_pilot(request.user, code)
    current = open_round_of(rounds_of(pilot))
    obstacles = _unless(current, RoundState.DRAFT, "There is no drafted round to start.")
    today = timezone.localdate()
    initial = {
        "version": current.version if current else 0,
        "starts_on": (current and current.starts_on) or today,
        "planned_end": (current and current.planned_end) or today + timedelta(days=90),
        "decision_due": (current and current.decision_due) or today + timedelta(days=104),
    }
    gaps = [gap for gap in open_gaps(pilot.pk) if gap.step != WINDOW] if not obstacles else None
    form = StartForm(request.POST or None, initial=initial, gaps=len(gaps or ()))
    if request.method == "POST" and form.is_valid():
        facts = {"accept_gaps": False, **form.cleaned_data}
        try:
            started = start_round(
                actor=request.user, pilot=pilot, seen=facts.pop("version"), now=timezone.now(), **facts
            )
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"Round {started.number} has started. Its decision clock is set.")
            return redirect_to(request, pilot.get_absolute_url())
    context = {"pilot": pilot, "form": form, "obstacles": obstacles, "current": current}
    linked = None if gaps is None else [(gap, gap.url(pilot.code)) for gap in gaps]
    return _page(request, "portfolio/round_start.html", gaps=linked, **context)


@access(signed_in)
@once
def round_end(request: SignedInRequest, code: str) -> HttpResponse:
    """End the work and ask for a decision. The clock goes on."""
    pilot = editable_pilot(request.user, code)
    current = open_round_of(rounds_of(pilot))
    obstacles = _unless(current, RoundState.RUNNING, "There is no running round to end.")
    today = timezone.localdate()
    initial = {"version": current.version if current else 0, "ended_on": today}
    form = EndForm(request.POST or None, initial=initial, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            end_work(
                actor=request.user,
                pilot=pilot,
                ended_on=form.cleaned_data["ended_on"],
                seen=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "The work has ended. The committee sees that a decision is wanted.")
            return redirect_to(request, pilot.get_absolute_url())
    return _page(request, "portfolio/round_end.html", pilot=pilot, form=form, obstacles=obstacles, current=current)


def _unless(current: Round | None, state: RoundState, otherwise: str) -> list[Obstacle]:
    return [] if current and current.state == state else [Obstacle("wrong_state", otherwise)]


def _page(request: SignedInRequest, template: str, **context: Any) -> HttpResponse:
    refused = context["form"].errors or (context["obstacles"] and request.method == "POST")
    return render(request, template, context, status=422 if refused else 200)
