"""The run of a round: starting it, ending its work, opening the next one."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from accounts.ringing import ring
from audit.recording import verb
from portfolio.gap_kinds import WINDOW
from portfolio.gaps import open_gaps
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Contract, Pilot, Round
from portfolio.standing import keep_facts
from portfolio.states import OPEN_ROUND_STATES, DueBasis, Purpose, RoundState, Stage

#: States in which a round still goes by the decision that opened it.
_CORRECTABLE = {Purpose.PILOT: (RoundState.DRAFT,), Purpose.RESEARCH: OPEN_ROUND_STATES}
_ACCEPT = Obstacle("accept_gaps", "Close the gaps first, or say that it starts with them.", "you")


@verb
def start_round(
    *,
    actor: User | None,
    pilot: Pilot,
    starts_on: date,
    planned_end: date,
    decision_due: date,
    now: datetime,
    seen: int | None = None,
    accept_gaps: bool | None = None,
) -> Round:
    """Start the drafted round: from now on it has a due date, and only a decision stops its clock.

    Freezes its contract and its criteria; from now on amendments say what changed.
    `accept_gaps` says whether it starts with what its contract lacks, which is then flagged until it is closed: False
    refuses where there is such a gap, None does not look.
    Refuses a round that has started, an end before the start, a decision due before the start.
    """
    pilot = locked_pilot(pilot)
    current = open_round(pilot)
    compare_and_step(current, seen)
    gaps = None if accept_gaps is None else [gap.code for gap in open_gaps(pilot.pk) if gap.step != WINDOW]
    unaccepted = [] if accept_gaps or not gaps else [_ACCEPT]
    refuse_any(_start_obstacles(current, starts_on, planned_end, decision_due) + unaccepted)
    _freeze(current, starts_on, gaps)
    current.state = RoundState.RUNNING
    current.starts_on, current.planned_end, current.decision_due = starts_on, planned_end, decision_due
    current.due_basis = DueBasis.AGREED
    current.save()
    _move(pilot, Stage.RUNNING)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(
        actor,
        "portfolio.round.started",
        current,
        now=now,
        scope=pilot.scope,
        number=current.number,
        starts_on=starts_on,
        planned_end=planned_end,
        decision_due=decision_due,
    )
    ring("drift.scan")
    return current


@verb
def end_work(*, actor: User | None, pilot: Pilot, ended_on: date, now: datetime, seen: int | None = None) -> Round:
    """End the work of the running round and ask the committee for a decision. The clock goes on."""
    pilot = locked_pilot(pilot)
    current = open_round(pilot)
    compare_and_step(current, seen)
    obstacles = []
    if current.state != RoundState.RUNNING:
        obstacles.append(Obstacle("not_running", f"Round {current.number} is not running."))
    elif current.starts_on and ended_on < current.starts_on:
        obstacles.append(Obstacle("ends_before_start", "The work cannot have ended before it started."))
    refuse_any(obstacles)
    current.state, current.ended_on = RoundState.AWAITING_DECISION, ended_on
    current.save()
    if pilot.stage == Stage.RUNNING:
        _move(pilot, Stage.AWAITING_DECISION)
    note(
        actor,
        "portfolio.round.ended",
        current,
        now=now,
        scope=pilot.scope,
        number=current.number,
        ended_on=ended_on,
    )
    return current


@verb
def close_round(*, actor: User | None, pilot: Pilot, decided_on: date, stage: Stage, now: datetime) -> Round:
    """Close the open round because it was decided, and move the pilot on. Called by the decision's verb."""
    pilot = locked_pilot(pilot)
    current = open_round(pilot)
    current.state, current.decided_on = RoundState.DECIDED, decided_on
    current.version += 1
    current.save()
    _move(pilot, stage)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(actor, "portfolio.round.closed", current, now=now, scope=pilot.scope, number=current.number)
    return current


@verb
def open_next_round(
    *,
    actor: User | None,
    pilot: Pilot,
    purpose: Purpose,
    now: datetime,
    starts_on: date | None = None,
    planned_end: date | None = None,
    decision_due: date | None = None,
    redesign: str = "",
    learning_goal: str = "",
    budget_cap: Decimal | None = None,
) -> Round:
    """Open the next round: a redesigned pilot's in draft, a research round at once, due at its review date."""
    pilot = locked_pilot(pilot)
    last = Round.objects.filter(pilot=pilot).order_by("-number").first()
    following = Round(
        pilot=pilot,
        number=(last.number if last else 0) + 1,
        purpose=purpose,
        state=RoundState.RUNNING if purpose == Purpose.RESEARCH else RoundState.DRAFT,
        starts_on=starts_on,
        planned_end=planned_end,
        decision_due=decision_due,
        redesign=redesign,
        learning_goal=learning_goal,
        budget_cap=budget_cap,
        created_at=now,
    )
    following.full_clean(exclude=["pilot"])
    following.save(force_insert=True)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(
        actor,
        "portfolio.round.opened",
        following,
        now=now,
        scope=pilot.scope,
        number=following.number,
        purpose=purpose.value,
        decision_due=decision_due,
    )
    return following


@verb
def move_pilot(*, actor: User | None, pilot: Pilot, stage: Stage, now: datetime) -> Pilot:
    """Move a pilot to where a decision leads that supersedes another one. Called by the decision's verb."""
    pilot = locked_pilot(pilot)
    _move(pilot, stage)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(actor, "portfolio.pilot.moved", pilot, now=now, scope=pilot.scope, stage=stage.label.lower())
    return pilot


@verb
def correct_following(
    *, actor: User | None, pilot: Pilot, after: Round, terms: dict[str, Any], now: datetime
) -> Round | None:
    """Put the round right that followed `after`, while it is a draft or research: its window, its goal, its cap.

    A started pilot round goes by its own contract and stays as it is. Called by the verb of a superseding decision.
    """
    pilot = locked_pilot(pilot)
    following = Round.objects.filter(pilot=pilot, number=after.number + 1).first()
    if following is None or following.state not in _CORRECTABLE[Purpose(following.purpose)]:
        return None
    if following.purpose == Purpose.RESEARCH:
        terms = {**terms, "planned_end": terms["decision_due"]}
    for name, value in terms.items():
        setattr(following, name, value)
    following.version += 1
    following.full_clean(exclude=["pilot"])
    following.save()
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(actor, "portfolio.round.corrected", following, now=now, scope=pilot.scope, number=following.number)
    return following


def _start_obstacles(current: Round, starts_on: date, planned_end: date, decision_due: date) -> list[Obstacle]:
    obstacles = []
    if current.state != RoundState.DRAFT:
        obstacles.append(Obstacle("already_started", f"Round {current.number} has started already."))
    if planned_end < starts_on:
        obstacles.append(Obstacle("ends_before_start", "The planned end is before the start."))
    if decision_due < starts_on:
        obstacles.append(Obstacle("due_before_start", "The decision is due before the start."))
    return obstacles


def _freeze(current: Round, day: date, gaps: list[str] | None) -> None:
    """Freeze the contract of a round that is about to start, an empty one where nothing was agreed."""
    contract = Contract.objects.filter(round=current).first() or Contract(round=current)
    contract.frozen_on, contract.gaps_at_start = day, gaps
    contract.save()


def _move(pilot: Pilot, stage: Stage) -> None:
    pilot.stage = stage
    pilot.version += 1
    pilot.save(update_fields=["stage", "version"])
