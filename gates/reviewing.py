"""Gate reviews: opening one, assessing its criteria, concluding it."""

from datetime import date, datetime

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, RefusedError, StaleError, refuse_any
from audit.recording import verb
from gates.models import Assessment, Criterion, Gate, GateReview
from gates.permissions import assessment_obstacles, functions_of
from gates.queries import criteria_of, current_assessments, gate_set_of
from gates.standing import keep_judgements
from gates.states import (
    ASSESSABLE,
    CONCLUSIONS,
    FINDINGS_WITH_REASON,
    SETTLED_FINDINGS,
    Finding,
    mandatory,
)
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Pilot
from portfolio.permissions import has_part
from portfolio.states import OPEN_ROUND_STATES, LampState


@verb
def open_review(
    *, actor: User | None, pilot: Pilot, gate_slug: str, now: datetime, seen_round: int | None = None
) -> GateReview:
    """Return the review of a gate in the pilot's open round, opened if need be (requirement 26: at any time).

    `seen_round` is the number of the round on the form: StaleError where another one is open by now.
    """
    pilot = locked_pilot(pilot)
    current = open_round(pilot)
    if seen_round is not None and current.number != seen_round:
        raise StaleError(seen=seen_round, current=current.number)
    gate_set = gate_set_of(current)
    gate = Gate.objects.filter(gate_set=gate_set, slug=gate_slug).first()
    if gate is None:
        raise RefusedError([Obstacle("no_gate", "There is no such gate.", "an administrator, who publishes gate sets")])
    known = GateReview.objects.filter(round=current, gate=gate).first()
    if known:
        return known
    review = GateReview.objects.create(round=current, gate=gate, state=LampState.IN_REVIEW, opened_at=now)
    keep_judgements([pilot.pk])
    note(actor, "gates.review.opened", review, now=now, scope=pilot.scope, gate=gate.title)
    return review


@verb
def assess_in_pilot(
    *,
    actor: User,
    pilot: Pilot,
    criterion: Criterion,
    finding: Finding,
    comment: str,
    seen: int | None,
    today: date,
    now: datetime,
    seen_round: int | None = None,
) -> Assessment:
    """Assess a criterion in the pilot's open round; opens the review of its gate with the first finding.

    Refuses what `open_review` and `assess_criterion` refuse; then no review is opened either.
    """
    review = open_review(actor=actor, pilot=pilot, gate_slug=criterion.gate.slug, now=now, seen_round=seen_round)
    return assess_criterion(
        actor=actor,
        review=review,
        criterion=criterion,
        finding=finding,
        comment=comment,
        seen=seen,
        today=today,
        now=now,
    )


@verb
def assess_criterion(
    *,
    actor: User,
    review: GateReview,
    criterion: Criterion,
    finding: Finding,
    comment: str,
    seen: int | None,
    today: date,
    now: datetime,
) -> Assessment:
    """Add what `actor` found of a criterion; the last finding counts, earlier ones stay (requirement 27).

    `seen` is the id of the finding that the form showed, 0 for none: StaleError if another came since.
    Refuses other functions' criteria, one's own pilot, a concluded gate, and findings that need a reason without one.
    Saying the same again adds nothing.
    """
    pilot = locked_pilot(review.round.pilot)
    review = _locked(review)
    last = current_assessments(review).filter(criterion=criterion).first()
    refuse_any(_assess_obstacles(actor, pilot, review, criterion, today))
    if finding in FINDINGS_WITH_REASON and not comment.strip():
        refuse_any([Obstacle("comment", f"Say why it is {finding.label.lower()}.", "you, in the comment")])
    if last and (last.finding, last.comment, last.assessor_id) == (finding, comment.strip(), actor.pk):
        return last
    _compare_last(last, seen)
    assessment = Assessment.objects.create(
        review=review, criterion=criterion, finding=finding, comment=comment.strip(), assessor=actor, at=now
    )
    note(
        actor,
        "gates.criterion.assessed",
        review,
        now=now,
        scope=pilot.scope,
        criterion=f"{review.gate.number}.{criterion.number}",
        finding=finding.value,
    )
    return assessment


@verb
def conclude_in_pilot(
    *,
    actor: User,
    pilot: Pilot,
    gate_slug: str,
    state: LampState,
    conclusion: str,
    seen: int | None,
    today: date,
    now: datetime,
    seen_round: int | None = None,
) -> GateReview:
    """Conclude a gate of the pilot's open round. Refuses what `open_review` and `conclude_review` refuse."""
    review = open_review(actor=actor, pilot=pilot, gate_slug=gate_slug, now=now, seen_round=seen_round)
    return conclude_review(
        actor=actor, review=review, state=state, conclusion=conclusion, seen=seen, today=today, now=now
    )


