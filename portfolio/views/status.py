"""Saying what moved, and reading all that was said."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle
from accounts.posting import add_errors, once, redirect_to
from portfolio.blockers import OpenBlocker, open_blockers
from portfolio.forms.status import StatusForm
from portfolio.models import StatusUpdate
from portfolio.permissions import may_edit
from portfolio.queries import all_updates_of
from portfolio.reporting import report_status
from portfolio.states import BLOCKER_REPEATS, ENDED_STAGES
from portfolio.status import status_of
from portfolio.views.fetching import editable_pilot, visible_pilot

PAGE_SIZE = 20


@access(signed_in)
def status_list(request: SignedInRequest, code: str) -> HttpResponse:
    """Every status update of a pilot, the latest first."""
    pilot = visible_pilot(request.user, code)
    context = {
        "pilot": pilot,
        "page": Paginator(all_updates_of(pilot), PAGE_SIZE).get_page(request.GET.get("page")),
        "blockers": open_blockers(pilot),
        "may_report": may_edit(request.user, pilot) and pilot.stage not in ENDED_STAGES,
    }
    return render(request, "portfolio/status_list.html", context)


@access(signed_in)
@once
def status_create(request: SignedInRequest, code: str) -> HttpResponse:
    """Say what moved and what blocks; the numbers of users are those of the last time."""
    pilot = editable_pilot(request.user, code)
    status = status_of(pilot)
    obstacles = []
    if pilot.stage in ENDED_STAGES:
        what = f"This pilot is {pilot.get_stage_display().lower()}; there is nothing more to report."
        obstacles.append(Obstacle("ended", what))
    form = StatusForm(request.POST or None, asked=status.blockers, initial=_users(status.adoption[:1]))
    if request.method == "POST" and form.is_valid():
        try:
            report_status(actor=request.user, pilot=pilot, now=timezone.now(), **form.said())
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "Thank you. Everybody on this pilot sees your update.")
            _say_repeats(request, open_blockers(pilot))
            return redirect_to(request, pilot.get_absolute_url())
    context = {"pilot": pilot, "form": form, "obstacles": obstacles, "latest": status.latest}
    refused = form.errors or (obstacles and request.method == "POST")
    return render(request, "portfolio/status_create.html", context, status=422 if refused else 200)


def _users(last: list[StatusUpdate]) -> dict[str, int | None]:
    return {"users_inside": last[0].users_inside, "users_outside": last[0].users_outside} if last else {}


def _say_repeats(request: SignedInRequest, blockers: list[OpenBlocker]) -> None:
    for one in blockers:
        if one.times == BLOCKER_REPEATS:
            text = f"“{one.blocker}” has now blocked three updates in a row. The pilot is flagged for it."
            messages.warning(request, text)
