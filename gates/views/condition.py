"""A condition of a gate: reading it, meeting it with evidence, waiving it with a reason."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.conditioning import meet_condition, waive_condition, waiving_obstacles
from gates.forms.condition import MeetForm, WaiveForm
from gates.models import Condition
from gates.queries import committee_of, conditions_of, day_of
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.views.fetching import visible_pilot

#: Somebody settled it first.
SETTLED = Obstacle("settled", "Somebody changed this condition since you opened the page.", "you, after looking at it")


@dataclass(frozen=True)
class Place:
    """A condition, its pilot, and what the reader may do."""

    pilot: Pilot
    condition: Condition
    may_meet: bool
    may_waive: bool


@access(signed_in)
def condition_detail(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """One condition: who, until when, and what became of it."""
    return _page(request, _place(request, code, pk))


@access(signed_in)
@once
def condition_meet(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Mark a condition as met, with what shows it."""
    place = _place(request, code, pk)
    if request.method != "POST":
        return redirect(_address(place))
    if not place.may_meet:
        raise PermissionDenied("to own the condition, or to keep the pilot's file")
    form = MeetForm(request.POST)
    if not form.is_valid():
        return _page(request, place, meet=form, status=422)
    said = form.cleaned_data
    try:
        meet_condition(
            actor=request.user, condition=place.condition, proof=said["proof"], seen=said["version"],
            now=timezone.now(),
        )  # fmt: skip
    except StaleError:
        place = _place(request, code, pk)
        again = MeetForm({**request.POST.dict(), "version": place.condition.version})
        return _page(request, place, meet=again, obstacles=[SETTLED], status=409)
    except ValidationError as error:
        return _page(request, place, meet=form, obstacles=add_errors(form, error), status=422)
    messages.success(request, "The condition is met.")
    return redirect_to(request, _address(place))


@access(signed_in)
@once
def condition_waive(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Waive a condition with a reason."""
    place = _place(request, code, pk)
    if request.method != "POST":
        return redirect(_address(place))
    if not place.may_waive:
        raise PermissionDenied("to lead the gate, or to chair the committee, and no part in this pilot")
    form = WaiveForm(request.POST)
    if not form.is_valid():
        return _page(request, place, waive=form, status=422)
    said, now = form.cleaned_data, timezone.now()
    try:
        waive_condition(
            actor=request.user, condition=place.condition, reason=said["waived_reason"], seen=said["version"],
            today=day_of(committee_of(place.pilot), now), now=now,
        )  # fmt: skip
    except StaleError:
        place = _place(request, code, pk)
        again = WaiveForm({**request.POST.dict(), "version": place.condition.version})
        return _page(request, place, waive=again, obstacles=[SETTLED], status=409)
    except ValidationError as error:
        return _page(request, place, waive=form, obstacles=add_errors(form, error), status=422)
    messages.success(request, "The condition is waived.")
    return redirect_to(request, _address(place))


def _place(request: SignedInRequest, code: str, pk: int) -> Place:
    pilot = visible_pilot(request.user, code)
    condition = get_object_or_404(conditions_of(pilot), pk=pk)
    today = day_of(committee_of(pilot), timezone.now())
    owns = condition.owner_id == request.user.pk or may_edit(request.user, pilot)
    return Place(pilot, condition, owns, not waiving_obstacles(request.user, pilot, condition, today))


def _page(
    request: SignedInRequest,
    place: Place,
    *,
    meet: MeetForm | None = None,
    waive: WaiveForm | None = None,
    obstacles: list[Obstacle] | None = None,
    status: int = 200,
) -> HttpResponse:
    initial = {"version": place.condition.version}
    is_open = place.condition.is_open
    context = {
        "pilot": place.pilot,
        "condition": place.condition,
        "meet": meet or (MeetForm(initial=initial) if is_open and place.may_meet else None),
        "waive": waive or (WaiveForm(initial=initial) if is_open and place.may_waive else None),
        "obstacles": obstacles,
    }
    return render(request, "gates/condition_detail.html", context, status=status)


def _address(place: Place) -> str:
    return reverse("gates:condition-detail", args=[place.pilot.code, place.condition.pk])