@verb
def conclude_review(
    *,
    actor: User,
    review: GateReview,
    state: LampState,
    conclusion: str,
    seen: int | None,
    today: date,
    now: datetime,
) -> GateReview:
    """Conclude a gate: passed, passed with conditions, not passed. Passing decides nothing (requirement 36).

    Refuses, with the list of all obstacles: a mandatory criterion not assessed; passing while a mandatory one is
    not met, unless as a condition; a person who is not lead reviewer of the gate, or has a part in the pilot.
    """
    pilot = locked_pilot(review.round.pilot)
    review = _locked(review)
    compare_and_step(review, seen)
    refuse_any(conclusion_obstacles(actor, pilot, review, state, today))
    if state != LampState.PASSED and not conclusion.strip():
        refuse_any([Obstacle("conclusion", "Say what is missing, or what the conditions are.", "you, in the text")])
    review.state, review.conclusion = state, conclusion.strip()
    review.concluded_at, review.concluded_by = now, actor
    review.save()
    keep_judgements([pilot.pk])
    note(
        actor,
        "gates.review.concluded",
        review,
        now=now,
        scope=pilot.scope,
        gate=review.gate.title,
        state=LampState(state).label.lower(),
        conclusion=review.conclusion,
    )
    return review


def conclusion_obstacles(actor: User, pilot: Pilot, review: GateReview, state: str, today: date) -> list[Obstacle]:
    """Everything that keeps `actor` from concluding the gate as `state`; `review` may not be opened yet."""
    obstacles = _closed_obstacles(review)
    if state not in CONCLUSIONS:
        obstacles.append(Obstacle("state", "Choose how the gate concludes.", "you"))
    if review.gate.lead_function not in functions_of(actor, today):
        lead = review.gate.get_lead_function_display()
        obstacles.append(
            Obstacle("not_lead", f"This gate is concluded by a reviewer for {lead}.", f"a reviewer for {lead}")
        )
    if has_part(actor, pilot):
        obstacles.append(
            Obstacle(
                "own_pilot",
                "You have a part in this pilot, so others conclude its gates.",
                "another reviewer",
            )
        )
    return obstacles + _criteria_obstacles(pilot, review, state)


def _criteria_obstacles(pilot: Pilot, review: GateReview, state: str) -> list[Obstacle]:
    known = current_assessments(review) if review.pk else ()
    found = {assessment.criterion_id: assessment.finding for assessment in known}
    obstacles = []
    for criterion in criteria_of(review.gate):
        if not mandatory(criterion.mandatory_from, pilot.risk_class):
            continue
        name = f"{review.gate.number}.{criterion.number}"
        who = f"a reviewer for {criterion.get_function_display()}"
        finding = found.get(criterion.pk)
        if finding is None:
            obstacles.append(
                Obstacle("not_assessed", f"Criterion {name} is not assessed.", who, f"#criterion-{criterion.pk}")
            )
        elif state == LampState.PASSED and finding not in SETTLED_FINDINGS:
            label = Finding(finding).label.lower()
            obstacles.append(
                Obstacle(
                    "not_met",
                    f"Criterion {name} is {label}; pass with conditions instead.",
                    who,
                    f"#criterion-{criterion.pk}",
                )
            )
    return obstacles


def _assess_obstacles(
    actor: User, pilot: Pilot, review: GateReview, criterion: Criterion, today: date
) -> list[Obstacle]:
    obstacles = _closed_obstacles(review) + assessment_obstacles(actor, pilot, criterion.function, today)
    if criterion.gate_id != review.gate_id:
        obstacles.append(Obstacle("other_gate", "This criterion belongs to another gate."))
    return obstacles


def _closed_obstacles(review: GateReview) -> list[Obstacle]:
    if review.round.state not in OPEN_ROUND_STATES:
        return [Obstacle("round_over", "This round is over; its gates stay as they were.")]
    if review.state not in ASSESSABLE:
        return [Obstacle("concluded", f"This gate is concluded: {review.get_state_display().lower()}.")]
    return []


def _locked(review: GateReview) -> GateReview:
    return GateReview.objects.select_for_update(of=("self",)).select_related("gate", "round").get(pk=review.pk)


def _compare_last(last: Assessment | None, seen: int | None) -> None:
    current = last.pk if last else 0
    if seen is not None and seen != current:
        raise StaleError(seen=seen, current=current)
