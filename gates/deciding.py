"""Recording a decision: one of four, by the chair, permanent. Only this stops a round's clock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.models import Committee, Decision
from gates.permissions import decision_obstacles
from gates.snapshot import take_snapshot
from gates.standing import keep_judgements
from gates.states import AuthorityPath
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Pilot, Round
from portfolio.numbering import take
from portfolio.starting import close_round, open_next_round
from portfolio.states import Outcome, Purpose, Stage

#: Where each outcome leads. A redesign goes back to draft, for the next round.
STAGE_AFTER = {
    Outcome.SCALE: Stage.SCALING,
    Outcome.REDESIGN: Stage.DRAFT,
    Outcome.STOP: Stage.STOPPED,
    Outcome.RESEARCH: Stage.RESEARCH,
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an outcome needs beside its rationale; which of these, `REQUIRED` says."""

    learnings: str = ""
    launch_on: date | None = None
    redesign: str = ""
    next_starts_on: date | None = None
    next_planned_end: date | None = None
    next_due: date | None = None
    stop_reason: str = ""
    not_yet: str = ""
    look_again_on: date | None = None
    learning_goal: str = ""
    budget_cap: Decimal | None = None
    dissent: str = ""
    override_reason: str = ""


#: Terms that an outcome cannot be recorded without (requirements 56, 57, 58, 60, 61), with what to say of a gap.
REQUIRED: dict[Outcome, dict[str, str]] = {
    Outcome.SCALE: {"launch_on": "Say when it is to be in production."},
    Outcome.REDESIGN: {
        "redesign": "Say what changes: the users, the workflow or the use case.",
        "learnings": "Say what was learned that points there.",
        "next_due": "Say when the next round's decision is due.",
    },
    Outcome.STOP: {
        "stop_reason": "Choose the reason that fits best.",
        "learnings": "Say what was learned, so that it helps the next pilot.",
    },
    Outcome.RESEARCH: {
        "learning_goal": "Say what the research is to find out.",
        "budget_cap": "Say the most that it may cost.",
        "next_due": "Say when it is looked at again.",
    },
}


@verb
def record_decision(
    *,
    actor: User,
    pilot: Pilot,
    outcome: Outcome,
    rationale: str,
    terms: Terms,
    seen: int | None,
    today: date,
    now: datetime,
) -> Decision:
    """Record the committee's decision on the pilot's open round, by its chair.

    Takes the snapshot, closes the round and with it the clock, moves the pilot on, opens the next round of a redesign
    or of research; flags that it answers close at the next scan. `seen` is the round's version on the form.
    Refuses, with every obstacle: who is not the chair or has a part in it, a round not begun, what the outcome needs.
    """
    pilot = locked_pilot(pilot)
    refuse_any(decision_obstacles(actor, pilot))
    current = open_round(pilot)
    compare_and_step(current, seen)
    refuse_any(_missing(current, outcome, rationale, terms, today))
    committee = Committee.objects.filter(slug=pilot.committee_slug).first()
    body, digest = take_snapshot(pilot, current, today)
    decision = Decision.objects.create(
        number=decision_number(today),
        round=current,
        committee=committee,
        outcome=outcome,
        rationale=rationale.strip(),
        authority_path=AuthorityPath.CHAIR,
        deciders=f"{actor}, chair of {committee}" if committee else str(actor),
        decided_on=today,
        recorded_at=now,
        recorded_by=actor,
        snapshot=body,
        snapshot_sha256=digest,
        **vars(terms),
    )
    close_round(actor=actor, pilot=pilot, decided_on=today, stage=STAGE_AFTER[outcome], now=now)
    _open_what_follows(actor=actor, pilot=pilot, outcome=outcome, terms=terms, today=today, now=now)
    keep_judgements([pilot.pk])
    note(
        actor,
        "gates.decision.recorded",
        decision,
        now=now,
        scope=pilot.scope,
        number=decision.number,
        outcome=outcome.label.lower(),
        snapshot_sha256=digest,
    )
    return decision


def decision_number(day: date) -> str:
    """Take the next number of the year: D-2026-001. Without gaps; the year's row stays locked until commit."""
    return f"D-{day.year}-{take(f'decision {day.year}')[0]:03d}"


def _missing(current: Round, outcome: Outcome, rationale: str, terms: Terms, today: date) -> list[Obstacle]:
    obstacles = []
    if not current.is_undecided:
        obstacles.append(
            Obstacle(
                "not_begun",
                "This round has not started, so there is nothing to decide yet.",
                "The owner starts it.",
            )
        )
    if not rationale.strip():
        obstacles.append(Obstacle("rationale", "Say why, in the words that will be read in two years.", "You."))
    obstacles.extend(
        Obstacle(name, what, "You.") for name, what in REQUIRED[outcome].items() if getattr(terms, name) in {"", None}
    )
    for name in ("launch_on", "next_due", "look_again_on"):
        day = getattr(terms, name)
        if day is not None and day < today:
            obstacles.append(Obstacle(name, "This day is past; choose one to come.", "You."))
    return obstacles


def _open_what_follows(
    *, actor: User, pilot: Pilot, outcome: Outcome, terms: Terms, today: date, now: datetime
) -> None:
    if outcome == Outcome.REDESIGN:
        open_next_round(
            actor=actor,
            pilot=pilot,
            purpose=Purpose.PILOT,
            now=now,
            planned_end=terms.next_planned_end,
            decision_due=terms.next_due,
            redesign=terms.redesign,
        )
    elif outcome == Outcome.RESEARCH:
        open_next_round(
            actor=actor,
            pilot=pilot,
            purpose=Purpose.RESEARCH,
            now=now,
            starts_on=today,
            planned_end=terms.next_due,
            decision_due=terms.next_due,
            learning_goal=terms.learning_goal,
            budget_cap=terms.budget_cap,
        )
