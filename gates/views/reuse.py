"""Reusing what another pilot settled for the same criterion (requirement 37)."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.posting import add_errors, once, redirect_to
from gates.forms.reuse import ReuseForm
from gates.models import Reuse
from gates.reused import reusable
from gates.reusing import attach_reuse, remove_reuse
from gates.review_sheet import Line, Sheet
from gates.states import ReuseKind
from gates.views.review_page import sheet_of
from portfolio.views.fetching import editable_pilot

#: Findings offered at most: the newest ones.
OFFERED = 25
#: For how long a reuse holds where the criterion does not say how old evidence may grow.
USUAL = timedelta(days=365)


@access(signed_in)
@once
def reuse_add(request: SignedInRequest, code: str, gate: str, criterion: str) -> HttpResponse:
    """Let a criterion lean on a finding of another pilot that the owner may see."""
    sheet, line = _line(request, code, gate, criterion)
    newest = reusable(line.criterion, sheet.pilot, request.user).values("pk")[:OFFERED]
    sources = reusable(line.criterion, sheet.pilot, request.user).filter(
        pk__in=list(newest.values_list("pk", flat=True))
    )
    until = sheet.today + (timedelta(days=line.criterion.evidence_valid_days) or USUAL)
    initial = {"kind": ReuseKind.REVIEW, "valid_until": until}
    form = ReuseForm(request.POST if request.method == "POST" else None, sources=sources, initial=initial)
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            attach_reuse(
                actor=request.user,
                pilot=sheet.pilot,
                criterion=line.criterion,
                today=sheet.today,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{line.label} reuses it. Its reviewer says whether it holds here.")
            return redirect_to(request, _address(sheet, line))
    context = {"sheet": sheet, "pilot": sheet.pilot, "line": line, "form": form, "obstacles": obstacles}
    context["sources"] = sources
    return render(request, "gates/reuse_add.html", context, status=422 if form.is_bound else 200)


@access(signed_in)
@once
def reuse_end(request: SignedInRequest, code: str, gate: str, criterion: str, pk: int) -> HttpResponse:
    """Let a criterion no longer lean on a finding of another pilot."""
    sheet, line = _line(request, code, gate, criterion)
    if request.method == "POST":
        attached = Reuse.objects.filter(review__round=sheet.round, criterion=line.criterion)
        reuse = get_object_or_404(attached.select_related("review__round__pilot"), pk=pk)
        try:
            remove_reuse(actor=request.user, reuse=reuse, now=timezone.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{line.label} no longer reuses it.")
    return redirect_to(request, _address(sheet, line))


def _line(request: SignedInRequest, code: str, gate: str, criterion: str) -> tuple[Sheet, Line]:
    editable_pilot(request.user, code)
    sheet = sheet_of(request, code, gate)
    line = sheet.by_slug.get(criterion)
    if line is None:
        raise Http404
    return sheet, line


def _address(sheet: Sheet, line: Line) -> str:
    page = reverse("gates:review-prepare", args=[sheet.pilot.code, sheet.gate.slug])
    return f"{page}#criterion-{line.criterion.pk}"
