"""Interventions against what holds a pilot up: owned, dated; done with what came of it, or given up."""

from datetime import date, datetime

from accounts.acting import compare_and_step, note
from accounts.inviting import name_and_invite
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.diagnosing import stage_obstacles
from portfolio.locking import locked_pilot
from portfolio.models import Diagnosis, Intervention, Pilot
from portfolio.permissions import may_edit
from portfolio.stuck import InterventionState, StuckPattern


@verb
def start_intervention(
    *,
    actor: User | None,
    pilot: Pilot,
    pattern: StuckPattern,
    text: str,
    owner_email: str,
    due: date,
    idea: str = "",
    today: date,
    now: datetime,
) -> Intervention:
    """Start an action against a pattern: who does what, by which day. An owner who is new here is invited.

    Refuses, with every obstacle: a pilot that is not under way, a pattern that its last diagnosis did not find,
    nothing said, an owner who has left, a day that is past, and an idea of the library that is under way here already.
    """
    pilot = locked_pilot(pilot)
    diagnosis = Diagnosis.objects.filter(pilot=pilot).order_by("-pk").first()
    owner = name_and_invite(actor=actor, email=owner_email, now=now) if owner_email.strip() else None
    obstacles = stage_obstacles(pilot)
    if diagnosis is None or pattern not in diagnosis.patterns:
        obstacles.append(Obstacle("pattern", "The last diagnosis did not find this pattern."))
    if not text.strip():
        obstacles.append(Obstacle("text", "Say what is to be done."))
    if owner is None:
        obstacles.append(Obstacle("owner_email", "Name who does it: what everybody does, nobody does."))
    elif not owner.is_active:
        obstacles.append(Obstacle("owner_email", f"{owner} has left. Name somebody who is here."))
    if due < today:
        obstacles.append(Obstacle("due", "This day is past; choose one to come."))
    if idea and Intervention.objects.open().filter(pilot=pilot, idea=idea).exists():
        obstacles.append(Obstacle("idea", "This is under way already."))
    refuse_any(obstacles)
    intervention = Intervention(
        pilot=pilot, diagnosis=diagnosis, pattern=pattern, idea=idea, text=text.strip(), owner=owner, due=due,
        started_at=now, started_by=actor,
    )  # fmt: skip
    intervention.full_clean(exclude=["pilot", "diagnosis", "owner", "started_by"])
    intervention.save(force_insert=True)
    note(
        actor, "portfolio.intervention.started", intervention, now=now, scope=pilot.scope, text=intervention.text,
        pattern=pattern.in_words, person=intervention.owner.ref, due=due,
    )  # fmt: skip
    return intervention


@verb
def finish_intervention(
    *, actor: User, intervention: Intervention, outcome: str, seen: int | None = None, now: datetime
) -> Intervention:
    """Say that it is done, and what came of it, "nothing" included. Whether the pattern holds, a new diagnosis says."""
    return _closed(actor, intervention, InterventionState.DONE, outcome, seen=seen, now=now)


@verb
def give_up_intervention(
    *, actor: User, intervention: Intervention, outcome: str, seen: int | None = None, now: datetime
) -> Intervention:
    """Give it up, with the reason as its `outcome`."""
    return _closed(actor, intervention, InterventionState.GIVEN_UP, outcome, seen=seen, now=now)


def closing_obstacles(actor: User, intervention: Intervention) -> list[Obstacle]:
    """What keeps `actor` from closing the intervention: it is closed, or others do that."""
    obstacles = []
    if not intervention.is_open:
        word = intervention.get_state_display().lower()
        obstacles.append(Obstacle("closed", f"It is {word} already, as {intervention.closed_by or 'Pilotage'} said."))
    if intervention.owner_id != actor.pk and not may_edit(actor, intervention.pilot):
        who = f"{intervention.owner}, or who keeps the pilot's file"
        obstacles.append(Obstacle("not_owner", f"{intervention.owner} says what came of it.", who))
    return obstacles


def _closed(
    actor: User, intervention: Intervention, state: InterventionState, outcome: str, *, seen: int | None, now: datetime
) -> Intervention:
    pilot = locked_pilot(intervention.pilot)
    intervention = Intervention.objects.select_related("owner", "closed_by", "pilot").get(pk=intervention.pk)
    compare_and_step(intervention, seen)
    obstacles = closing_obstacles(actor, intervention)
    if not outcome.strip():
        what = "Say what came of it." if state == InterventionState.DONE else "Say why it is given up."
        obstacles.append(Obstacle("outcome", what, "you"))
    refuse_any(obstacles)
    intervention.state, intervention.outcome = state, outcome.strip()
    intervention.closed_at, intervention.closed_by = now, actor
    intervention.save()
    kind = "finished" if state == InterventionState.DONE else "given_up"
    note(
        actor, f"portfolio.intervention.{kind}", intervention, now=now, scope=pilot.scope, text=intervention.text,
        outcome=intervention.outcome,
    )  # fmt: skip
    return intervention
