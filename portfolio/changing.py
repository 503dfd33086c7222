"""The change in people's work: planning it while the pilot runs, and minding what chafes."""

from datetime import datetime
from decimal import Decimal

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.locking import locked_pilot
from portfolio.models import ChangePlan, Friction, Pilot

#: What a change plan says, in the order of its form.
PLANNED = (
    "what_changes", "for_whom", "training", "support", "timing", "steps_before", "steps_after", "hours_before",
    "hours_after",
)  # fmt: skip


@verb
def write_change_plan(
    *, actor: User | None, pilot: Pilot, seen: int | None = None, now: datetime, **said: str | Decimal | None
) -> ChangePlan:
    """Write the change plan, or parts of it; `said` are of `PLANNED`.

    StaleError when somebody else wrote since version `seen` (0: there was none). Writing what stands changes nothing.
    """
    strange = said.keys() - set(PLANNED)
    if strange:
        raise TypeError(f"not in a change plan: {', '.join(sorted(strange))}")
    pilot = locked_pilot(pilot)
    plan = ChangePlan.objects.filter(pilot=pilot).first() or ChangePlan(pilot=pilot)
    changed = {name: value for name, value in said.items() if getattr(plan, name) != value}
    if not changed:
        return plan
    compare_and_step(plan, seen)
    before = {name: _plain(getattr(plan, name)) for name in changed}
    for name, value in changed.items():
        setattr(plan, name, value)
    plan.full_clean(exclude=["pilot"])
    plan.save()
    note(
        actor, "portfolio.change_plan.written", plan, now=now, scope=pilot.scope, fields=sorted(changed),
        before=before, after={name: _plain(value) for name, value in changed.items()},
    )  # fmt: skip
    return plan


@verb
def note_friction(
    *, actor: User | None, pilot: Pilot, what: str, seen_where: str = "", seen_by: str = "", now: datetime
) -> Friction:
    """Note something that chafes in daily work. Notes are not edited; closing one says what was done."""
    pilot = locked_pilot(pilot)
    if not what.strip():
        refuse_any([Obstacle("what", "Say in a sentence what chafes.")])
    friction = Friction(
        pilot=pilot, what=what.strip(), seen_where=seen_where.strip(), seen_by=seen_by.strip(), noted_by=actor,
        noted_at=now,
    )  # fmt: skip
    friction.full_clean(exclude=["pilot", "noted_by"])
    friction.save(force_insert=True)
    note(actor, "portfolio.friction.noted", friction, now=now, scope=pilot.scope, what=friction.what)
    return friction


@verb
def close_friction(*, actor: User | None, friction: Friction, done: str, now: datetime) -> Friction:
    """Close a friction by saying what was done, "nothing, and why" included. Refuses one that is closed."""
    pilot = locked_pilot(friction.pilot)
    friction = Friction.objects.get(pk=friction.pk)
    obstacles = []
    if friction.closed_at is not None:
        obstacles.append(Obstacle("closed", f"{friction.closed_by or 'Somebody'} has closed this already."))
    if not done.strip():
        obstacles.append(Obstacle("done", "Say what was done, or why nothing was."))
    refuse_any(obstacles)
    friction.done, friction.closed_by, friction.closed_at = done.strip(), actor, now
    friction.save(update_fields=["done", "closed_by", "closed_at"])
    note(
        actor, "portfolio.friction.closed", friction, now=now, scope=pilot.scope, what=friction.what, done=friction.done
    )  # fmt: skip
    return friction


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
