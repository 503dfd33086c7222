"""Who holds which part in a pilot, and who held it on any day."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, access, signed_in
from accounts.bouncing import bounce_of
from accounts.comparing import conflict_of
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from portfolio.assigning import (
    correct_part,
    end_part,
    name_for_part,
    organisation_day,
    state_authority,
)
from portfolio.forms.people import AssignForm, AuthorityForm, DaysForm, OnForm
from portfolio.models import Assignment, Pilot
from portfolio.people_then import PeopleThen, people_of
from portfolio.permissions import may_edit
from portfolio.queries import open_round_of, rounds_of
from portfolio.states import Authority, Part
from portfolio.views.fetching import editable_pilot, visible_pilot


@access(signed_in)
@once
def people(request: SignedInRequest, code: str) -> HttpResponse:
    """All parts with who holds them, or held them on a day; naming somebody for one, or handing it over."""
    pilot = editable_pilot(request.user, code) if request.method == "POST" else visible_pilot(request.user, code)
    today = organisation_day(timezone.now())
    initial = {
        "part": request.GET.get("part", Part.BUSINESS_OWNER),
        "since": today,
        "authority": Authority.UNKNOWN,
    }
    form = AssignForm(request.POST or None, initial=initial)
    obstacles: list[Obstacle] = []
    if request.method == "POST" and form.is_valid():
        known = User.objects.filter(email=form.cleaned_data["email"].lower()).exists()
        try:
            held = _name(request.user, pilot, form)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            invited = "" if known else " They are new here and get an invitation by mail."
            messages.success(request, f"{held.person} is named: {Part(held.part).in_words}.{invited}")
            if bounce_of(held.person.email):
                messages.warning(request, f"Mail to {held.person.email} comes back: tell {held.person} in another way.")
            return redirect_to(request, request.path)
    on_form = OnForm(request.GET)
    day = on_form.day(today)
    then = people_of(pilot)
    context = {
        "pilot": pilot,
        "form": form,
        "obstacles": obstacles,
        "on_form": OnForm(initial={"on": day}),
        "day": day,
        "is_today": day == today,
        "then": then,
        "parts": then.on(day),
        "before": then.before(day),
        "after": then.after(day),
        "late_partner": _late_partner(pilot, then, day),
        "may_edit": may_edit(request.user, pilot),
    }
    return render(request, "portfolio/people.html", context, status=422 if form.errors or obstacles else 200)


@access(signed_in)
@require_POST
@once
def part_end(request: SignedInRequest, code: str) -> HttpResponse:
    """End somebody's part today."""
    pilot = editable_pilot(request.user, code)
    key = request.POST.get("assignment", "")
    held = get_object_or_404(Assignment, pilot=pilot, until=None, pk=int(key) if key.isdigit() else 0)
    now = timezone.now()
    part = Part(held.part)
    end_part(actor=request.user, pilot=pilot, part=part, person=held.person, until=organisation_day(now), now=now)
    messages.success(request, f"{held.person} is no longer {part.in_words}.")
    return redirect_to(request, reverse("portfolio:people", args=[pilot.code]))


@access(signed_in)
@once
def part_edit(request: SignedInRequest, code: str, assignment: int) -> HttpResponse:
    """Correct mistyped days of a part; who loses a race gets both."""
    pilot = editable_pilot(request.user, code)
    held = get_object_or_404(Assignment.objects.select_related("person", "pilot"), pilot=pilot, pk=assignment)
    initial = {"version": held.version, "since": held.since, "until": held.until}
    form = DaysForm(request.POST or None, held=held, initial=initial)
    back = reverse("portfolio:people", args=[pilot.code])
    context = {"pilot": pilot, "held": held, "part": Part(held.part), "form": form, "back": back}
    if request.method == "POST" and form.is_valid():
        since, until = form.days()
        seen = form.cleaned_data["version"]
        try:
            correct_part(actor=request.user, assignment=held, since=since, until=until, seen=seen, now=timezone.now())
        except StaleError:
            conflict = conflict_of(
                form,
                current={"since": held.since, "until": held.until},
                row=held,
                version=held.version,
                action=request.path,
                back=back,
            )
            return render(request, "portfolio/part_edit.html", context | {"conflict": conflict}, status=409)
        except ValidationError as error:
            context["obstacles"] = add_errors(form, error)
        else:
            messages.success(request, "Corrected. The old days stay in the history.")
            return redirect_to(request, back)
    return render(request, "portfolio/part_edit.html", context, status=422 if form.errors else 200)


@access(signed_in)
@once
def sponsor_authority(request: SignedInRequest, code: str) -> HttpResponse:
    """Say whether the sponsor directs budget and priorities or must ask for them."""
    pilot = editable_pilot(request.user, code)
    sponsors = Assignment.objects.filter(pilot=pilot, part=Part.EXECUTIVE_SPONSOR, until=None)
    held = get_object_or_404(sponsors.select_related("person"))
    form = AuthorityForm(request.POST or None, initial={"version": held.version, "authority": held.authority})
    back = reverse("portfolio:people", args=[pilot.code])
    context = {"pilot": pilot, "held": held, "form": form, "back": back}
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            state_authority(
                actor=request.user,
                pilot=pilot,
                authority=Authority(form.cleaned_data["authority"]),
                today=organisation_day(now),
                seen=form.cleaned_data["version"],
                now=now,
            )
        except StaleError:
            current = {"authority": held.authority}
            conflict = conflict_of(
                form, current=current, row=held, version=held.version, action=request.path, back=back
            )
            return render(request, "portfolio/sponsor_authority.html", context | {"conflict": conflict}, status=409)
        except ValidationError as error:
            context["obstacles"] = add_errors(form, error)
        else:
            messages.success(request, "Noted.")
            return redirect_to(request, back)
    return render(request, "portfolio/sponsor_authority.html", context, status=422 if form.errors else 200)


def _name(actor: User, pilot: Pilot, form: AssignForm) -> Assignment:
    now = timezone.now()
    return name_for_part(
        actor=actor,
        pilot=pilot,
        email=form.cleaned_data["email"],
        name=form.cleaned_data["name"],
        part=Part(form.cleaned_data["part"]),
        since=form.cleaned_data["since"] or organisation_day(now),
        authority=form.chosen_authority(),
        now=now,
    )


def _late_partner(pilot: Pilot, then: PeopleThen, day: date) -> date | None:
    """The day on which the open round started without an IT partner, if one came only later (requirement 10)."""
    current = open_round_of(rounds_of(pilot))
    first = min((one.since for one in then.assignments if one.part == Part.IT_PARTNER), default=None)
    started = current.starts_on if current else None
    return started if first and started and first > started and day >= started else None
