"""Exempting a pilot from a drift rule for a while, with a reason."""

from datetime import date, datetime, timedelta

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.models import Exemption
from gates.permissions import speaks_for
from gates.rules.rule import Rule
from portfolio.locking import locked_pilot
from portfolio.models import Pilot

#: The most days for which a pilot can be exempt; then somebody looks again.
LONGEST_DAYS = 365

_NOT_YOURS = Obstacle(
    "not_yours", "Pilots are exempted by the chair of their committee and by portfolio managers.", "one of them"
)


@verb
def exempt_pilot(
    *, actor: User, pilot: Pilot, rule: Rule, reason: str, until: date, today: date, now: datetime
) -> Exemption:
    """Let the rule not be asked about the pilot until the end of a day; an open flag closes at the next scan.

    Refuses: who may not, a pilot that is exempt already, a day that is past or too far, and no reason.
    """
    pilot = locked_pilot(pilot)
    held = Exemption.objects.filter(pilot=pilot, rule=rule.id, ended_at=None)
    obstacles = exemption_obstacles(actor, pilot, rule, today)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say why this rule does not fit this pilot.", "you"))
    last = today + timedelta(days=LONGEST_DAYS)
    if not today < until <= last:
        obstacles.append(Obstacle("until", f"Choose a day from tomorrow to {last:%-d %B %Y}.", "you"))
    refuse_any(obstacles)
    held.update(ended_at=now)
    exemption = Exemption.objects.create(
        pilot=pilot, rule=rule.id, reason=reason.strip(), until=until, set_at=now, set_by=actor
    )
    note(
        actor, "gates.pilot.exempted", exemption, now=now, scope=pilot.scope, rule=rule.title, until=until,
        reason=exemption.reason,
    )  # fmt: skip
    return exemption


@verb
def end_exemption(*, actor: User, exemption: Exemption, title: str, now: datetime) -> None:
    """Let the rule be asked again from the next scan on. Ended before: changes nothing."""
    pilot = locked_pilot(exemption.pilot)
    if not speaks_for(actor, pilot):
        refuse_any([_NOT_YOURS])
    if Exemption.objects.filter(pk=exemption.pk, ended_at=None).update(ended_at=now, ended_by=actor):
        note(actor, "gates.exemption.ended", exemption, now=now, scope=pilot.scope, rule=title)


def exemption_obstacles(actor: User, pilot: Pilot, rule: Rule, today: date) -> list[Obstacle]:
    """What keeps `actor` from exempting the pilot, whatever they would write."""
    obstacles = [] if speaks_for(actor, pilot) else [_NOT_YOURS]
    if Exemption.objects.in_force(today).filter(pilot=pilot, rule=rule.id).exists():
        obstacles.append(Obstacle("exempt", "The pilot is exempt from this rule already."))
    return obstacles
