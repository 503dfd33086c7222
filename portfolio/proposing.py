"""Proposing a pilot, and keeping the facts of its file."""

from datetime import date, datetime
from typing import Any

from django.conf import settings

from accounts.acting import compare_and_step, note
from accounts.inviting import name_and_invite
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.locking import locked_pilot
from portfolio.models import Assignment, Pilot, Round
from portfolio.numbering import pilot_code, take
from portfolio.standing import keep_facts
from portfolio.states import Part

#: Facts of the file that are edited freely; everything else changes by a verb of its own.
EDITABLE = (
    "title",
    "summary",
    "unit",
    "committee_slug",
    "risk_class",
    "technology",
    "vendor",
    "monthly_cost",
    "cost_so_far",
    "visibility",
)


@verb
def propose_pilot(
    *,
    actor: User | None,
    owner: User | None,
    today: date,
    now: datetime,
    planned_end: date | None = None,
    decision_due: date | None = None,
    **facts: Any,
) -> Pilot:
    """Propose a pilot with its first round in draft; `owner`, if given, becomes its business owner.

    `facts` are those of `EDITABLE`. Refuses facts that are not valid.
    """
    pilot = Pilot(code=pilot_code(take("pilot")[0]), created_by=actor, created_at=now, **_only_editable(facts))
    pilot.full_clean()
    pilot.save(force_insert=True)
    first = Round(pilot=pilot, number=1, planned_end=planned_end, decision_due=decision_due, created_at=now)
    first.full_clean(exclude=["pilot"])
    first.save(force_insert=True)
    if owner is not None:
        Assignment.objects.create(pilot=pilot, person=owner, part=Part.BUSINESS_OWNER, since=today)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(
        actor,
        "portfolio.pilot.proposed",
        pilot,
        now=now,
        scope=pilot.scope,
        title=pilot.title,
        code=pilot.code,
    )
    return pilot


@verb
def propose_for(*, actor: User, owner_email: str, today: date, now: datetime, **facts: Any) -> Pilot:
    """Propose a pilot whose business owner is the person of that address, invited if new here; empty: the actor.

    Refuses an owner who has left, under the code `owner`.
    """
    owner = name_and_invite(actor=actor, email=owner_email, now=now) if owner_email else actor
    if not owner.is_active:
        refuse_any([Obstacle("owner", f"{owner} has left. Name somebody who is here.")])
    return propose_pilot(actor=actor, owner=owner, today=today, now=now, **facts)


@verb
def edit_pilot(*, actor: User | None, pilot: Pilot, seen: int | None, now: datetime, **facts: Any) -> Pilot:
    """Change facts of the file. StaleError when somebody else changed it since version `seen`."""
    pilot = locked_pilot(pilot)
    compare_and_step(pilot, seen)
    changed = {name: value for name, value in _only_editable(facts).items() if getattr(pilot, name) != value}
    if not changed:
        return pilot
    before = {name: _plain(getattr(pilot, name)) for name in changed}
    for name, value in changed.items():
        setattr(pilot, name, value)
    pilot.full_clean()
    pilot.save(update_fields=[*changed, "version"])
    after = {name: _plain(value) for name, value in changed.items()}
    note(
        actor,
        "portfolio.pilot.edited",
        pilot,
        now=now,
        scope=pilot.scope,
        fields=sorted(changed),
        before=before,
        after=after,
    )
    return pilot


def _only_editable(facts: dict[str, Any]) -> dict[str, Any]:
    strange = facts.keys() - set(EDITABLE)
    if strange:
        raise TypeError(f"not facts of the file: {', '.join(sorted(strange))}")
    return facts


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
