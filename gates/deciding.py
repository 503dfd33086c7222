"""Recording a decision: one of four, by the chair, permanent. Only this stops a round's clock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from audit.recording import verb
from gates.clinic import scaling_obstacles
from gates.models import Committee, Decision, DecisionBasis, GateReview
from gates.permissions import decision_obstacles
from gates.snapshot import take_snapshot
from gates.standing import keep_judgements
from gates.states import AuthorityPath
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Assignment, Pilot, Round
from portfolio.numbering import take
from portfolio.starting import close_round, open_next_round
from portfolio.states import LampState, Outcome, Part, Purpose, Stage

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

    def of(self, outcome: Outcome) -> "Terms":
        """These terms without blanks around them, and without what belongs to another outcome."""
        said: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in vars(self).items()
            if name in TERMS_OF_ALL or name in TERMS_OF[outcome]
        }
        return Terms(**said)


#: Terms that any outcome may come with.
TERMS_OF_ALL = ("learnings", "dissent", "override_reason")
#: Terms that only make sense for one outcome.
TERMS_OF: dict[Outcome, tuple[str, ...]] = {
    Outcome.SCALE: ("launch_on",),
    Outcome.REDESIGN: ("redesign", "next_starts_on", "next_planned_end", "next_due"),
    Outcome.STOP: ("stop_reason", "not_yet", "look_again_on"),
    Outcome.RESEARCH: ("learning_goal", "budget_cap", "next_due"),
}
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
    seen_round: int | None = None,
) -> Decision:
    """Record the committee's decision on the pilot's open round, by its chair.

    Takes the snapshot, closes the round and with it the clock, moves the pilot on, opens the next round of a redesign
    or of research; flags that it answers close at the next scan. `seen_round` and `seen` are the round's number and
    version on the form: StaleError where that round was decided since, even if the next one is open already.
    Refuses, with every obstacle: who is not the chair or has a part in it, a round not begun, what the outcome needs.
    """
    pilot = locked_pilot(pilot)
    refuse_any(decision_obstacles(actor, pilot))
    current = open_round(pilot)
    if seen_round is not None and current.number != seen_round:
        raise StaleError(seen=seen_round, current=current.number)
    compare_and_step(current, seen)
    terms = terms.of(outcome)
    blocked = scaling_obstacles(pilot) if outcome == Outcome.SCALE else []
    refuse_any(_missing(current, outcome, rationale, terms, today) + blocked)
    decision = Decision(
        number=decision_number(today),
        round=current,
        outcome=outcome,
        rationale=rationale.strip(),
        decided_on=today,
        recorded_at=now,
        **_by_the_chair(actor, pilot),
        **_sealed(pilot, current, today),
        **vars(terms),
    )
    decision.clean_fields(exclude=["committee"])
    decision.save(force_insert=True)
    keep_basis(decision, pilot)
    close_round(actor=actor, pilot=pilot, decided_on=today, stage=STAGE_AFTER[outcome], now=now)
    _open_what_follows(actor=actor, pilot=pilot, outcome=outcome, terms=terms, today=today, now=now)
    keep_judgements([pilot.pk])
    said = {"number": decision.number, "outcome": outcome.label.lower(), "snapshot_sha256": decision.snapshot_sha256}
    note(actor, "gates.decision.recorded", decision, now=now, scope=pilot.scope, **said)
    return decision


def keep_basis(decision: Decision, pilot: Pilot) -> None:
    """Write down what a decision stands on, so that drift rules see what has changed since."""
    held = dict(Assignment.objects.filter(pilot=pilot, until=None).values_list("part", "person"))
    DecisionBasis.objects.create(
        decision=decision,
        owner_id=held.get(Part.BUSINESS_OWNER),
        sponsor_id=held.get(Part.EXECUTIVE_SPONSOR),
        risk_class=pilot.risk_class,
        monthly_cost=pilot.monthly_cost,
    )


def _by_the_chair(actor: User, pilot: Pilot) -> dict[str, Any]:
    committee = Committee.objects.filter(slug=pilot.committee_slug).first()
    return {
        "committee": committee,
        "authority_path": AuthorityPath.CHAIR,
        "deciders": f"{actor}, chair of {committee}" if committee else str(actor),
        "recorded_by": actor,
    }


def _sealed(pilot: Pilot, current: Round, today: date) -> dict[str, Any]:
    body, digest = take_snapshot(pilot, current, today)
    return {"snapshot": body, "snapshot_sha256": digest}


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
                "the owner, who starts it",
            )
        )
    if not rationale.strip():
        obstacles.append(Obstacle("rationale", "Say why, in the words that will be read in two years.", "you"))
    obstacles.extend(
        Obstacle(name, what, "you") for name, what in REQUIRED[outcome].items() if getattr(terms, name) in {"", None}
    )
    if outcome == Outcome.SCALE and not terms.override_reason and not_passed(current):
        obstacles.append(
            Obstacle("override_reason", "A gate was not passed. Say why it is scaled all the same.", "you")
        )
    return obstacles + _out_of_range(terms, today)


def _out_of_range(terms: Terms, today: date) -> list[Obstacle]:
    obstacles = []
    for name in ("launch_on", "next_planned_end", "next_due", "look_again_on"):
        day = getattr(terms, name)
        if day is not None and day < today:
            obstacles.append(Obstacle(name, "This day is past; choose one to come.", "you"))
    if terms.budget_cap is not None and terms.budget_cap < 0:
        obstacles.append(Obstacle("budget_cap", "An amount below nothing is no cap.", "you"))
    return obstacles


def not_passed(round_: Round) -> bool:
    """Whether a gate of the round was concluded as not passed, so that scaling needs a reason (requirement 54)."""
    return GateReview.objects.filter(round=round_, state=LampState.NOT_PASSED).exists()


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
