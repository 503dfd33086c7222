"""A condition of a gate or a decision: reading it, meeting, accepting, returning and waiving it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.conditioning import (
    accept_condition,
    accepting_obstacles,
    meet_condition,
    pilot_of,
    return_condition,
    waive_condition,
    waiving_obstacles,
)
from gates.evidence_library import pieces_of
from gates.forms.condition import AcceptForm, MeetForm, ReturnForm, WaiveForm
from gates.models import Condition
from gates.queries import committee_of, conditions_of, day_of
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.views.fetching import visible_pilot

#: Somebody settled it first.
SETTLED = Obstacle("settled", "Somebody changed this condition since you opened the page.", "you, after looking at it")


#: Of each of the page's forms: its class, who may send it, and what is said when it is done.
_FORMS: dict[str, type[forms.Form]] = {"accept": AcceptForm, "back": ReturnForm, "waive": WaiveForm}
_NEEDS = {
    "meet": "to own the condition, or to keep the pilot's file",
    "accept": "to chair the committee, and no part in this pilot",
    "back": "to chair the committee, and no part in this pilot",
    "waive": "to lead the gate, or to chair the committee, and no part in this pilot",
}
_DONE = {
    "meet": "The condition is met.",
    "accept": "You have accepted that the condition is met.",
    "back": "The condition is with its owner again.",
    "waive": "The condition is waived.",
}


@dataclass(frozen=True)
class Place:
    """A condition, its pilot, and what the reader may do."""

    pilot: Pilot
    condition: Condition
    #: By the name of each of the page's forms.
    may: dict[str, bool]


@access(signed_in)
def condition_detail(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """One condition: who, until when, and what became of it."""
    return _page(request, _place(request, code, pk))


@access(signed_in)
@once
def condition_meet(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Mark a condition as met, with what shows it."""

    def act(condition: Condition, said: dict[str, Any], now: datetime) -> None:
        meet_condition(
            actor=request.user, condition=condition, proof=said["proof"], evidence=said["evidence"],
            seen=said["version"], now=now,
        )  # fmt: skip

    return _posted(request, _place(request, code, pk), "meet", act)


@access(signed_in)
@once
def condition_accept(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Accept, as the chair, that a condition of a decision is met."""

    def act(condition: Condition, said: dict[str, Any], now: datetime) -> None:
        accept_condition(actor=request.user, condition=condition, seen=said["version"], now=now)

    return _posted(request, _place(request, code, pk), "accept", act)


@access(signed_in)
@once
def condition_return(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Return a condition that was said to be met, with what is still missing."""

    def act(condition: Condition, said: dict[str, Any], now: datetime) -> None:
        return_condition(
            actor=request.user, condition=condition, reason=said["returned_reason"], seen=said["version"], now=now
        )

    return _posted(request, _place(request, code, pk), "back", act)


@access(signed_in)
@once
def condition_waive(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Waive a condition with a reason."""

    def act(condition: Condition, said: dict[str, Any], now: datetime) -> None:
        waive_condition(
            actor=request.user, condition=condition, reason=said["waived_reason"], seen=said["version"],
            today=day_of(committee_of(pilot_of(condition)), now), now=now,
        )  # fmt: skip

    return _posted(request, _place(request, code, pk), "waive", act)


def _posted(
    request: SignedInRequest, place: Place, name: str, act: Callable[[Condition, dict[str, Any], datetime], None]
) -> HttpResponse:
    """Let one of the page's forms act on the condition; what is refused is shown on the same page."""
    if request.method != "POST":
        return redirect(_address(place))
    if not place.may[name]:
        raise PermissionDenied(_NEEDS[name])
    form = _form(name, place, request.POST)
    if not form.is_valid():
        return _page(request, place, {name: form}, status=422)
    try:
        act(place.condition, form.cleaned_data, timezone.now())
    except StaleError:
        place = _place(request, place.pilot.code, place.condition.pk)
        again = _form(name, place, {**request.POST.dict(), "version": place.condition.version})
        return _page(request, place, {name: again}, obstacles=[SETTLED], status=409)
    except ValidationError as error:
        return _page(request, place, {name: form}, obstacles=add_errors(form, error), status=422)
    messages.success(request, _DONE[name])
    return redirect_to(request, _address(place))


def _place(request: SignedInRequest, code: str, pk: int) -> Place:
    pilot = visible_pilot(request.user, code)
    condition = get_object_or_404(conditions_of(pilot), pk=pk)
    today = day_of(committee_of(pilot), timezone.now())
    chair = not any(one.code != "not_met" for one in accepting_obstacles(request.user, pilot, condition))
    may = {
        "meet": condition.owner_id == request.user.pk or may_edit(request.user, pilot),
        "accept": chair,
        "back": chair,
        "waive": not waiving_obstacles(request.user, pilot, condition, today),
    }
    return Place(pilot, condition, may)


def _form(name: str, place: Place, data: Mapping[str, Any] | None = None) -> forms.Form:
    initial = {"version": place.condition.version}
    if name == "meet":
        return MeetForm(
            data, initial=initial, library=pieces_of(place.pilot).filter(withdrawal=None, superseded_by=None)
        )
    return _FORMS[name](data, initial=initial)


def _page(
    request: SignedInRequest,
    place: Place,
    bound: Mapping[str, forms.Form] | None = None,
    *,
    obstacles: list[Obstacle] | None = None,
    status: int = 200,
) -> HttpResponse:
    condition = place.condition
    open_ = {
        "meet": condition.is_open and not condition.met_at,
        "accept": condition.awaits_chair,
        "back": condition.awaits_chair,
        "waive": condition.is_open,
    }
    offered = {name: _form(name, place) for name in open_ if open_[name] and place.may[name]}
    context = {
        "pilot": place.pilot,
        "condition": condition,
        "obstacles": obstacles,
        **dict.fromkeys(open_),
        **offered,
        **(bound or {}),
    }
    return render(request, "gates/condition_detail.html", context, status=status)


def _address(place: Place) -> str:
    return reverse("gates:condition-detail", args=[place.pilot.code, place.condition.pk])
