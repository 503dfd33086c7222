"""Putting a decision off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.deferrals import put_off
from gates.deferring import defer_decision
from gates.forms.voting import DeferralForm
from gates.permissions import decision_obstacles
from gates.queries import committee_of, day_of, latest_round
from portfolio.clock import clock_of
from portfolio.views.fetching import visible_pilot

_DECIDED = Obstacle("decided", "This round was decided, or another one was begun, since you opened the page.")


@access(signed_in)
@once
def deferral_create(request: SignedInRequest, code: str) -> HttpResponse:
    """Put the decision off with a reason, an owner and a day; the clock runs on."""
    pilot = visible_pilot(request.user, code)
    if any(one.code != "no_committee" for one in decision_obstacles(request.user, pilot)):
        raise PermissionDenied("to chair the pilot's committee, and no part in this pilot")
    now = timezone.now()
    today, round_ = day_of(committee_of(pilot), now), latest_round(pilot)
    form = DeferralForm(request.POST or None, initial={"round": round_.number if round_ else 1})
    obstacles: list[Obstacle] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                deferral = defer_decision(
                    actor=request.user, pilot=pilot, reason=said["reason"], owner=said["owner"], until=said["until"],
                    seen_round=said["round"], today=today, now=now,
                )  # fmt: skip
            except StaleError:
                obstacles, status = [_DECIDED], 409
            except ValidationError as error:
                obstacles = add_errors(form, error)
            else:
                messages.success(request, f"Put off until {deferral.until:%-d %B %Y}. The clock runs on.")
                return redirect_to(request, pilot.get_absolute_url())
    context = {
        "pilot": pilot,
        "form": form,
        "obstacles": obstacles,
        "put_off": put_off(round_, today),
        "clock": clock_of(pilot, today),
        "round": round_,
    }
    return render(request, "gates/deferral_create.html", context, status=status)
