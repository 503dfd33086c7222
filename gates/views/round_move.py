"""Moving a pilot's round to a newer gate set: the difference first, then one confirmation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.obstacles import Obstacle, RefusedError, StaleError
from accounts.posting import once, redirect_to
from gates.moving import findings_kept, move_round, moving_obstacles
from gates.queries import gate_set_of, latest_round, newest_set
from gates.set_difference import difference
from gates.states import path_of
from portfolio.models import Pilot
from portfolio.views.fetching import editable_pilot

PUBLISHED_MEANWHILE = Obstacle(
    "published_meanwhile",
    "A newer gate set was published while you were reading. Its difference stands below.",
    "you, by looking at it again",
)


@access(signed_in)
@once
def round_move(request: SignedInRequest, code: str) -> HttpResponse:
    """What changes for this round, what stays found and what must be assessed anew; and the move itself."""
    pilot = editable_pilot(request.user, code)
    if request.method != "POST":
        return _page(request, pilot, moving_obstacles(request.user, pilot))
    seen = request.POST.get("version", "")
    try:
        moved = move_round(
            actor=request.user, pilot=pilot, seen=int(seen) if seen.isdecimal() else 0, now=timezone.now()
        )
    except StaleError:
        return _page(request, pilot, moving_obstacles(request.user, pilot), newer=[PUBLISHED_MEANWHILE], status=409)
    except RefusedError as refused:
        return _page(request, pilot, refused.obstacles, status=422)
    except ValidationError:
        return _page(request, pilot, moving_obstacles(request.user, pilot), status=422)
    messages.success(request, f"The round goes by gate set {moved.gate_set.version} now.")
    return redirect_to(request, pilot.get_absolute_url())


def _page(
    request: SignedInRequest,
    pilot: Pilot,
    obstacles: list[Obstacle],
    *,
    newer: list[Obstacle] | None = None,
    status: int = 200,
) -> HttpResponse:
    round_ = latest_round(pilot)
    old, new = gate_set_of(round_), newest_set()
    compared = difference(old, new) if old and new and old != new else None
    context = {
        "pilot": pilot,
        "round": round_,
        "old": old,
        "new": new,
        "difference": compared,
        "kept": findings_kept(round_, compared) if round_ and compared else 0,
        "path": path_of(pilot.risk_class),
        "obstacles": obstacles,
        "newer": newer,
    }
    return render(request, "gates/round_move.html", context, status=status)
