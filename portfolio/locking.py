"""Locking: every verb on a pilot locks the pilot's row first, so that verbs on one pilot queue and never deadlock."""

from accounts.obstacles import Obstacle, RefusedError
from portfolio.models import Pilot, Round
from portfolio.states import OPEN_ROUND_STATES


def locked_pilot(pilot: Pilot) -> Pilot:
    """Return the pilot as it is now, locked until the end of the transaction."""
    return Pilot.objects.select_for_update().get(pk=pilot.pk)


def open_round(pilot: Pilot) -> Round:
    """Return the open round of a locked pilot; refuses where there is none."""
    found = Round.objects.filter(pilot=pilot, state__in=OPEN_ROUND_STATES).first()
    if found is None:
        raise RefusedError(
            [
                Obstacle(
                    "no_open_round",
                    "This pilot has no open round.",
                    "The committee decides whether one opens.",
                )
            ]
        )
    return found


def latest_round(pilot: Pilot) -> Round:
    """Return the round that a locked pilot is in or was in last: what is said while it scales belongs to that one."""
    return Round.objects.filter(pilot=pilot).order_by("-number")[0]
