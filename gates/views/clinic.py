"""The clinic of a pilot: why it is stuck, what is done about it; and answering the six tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.clinic import readings_of, signs_of
from gates.forms.clinic import DiagnosisForm, saved_answers
from gates.queries import committee_of, day_of
from portfolio.blockers import open_blockers
from portfolio.clock import clock_of
from portfolio.diagnosing import diagnose, stage_obstacles
from portfolio.interventions import StuckFile, stuck_file_of, tried
from portfolio.models import Diagnosis, Pilot
from portfolio.permissions import may_edit
from portfolio.stuck import WHY_IT_BINDS, InterventionState, StuckPattern
from portfolio.stuck_patterns import PATTERNS, Idea, PatternWords
from portfolio.views.fetching import editable_pilot, visible_pilot


@dataclass(frozen=True)
class Held:
    """A pattern that holds: its words, what was answered, what the file said then, and what of the library is left."""

    words: PatternWords
    binds: bool
    note: str
    said: list[str]
    helped: bool
    ideas: list[tuple[Idea, InterventionState | None]]


@access(signed_in)
def clinic(request: SignedInRequest, code: str) -> HttpResponse:
    """What holds the pilot up, what binds, and what is done about it by whom."""
    pilot = visible_pilot(request.user, code)
    file = stuck_file_of(pilot)
    obstacles, today = stage_obstacles(pilot), day_of(committee_of(pilot), timezone.now())
    context = {
        "pilot": pilot,
        "file": file,
        "held": held_patterns(file),
        "why_it_binds": WHY_IT_BINDS[file.binding] if file.binding else "",
        "signs": signs_of(pilot),
        "blockers": open_blockers(pilot),
        "obstacles": obstacles,
        "may_act": not obstacles and may_edit(request.user, pilot),
        "today": today,
        "clock": clock_of(pilot, today),
    }
    return render(request, "gates/clinic.html", context)


def held_patterns(file: StuckFile) -> list[Held]:
    """The patterns that hold, the one that binds first."""
    if file.latest is None:
        return []
    known = tried(file.interventions)
    answers, unhelped = file.latest.answers, file.unhelped
    held = [
        Held(
            words=PATTERNS[pattern],
            binds=pattern == file.binding,
            note=answers[pattern]["note"],
            said=answers[pattern]["says"],
            helped=pattern not in unhelped,
            ideas=[(idea, known.get(idea.slug)) for idea in PATTERNS[pattern].ideas],
        )
        for pattern in file.patterns
    ]
    return sorted(held, key=lambda one: not one.binds)


@access(signed_in)
@once
def clinic_tests(request: SignedInRequest, code: str) -> HttpResponse:
    """Answer the six tests, pre-filled by the file."""
    pilot = editable_pilot(request.user, code)
    now = timezone.now()
    readings = readings_of(pilot, day_of(committee_of(pilot), now))
    last = Diagnosis.objects.filter(pilot=pilot).order_by("-pk").first()
    form = DiagnosisForm(request.POST or None, readings=readings, last=last)
    obstacles = stage_obstacles(pilot)
    if request.method == "POST" and form.is_valid():
        try:
            diagnosis = diagnose(actor=request.user, pilot=pilot, now=now, **form.said())
        except StaleError:
            return _conflict(request, pilot, form, last)
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, _found(diagnosis))
            return redirect_to(request, reverse("gates:clinic", args=[pilot.code]))
    status = 422 if form.errors or (request.method == "POST" and obstacles) else 200
    return _form(request, pilot, {"form": form, "obstacles": obstacles}, status=status)


def _found(diagnosis: Diagnosis) -> str:
    if not diagnosis.patterns:
        return "Kept. No pattern holds by these answers."
    return f"Kept. What binds: {StuckPattern(diagnosis.binding).in_words}."


def _conflict(request: SignedInRequest, pilot: Pilot, form: DiagnosisForm, last: Diagnosis | None) -> HttpResponse:
    saved = Diagnosis.objects.filter(pilot=pilot).order_by("-pk").first() or last
    if saved is None:
        raise ValueError("a conflict with nothing")
    conflict = conflict_of(
        form,
        current=saved_answers(saved),
        row=saved,
        version=saved.pk,
        action=request.path,
        back=reverse("gates:clinic", args=[pilot.code]),
    )
    return _form(request, pilot, {"conflict": conflict}, status=409)


def _form(request: SignedInRequest, pilot: Pilot, context: Mapping[str, Any], *, status: int) -> HttpResponse:
    return render(request, "gates/clinic_tests.html", {"pilot": pilot, **context}, status=status)
