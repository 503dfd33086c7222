"""Bringing many measurements at once: paste or upload, look at what would be added, add it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, RefusedError
from accounts.posting import once, redirect_to
from portfolio.forms.measurement import SheetForm, spelling_of
from portfolio.measure_plan import MeasurePlan, plan_entries
from portfolio.measure_sheet import Sheet, read_sheet
from portfolio.measured import asked_in
from portfolio.measuring import record_sheet
from portfolio.models import Pilot, Round
from portfolio.progress import CriterionProgress, progress_of
from portfolio.registers.findings import Finding, UnusableError
from portfolio.states import Origin, RoundState
from portfolio.uploads import Upload, find_upload, forget_upload, keep_upload, sweep_uploads
from portfolio.views.fetching import editable_pilot
from portfolio.views.measurement import round_asked

PURPOSE = "measurements"
SHOWN = 100


@dataclass(frozen=True)
class Brought:
    """A table that waits to be added: how it reads against the round that it is for."""

    upload: Upload
    reading: dict[str, Any]
    round: Round
    progress: list[CriterionProgress]
    sheet: Sheet
    plan: MeasurePlan

    @property
    def refused(self) -> list[Finding]:
        return sorted([*self.sheet.refused, *self.plan.refused], key=lambda finding: finding.line)


@access(signed_in)
@once
def measurement_sheet(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a table and look into it; nothing is added yet."""
    pilot = editable_pilot(request.user, code)
    round_ = round_asked(request, pilot)
    today = timezone.localdate()
    asked = asked_in(progress_of([round_.pk], today)[round_.pk]) if round_ else []
    again = _again(request, pilot)
    form = SheetForm(request.POST or None, request.FILES or None, asked=asked, initial=again)
    obstacles = _closed(round_, asked_any=bool(asked))
    if request.method == "POST" and round_ and not obstacles and form.is_valid():
        content, reading = form.content(), form.reading()
        try:
            read_sheet(content, asked, spelling=spelling_of(reading), only=reading["only"])
        except UnusableError as error:
            form.add_error("file" if form.cleaned_data["file"] else "table", str(error))
        else:
            sweep_uploads(now=timezone.now())
            file = form.cleaned_data["file"]
            upload = keep_upload(
                content,
                owner=request.user,
                name=(file.name if file else "") or "",
                mapping=json.dumps(reading | {"round": round_.pk}),
                purpose=PURPOSE,
                now=timezone.now(),
            )
            return redirect_to(request, reverse("portfolio:measurement-preview", args=[code, upload.token]))
    context = {"pilot": pilot, "round": round_, "form": form, "asked": asked, "obstacles": obstacles}
    refused = form.errors or (request.method == "POST" and obstacles)
    return render(request, "portfolio/measurement_sheet.html", context, status=422 if refused else 200)


@access(signed_in)
@once
def measurement_preview(request: SignedInRequest, code: str, token: str) -> HttpResponse:
    """Show what would be added, and what is refused; a post adds it, all of it or nothing."""
    pilot = editable_pilot(request.user, code)
    upload = find_upload(token, owner=request.user, purpose=PURPOSE)
    if upload is None:
        raise Http404
    brought = _read(pilot, upload, today=timezone.localdate())
    back = f"{reverse('portfolio:measurement-list', args=[code])}?round={brought.round.number}"
    if request.method == "POST" and "forget" in request.POST:
        forget_upload(upload)
        return redirect_to(request, back)
    obstacles: list[Obstacle] = []
    if request.method == "POST":
        try:
            plan = record_sheet(
                actor=request.user,
                round_=brought.round,
                entries=brought.sheet.entries,
                origin=Origin.IMPORTED if upload.name else Origin.PASTED,
                seen=request.POST.get("seen", ""),
                afterwards="afterwards" in request.POST,
                today=timezone.localdate(),
                now=timezone.now(),
            )
        except RefusedError as error:
            obstacles = error.obstacles
        else:
            transaction.on_commit(lambda: forget_upload(upload))
            many = len(plan.new)
            messages.success(request, f"{many} measurement{'' if many == 1 else 's'} added.")
            return redirect_to(request, back)
    context = _preview(pilot, brought) | {"obstacles": obstacles, "back": back}
    return render(request, "portfolio/measurement_preview.html", context, status=422 if obstacles else 200)


def _read(pilot: Pilot, upload: Upload, *, today: date) -> Brought:
    reading = json.loads(upload.mapping)
    round_ = Round.objects.filter(pilot=pilot, pk=reading["round"]).first()
    content = upload.content()
    if round_ is None or content is None:
        raise Http404
    round_.pilot = pilot
    progress = progress_of([round_.pk], today)[round_.pk]
    try:
        sheet = read_sheet(content, asked_in(progress), spelling=spelling_of(reading), only=reading["only"])
    except UnusableError as error:  # its criterion was withdrawn since
        raise Http404 from error
    return Brought(upload, reading, round_, progress, sheet, plan_entries(round_, sheet.entries, today=today))


def _preview(pilot: Pilot, brought: Brought) -> dict[str, Any]:
    metrics = {each.number: each for each in brought.progress}
    return {
        "pilot": pilot,
        "brought": brought,
        "decided": brought.round.state == RoundState.DECIDED,
        "new": [(entry, metrics[entry.number]) for entry in brought.plan.new[:SHOWN]],
        "unshown": max(0, len(brought.plan.new) - SHOWN),
        "refused": brought.refused[:SHOWN],
        "unshown_refused": max(0, len(brought.refused) - SHOWN),
    }


def _again(request: SignedInRequest, pilot: Pilot) -> dict[str, Any]:
    """What was pasted before, to be changed; a file has to be chosen again."""
    upload = find_upload(request.GET.get("again", ""), owner=request.user, purpose=PURPOSE)
    if upload is None:
        return {"criterion": request.GET.get("criterion", "")}
    reading = json.loads(upload.mapping)
    content = upload.content()
    known = Round.objects.filter(pilot=pilot, pk=reading["round"]).exists()
    pasted = content.decode() if known and content is not None and not upload.name else ""
    return {"table": pasted, "criterion": reading["only"], "sign": reading["sign"], "days": reading["days"]}


def _closed(round_: Round | None, *, asked_any: bool) -> list[Obstacle]:
    if round_ is None or round_.state == RoundState.DRAFT:
        return [
            Obstacle("not_started", "The round has not started. What is measured before the start is the baseline.")
        ]
    if not asked_any:
        return [Obstacle("no_criteria", "This round has no success criterion that values could belong to.")]
    return []
