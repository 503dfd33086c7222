"""Silencing a flag for a while: it leaves digests, and stays open, counted and listed."""

from datetime import date, datetime, timedelta

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.models import Flag, Snooze
from gates.open_flags import family_of
from gates.permissions import speaks_for
from gates.rules.registry import BY_ID
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.permissions import holds
from portfolio.states import Part

#: The most days for which an owner, and for which chair or managers, may silence a flag.
OWNERS_DAYS, LONGEST_DAYS = 14, 90


@verb
def snooze_flag(*, actor: User, flag: Flag, reason: str, until: date, today: date, now: datetime) -> Snooze:
    """Keep a flag out of digests until the end of a day, with the others of its family on that pilot.

    Refuses: a flag that is closed or silenced already, who may not, an owner a second time, a day that is past or
    too far, and no reason.
    """
    pilot = locked_pilot(flag.pilot)
    refuse_any([*snooze_obstacles(actor, flag, today), *_unfit(actor, pilot, reason, until, today)])
    kin = Flag.objects.filter(pilot=pilot, rule__in=family_of(flag.rule), closed_on=None)
    Snooze.objects.filter(flag__in=kin, ended_at=None, until__lt=today).update(ended_at=now)
    quiet = Snooze.objects.filter(flag__in=kin, ended_at=None).values("flag")
    rows = [
        Snooze(flag=one, reason=reason.strip(), until=until, set_at=now, set_by=actor)
        for one in kin.exclude(pk__in=quiet).order_by("pk")
    ]
    Snooze.objects.bulk_create(rows)
    snooze = next(row for row in rows if row.flag_id == flag.pk)
    note(
        actor, "gates.flag.snoozed", snooze, now=now, scope=pilot.scope, rule=_title(flag), until=until,
        reason=snooze.reason,
    )  # fmt: skip
    return snooze


@verb
def wake_flag(*, actor: User, snooze: Snooze, now: datetime) -> None:
    """Let a flag, and the others that were silenced with it, be told of again. Ended before: changes nothing."""
    pilot = locked_pilot(snooze.flag.pilot)
    if not may_quiet(actor, pilot):
        refuse_any([_NOT_YOURS])
    together = Snooze.objects.filter(flag__pilot=pilot, set_at=snooze.set_at, set_by=snooze.set_by, ended_at=None)
    if together.update(ended_at=now, ended_by=actor):
        note(actor, "gates.flag.woken", snooze, now=now, scope=pilot.scope, rule=_title(snooze.flag))


_NOT_YOURS = Obstacle(
    "not_yours",
    "Flags are silenced by the pilot's business owner, the chair of its committee and portfolio managers.",
    "one of them",
)


def may_quiet(user: User, pilot: Pilot) -> bool:
    """Whether `user` may silence flags of the pilot at all."""
    return speaks_for(user, pilot) or holds(user, pilot, Part.BUSINESS_OWNER)


def longest(user: User, pilot: Pilot) -> int:
    """The most days for which `user` may silence a flag of the pilot."""
    return LONGEST_DAYS if speaks_for(user, pilot) else OWNERS_DAYS


def snooze_obstacles(actor: User, flag: Flag, today: date) -> list[Obstacle]:
    """What keeps `actor` from silencing the flag, whatever they would write."""
    obstacles = []
    if not may_quiet(actor, flag.pilot):
        obstacles.append(_NOT_YOURS)
    elif not speaks_for(actor, flag.pilot) and Snooze.objects.filter(flag=flag, set_by=actor).exists():
        obstacles.append(
            Obstacle("once", "You have silenced this flag once. A second time is not yours to give.", "the chair")
        )
    if flag.closed_on is not None:
        obstacles.append(Obstacle("closed", "This flag has closed."))
    if Snooze.objects.in_force(today).filter(flag=flag).exists():
        obstacles.append(Obstacle("snoozed", "This flag is silenced already.", "whoever may, who ends that first"))
    return obstacles


def _unfit(actor: User, pilot: Pilot, reason: str, until: date, today: date) -> list[Obstacle]:
    obstacles = []
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say why it can wait.", "you"))
    last = today + timedelta(days=longest(actor, pilot))
    if not today < until <= last:
        obstacles.append(
            Obstacle(
                "until", f"Choose a day from tomorrow to {last:%-d %B %Y}, in {longest(actor, pilot)} days.", "you"
            )
        )
    return obstacles


def _title(flag: Flag) -> str:
    return BY_ID[flag.rule].title if flag.rule in BY_ID else flag.rule
