"""Adding evidence, putting a newer piece in its place, naming what it supports, withdrawing it."""

from pathlib import PurePosixPath

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle
from accounts.posting import add_errors, once, redirect_to
from gates.evidence_library import criteria_asked, measurements_of, room_in
from gates.evidencing import Content, add_evidence, change_uses, supersede_evidence, withdraw_evidence
from gates.filing import KeptFile, keep, safe_name
from gates.forms.evidence import PieceForm, UsesForm, WithdrawForm, initial_of, measurement_words
from gates.models import Criterion, Evidence
from gates.queries import latest_round
from gates.sniffing import UnfitError
from gates.states import EvidenceKind
from gates.views.evidence import day_for, piece_of, piece_page
from portfolio.models import Pilot
from portfolio.states import OPEN_ROUND_STATES
from portfolio.views.fetching import editable_pilot


@access(signed_in)
@once
def evidence_add(request: SignedInRequest, code: str) -> HttpResponse:
    """Add a file, a link, a note or a measurement; asked from a criterion, it leads back there."""
    pilot = editable_pilot(request.user, code)
    criteria = _criteria_of(pilot)
    asked_for = next((one for one in criteria if one.slug == request.GET.get("criterion")), None)
    form = _form(request, pilot, criteria, initial={"criteria": [asked_for.slug] if asked_for else []})
    refusal: list[Obstacle] = []
    if request.method == "POST" and form.is_valid():
        content = _content(form, pilot)
        if content is not None:
            try:
                piece = add_evidence(
                    actor=request.user,
                    pilot=pilot,
                    content=content,
                    criteria=list(form.cleaned_data.get("criteria", ())),
                    today=day_for(pilot),
                    now=timezone.now(),
                )
            except ValidationError as error:
                refusal = add_errors(form, error)
            else:
                messages.success(request, f"“{piece.title}” is in the library.")
                return redirect_to(request, _back_to(pilot, asked_for))
    return _piece_form_page(request, "gates/evidence_add.html", pilot, form, refusal, asked_for=asked_for)


@access(signed_in)
@once
def evidence_replace(request: SignedInRequest, code: str, evidence: int) -> HttpResponse:
    """Put a newer piece in the place of one; it supports what that one supported."""
    pilot = editable_pilot(request.user, code)
    old = piece_of(pilot, evidence)
    form = _form(request, pilot, (), initial=initial_of(old), kind=EvidenceKind(old.kind))
    refusal: list[Obstacle] = []
    if request.method == "POST" and form.is_valid():
        content = _content(form, pilot)
        if content is not None:
            try:
                piece = supersede_evidence(
                    actor=request.user, old=old, content=content, today=day_for(pilot), now=timezone.now()
                )
            except ValidationError as error:
                refusal = add_errors(form, error)
            else:
                messages.success(request, f"“{piece.title}” is in the place of the older piece.")
                return redirect_to(request, piece.get_absolute_url())
    return _piece_form_page(request, "gates/evidence_replace.html", pilot, form, refusal, old=old)


@access(signed_in)
@once
def evidence_withdraw(request: SignedInRequest, code: str, evidence: int) -> HttpResponse:
    """Withdraw a piece, with the reason."""
    pilot = editable_pilot(request.user, code)
    piece = piece_of(pilot, evidence)
    form = WithdrawForm(request.POST or None)
    refusal: list[Obstacle] = []
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_evidence(
                actor=request.user, evidence=piece, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except ValidationError as error:
            refusal = add_errors(form, error)
        else:
            messages.success(request, f"“{piece.title}” is withdrawn.")
            return redirect_to(request, piece.get_absolute_url())
    context = {"pilot": pilot, "piece": piece, "form": form, "refusal": refusal}
    return render(request, "gates/evidence_withdraw.html", context, status=422 if form.errors or refusal else 200)


@access(signed_in)
@once
def evidence_use(request: SignedInRequest, code: str, evidence: int) -> HttpResponse:
    """Name the criteria that a piece supports; only what this form changed is changed."""
    pilot = editable_pilot(request.user, code)
    piece = piece_of(pilot, evidence)
    if request.method != "POST":
        return redirect(piece.get_absolute_url())
    form = UsesForm(request.POST, criteria=_criteria_of(pilot))
    refusal: list[Obstacle] = []
    if form.is_valid():
        begin, end = form.changes()
        try:
            change_uses(actor=request.user, evidence=piece, begin=begin, end=end, now=timezone.now())
        except ValidationError as error:
            refusal = add_errors(form, error)
        else:
            messages.success(request, "Saved what this piece supports.")
            return redirect_to(request, piece.get_absolute_url())
    return piece_page(request, pilot, piece, uses=form, refusal=refusal, status=422)


def _form(
    request: SignedInRequest,
    pilot: Pilot,
    criteria: list[Criterion] | tuple[()],
    *,
    initial: dict[str, object],
    kind: EvidenceKind = EvidenceKind.FILE,
) -> PieceForm:
    try:
        kind = EvidenceKind(request.POST.get("kind") or request.GET.get("kind") or kind)
    except ValueError:
        raise Http404 from None
    return PieceForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        criteria=criteria,
        measurements=measurements_of(pilot),
        initial=initial,
    )


def _content(form: PieceForm, pilot: Pilot) -> Content | None:
    """What the form holds, its file in the store; None where the file cannot be taken, which the form then says."""
    said = form.cleaned_data
    upload, measurement = said.get("file"), said.get("measurement")
    kept: KeptFile | None = None
    if upload is not None:
        try:
            kept = keep(upload, name=upload.name, room=room_in(pilot))
        except UnfitError as error:
            form.add_error("file", f"{safe_name(upload.name)}: {error}")
            return None
    named = PurePosixPath(kept.name).stem if kept else measurement_words(measurement) if measurement else ""
    return Content(
        kind=form.of_kind,
        title=said["title"] or named,
        note=said["note"],
        url=said.get("url", ""),
        file=kept,
        measurement=measurement,
        valid_until=said["valid_until"],
    )


def _criteria_of(pilot: Pilot) -> list[Criterion]:
    """The criteria that evidence can be named for now; none while no round is open."""
    round_ = latest_round(pilot)
    return criteria_asked(round_) if round_ and round_.state in OPEN_ROUND_STATES else []


def _back_to(pilot: Pilot, criterion: Criterion | None) -> str:
    if criterion is None:
        return reverse("gates:evidence-list", args=[pilot.code])
    return f"{reverse('gates:review-detail', args=[pilot.code, criterion.gate.slug])}#criterion-{criterion.pk}"


def _piece_form_page(
    request: SignedInRequest,
    template: str,
    pilot: Pilot,
    form: PieceForm,
    refusal: list[Obstacle],
    *,
    asked_for: Criterion | None = None,
    old: Evidence | None = None,
) -> HttpResponse:
    context = {
        "pilot": pilot,
        "form": form,
        "kinds": EvidenceKind,
        "refusal": refusal,
        "asked_for": asked_for,
        "old": old,
        "back": old.get_absolute_url() if old else _back_to(pilot, asked_for),
    }
    return render(request, template, context, status=422 if form.errors or refusal else 200)
