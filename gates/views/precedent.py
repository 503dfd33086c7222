"""Precedent notes: how the questions of criteria were settled; writing and withdrawing one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle
from accounts.posting import add_errors, once, redirect_to
from gates.forms.gate_set import PrecedentForm, WithdrawalForm
from gates.models import GateReview
from gates.permissions import functions_of
from gates.precedents import precedents_visible_to
from gates.queries import committee_of, day_of
from gates.review_sheet import review_sheet
from gates.settling import withdraw_precedent, withdrawing_obstacles, write_precedent, writing_obstacles
from portfolio.views.fetching import visible_pilot

PAGE_SIZE = 25
#: Obstacles that lie in the person, not in the matter.
PERSONAL = {"other_function", "own_pilot"}


@access(signed_in)
def precedent_list(request: SignedInRequest) -> HttpResponse:
    """Every note in force on pilots that the reader may see, newest first; those withdrawn on request."""
    withdrawn = request.GET.get("withdrawn") == "yes"
    notes = precedents_visible_to(request.user).filter(withdrawal__isnull=not withdrawn)
    page = Paginator(notes, PAGE_SIZE).get_page(request.GET.get("page"))
    functions = functions_of(request.user, day_of(None, timezone.now()))
    rows = [(note, bool(functions & {note.criterion.function, note.criterion.gate.lead_function})) for note in page]
    return render(request, "gates/precedent_list.html", {"page": page, "rows": rows, "withdrawn": withdrawn})


@access(signed_in)
@once
def precedent_create(request: SignedInRequest, code: str, gate: str, criterion: str) -> HttpResponse:
    """Note how the question of a criterion was settled in a concluded gate."""
    pilot = visible_pilot(request.user, code)
    today = day_of(committee_of(pilot), timezone.now())
    sheet = review_sheet(pilot=pilot, gate_slug=gate, reader=request.user, today=today)
    line = sheet.by_slug.get(criterion) if sheet else None
    if sheet is None or line is None:
        raise Http404
    line.criterion.gate = sheet.gate
    obstacles = writing_obstacles(request.user, pilot, sheet.review, line.criterion, today)
    _refuse_person(obstacles, f"to review for {line.criterion.get_function_display()}, or to lead this gate")
    form = PrecedentForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not obstacles:
        try:
            write_precedent(
                actor=request.user,
                review=sheet.review,
                criterion=line.criterion,
                text=form.cleaned_data["text"],
                today=today,
                now=timezone.now(),
            )
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "The note stands beside this criterion in every pilot now.")
            return redirect_to(request, _place(sheet.review, line.criterion.pk))
    context = {"pilot": pilot, "sheet": sheet, "line": line, "form": form, "obstacles": obstacles}
    status = 422 if request.method == "POST" else 200
    return render(request, "gates/precedent_create.html", context, status=status)


@access(signed_in)
@once
def precedent_withdraw(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Withdraw a note, with the reason."""
    pilot = visible_pilot(request.user, code)
    precedent = get_object_or_404(precedents_visible_to(request.user), pk=pk, review__round__pilot=pilot)
    today = day_of(committee_of(pilot), timezone.now())
    obstacles = withdrawing_obstacles(request.user, pilot, precedent.criterion, today)
    _refuse_person(obstacles, f"to review for {precedent.criterion.get_function_display()}, or to lead its gate")
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_precedent(
            actor=request.user,
            precedent=precedent,
            reason=form.cleaned_data["reason"],
            today=today,
            now=timezone.now(),
        )
        messages.success(request, "The note is withdrawn.")
        return redirect_to(request, reverse("gates:precedent-list"))
    context = {"pilot": pilot, "precedent": precedent, "form": form}
    return render(request, "gates/precedent_withdraw.html", context, status=422 if form.errors else 200)


def _refuse_person(obstacles: list[Obstacle], needs: str) -> None:
    if any(obstacle.code in PERSONAL for obstacle in obstacles):
        raise PermissionDenied(f"{needs}, and no part in this pilot")


def _place(review: GateReview, criterion: int) -> str:
    page = reverse("gates:review-detail", args=[review.round.pilot.code, review.gate.slug])
    return f"{page}#criterion-{criterion}"
