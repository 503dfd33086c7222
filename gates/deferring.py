"""Putting a decision off: with a reason, an owner and an end. The clock runs on, and it comes back by itself."""

from datetime import date, datetime, timedelta
from typing import cast

from django.conf import settings

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from audit.recording import verb
from gates.models import Deferral
from gates.permissions import decision_obstacles
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Pilot, Round


@verb
def defer_decision(
    *,
    actor: User,
    pilot: Pilot,
    reason: str,
    owner: User | None,
    until: date | None,
    today: date,
    now: datetime,
    seen_round: int | None = None,
) -> Deferral:
    """Put the decision on the pilot's open round off until the day `until`, on which it is back on the agenda.

    Neither the decision due date nor the clock change. By the chair who has no part in the pilot. Refuses a round that
    has not begun or is put off already, and what has no reason, owner or end, or an end too far away.
    """
    pilot = locked_pilot(pilot)
    refuse_any(decision_obstacles(actor, pilot))
    current = open_round(pilot)
    if seen_round is not None and seen_round != current.number:
        raise StaleError(seen=seen_round, current=current.number)
    refuse_any(matter_of_deferral(current, today) + deferral_obstacles(reason, owner, until, today))
    return put_on_record(
        actor=actor, pilot=pilot, current=current, reason=reason, owner=cast("User", owner),
        until=cast("date", until), today=today, now=now,
    )  # fmt: skip


def put_on_record(
    *, actor: User, pilot: Pilot, current: Round, reason: str, owner: User, until: date, today: date, now: datetime
) -> Deferral:
    """Write a deferral down, counted. For verbs that hold the pilot's lock and have refused what is amiss."""
    number = Deferral.objects.filter(round=current).count() + 1
    deferral = Deferral.objects.create(
        round=current, number=number, reason=reason.strip(), owner=owner, since=today, until=until, at=now, by=actor
    )
    note(
        actor, "gates.deferral.made", deferral, now=now, scope=pilot.scope, number=number, until=until,
        reason=deferral.reason,
    )  # fmt: skip
    return deferral


def matter_of_deferral(current: Round, today: date) -> list[Obstacle]:
    """What keeps a round from being put off, whoever does it: it has not begun, or it is put off already."""
    obstacles = []
    if not current.is_undecided:
        what = "This round has not started, so there is nothing to put off."
        obstacles.append(Obstacle("not_begun", what, "the owner, who starts it"))
    standing = Deferral.objects.in_force(today).filter(round=current).first()
    if standing:
        obstacles.append(Obstacle("deferred", f"It is put off already, until {standing.until:%-d %B %Y}."))
    return obstacles


def deferral_obstacles(reason: str, owner: User | None, until: date | None, today: date) -> list[Obstacle]:
    """What a deferral lacks (requirement 52)."""
    obstacles = []
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say what the committee waits for.", "you"))
    if owner is None:
        obstacles.append(Obstacle("owner", "Name who sees to it that it can be decided then.", "you"))
    elif not owner.is_active:
        obstacles.append(Obstacle("owner", f"{owner} has left.", "you"))
    longest = today + timedelta(days=settings.DEFERRAL_DAYS)
    if until is None:
        obstacles.append(Obstacle("until", "Say on which day it is back on the agenda.", "you"))
    elif until <= today:
        obstacles.append(Obstacle("until", "This day is not to come; choose a later one.", "you"))
    elif until > longest:
        what = f"A decision is put off by {settings.DEFERRAL_DAYS} days at most, so until {longest:%-d %B %Y}."
        obstacles.append(Obstacle("until", what, "you"))
    return obstacles
