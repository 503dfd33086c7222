"""Into production after a decision to scale, and one day out of it."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle
from accounts.posting import add_errors, once, redirect_to
from portfolio.forms.round import MoveForm
from portfolio.handing_over import launch_pilot, retire_pilot
from portfolio.models import Pilot
from portfolio.states import Stage, may_move
from portfolio.views.fetching import editable_pilot


@access(signed_in)
@once
def pilot_launch(request: SignedInRequest, code: str) -> HttpResponse:
    """Note that a scaling pilot is in production."""

    def launch(pilot: Pilot, day: date) -> None:
        launch_pilot(actor=request.user, pilot=pilot, launched_on=day, now=timezone.now())

    return _move(request, code, Stage.IN_PRODUCTION, "portfolio/pilot_launch.html", launch)


@access(signed_in)
@once
def pilot_retire(request: SignedInRequest, code: str) -> HttpResponse:
    """Note that what ran in production is retired."""

    def retire(pilot: Pilot, day: date) -> None:
        retire_pilot(actor=request.user, pilot=pilot, retired_on=day, now=timezone.now())

    return _move(request, code, Stage.RETIRED, "portfolio/pilot_retire.html", retire)


def _move(
    request: SignedInRequest, code: str, stage: Stage, template: str, act: Callable[[Pilot, date], None]
) -> HttpResponse:
    pilot = editable_pilot(request.user, code)
    obstacles = []
    if not may_move(pilot.stage, stage):
        is_now = pilot.get_stage_display().lower()
        obstacles = [
            Obstacle("wrong_stage", f"The pilot is {is_now}; it cannot become {stage.label.lower()} from there.")
        ]
    form = MoveForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            act(pilot, form.cleaned_data["day"])
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{pilot.code} is now {stage.label.lower()}.")
            return redirect_to(request, pilot.get_absolute_url())
    refused = form.errors or (obstacles and request.method == "POST")
    context = {"pilot": pilot, "form": form, "obstacles": obstacles}
    return render(request, template, context, status=422 if refused else 200)
