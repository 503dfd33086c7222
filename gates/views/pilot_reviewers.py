"""Who is asked first to review a pilot, function by function."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import Conflict, ConflictField, last_change
from accounts.obstacles import Obstacle, StaleError
from accounts.posting import add_errors, once, redirect_to
from gates.allotting import choose_reviewers, naming_obstacles
from gates.candidates import Pool, pools_for
from gates.forms.pilot_reviewers import SEEN, PilotReviewersForm
from gates.queries import committee_of, day_of
from portfolio.models import Pilot
from portfolio.views.fetching import visible_pilot


@access(signed_in)
@once
def pilot_reviewers(request: SignedInRequest, code: str) -> HttpResponse:
    """Who can be asked about a pilot, and who is asked first; portfolio managers choose."""
    pilot = visible_pilot(request.user, code)
    today = day_of(committee_of(pilot), timezone.now())
    may_choose = not naming_obstacles(request.user, pilot)
    if request.method == "POST" and not may_choose:
        raise PermissionDenied("to be a portfolio manager without a part in this pilot")
    pools = pools_for(pilot, today)
    form = PilotReviewersForm(request.POST if request.method == "POST" else None, pools=pools)
    obstacles: list[Obstacle] = []
    conflict, status = None, 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            changed = choose_reviewers(
                actor=request.user, pilot=pilot, chosen=form.chosen(), seen=form.seen(), today=today,
                now=timezone.now(),
            )  # fmt: skip
        except StaleError:
            pools = pools_for(pilot, today)
            conflict, status = _both(request, pilot, form, pools), 409
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            functions = ", ".join(function.label for function in changed)
            messages.success(request, f"Saved: {functions}." if changed else "Nothing was changed.")
            return redirect_to(request, request.path)
    context = {
        "pilot": pilot, "form": form, "pools": pools, "may_choose": may_choose, "obstacles": obstacles,
        "conflict": conflict,
    }  # fmt: skip
    return render(request, "gates/pilot_reviewers.html", context, status=status)


def _both(request: SignedInRequest, pilot: Pilot, form: PilotReviewersForm, pools: Sequence[Pool]) -> Conflict:
    """What was chosen meanwhile beside what this form asks for."""
    by, at = last_change(pilot)
    chosen, fields, hidden = form.chosen(), [], [("form_key", request.POST.get("form_key", ""))]
    for pool in pools:
        theirs, yours = pool.named, chosen[pool.function]
        hidden.append((SEEN + pool.function, str(theirs.pk if theirs else 0)))
        if theirs == yours:
            hidden.append((pool.function, str(yours.pk if yours else "")))
            continue
        fields.append(
            ConflictField(
                name=pool.function,
                label=pool.function.label,
                theirs=str(theirs.pk if theirs else ""),
                yours=str(yours.pk if yours else ""),
                fixed=True,
                theirs_text=str(theirs or "Whoever has least to do"),
                yours_text=str(yours or "Whoever has least to do"),
            )
        )
    page = reverse("gates:pilot-reviewers", args=[pilot.code])
    return Conflict(action=page, back=page, version=pilot.version, by=by, at=at, fields=fields, hidden=hidden)
