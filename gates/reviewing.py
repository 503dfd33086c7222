"""Gate reviews: opening one, assessing its criteria, concluding it."""

from datetime import date, datetime

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
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
from portfolio.states import LampState


@verb
def open_review(*, actor: User | None, pilot: Pilot, gate_slug: str, now: datetime) -> GateReview:
    """Return the review of a gate in the pilot's open round, opened if need be (requirement 26: at any time)."""
    pilot = locked_pilot(pilot)
    current = open_round(pilot)
    gate_set = gate_set_of(current)
    gate = Gate.objects.filter(gate_set=gate_set, slug=gate_slug).first()
    if gate is None:
        refuse_any([Obstacle("no_gate", "There is no such gate.", "An administrator publishes gate sets.")])
        raise AssertionError
    known = GateReview.objects.filter(round=current, gate=gate).first()
    if known:
        return known
    review = GateReview.objects.create(round=current, gate=gate, state=LampState.IN_REVIEW, opened_at=now)
    keep_judgements([pilot.pk])
    note(actor, "gates.review.opened", review, now=now, scope=pilot.scope, gate=gate.title)
    return review


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
    review = GateReview.objects.select_for_update().select_related("gate").get(pk=review.pk)
    last = current_assessments(review).filter(criterion=criterion).first()
    refuse_any(_assess_obstacles(actor, pilot, review, criterion, today))
    if finding in FINDINGS_WITH_REASON and not comment.strip():
        refuse_any([Obstacle("needs_reason", f"Say why it is {finding.label.lower()}.", "You, in the comment.")])
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
    review = GateReview.objects.select_for_update().select_related("gate").get(pk=review.pk)
    compare_and_step(review, seen)
    refuse_any(conclusion_obstacles(actor, pilot, review, state, today))
    if state != LampState.PASSED and not conclusion.strip():
        refuse_any([Obstacle("needs_reason", "Say what is missing, or what the conditions are.", "You, in the text.")])
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
    """Everything that keeps `actor` from concluding the gate as `state`."""
    obstacles = []
    if state not in CONCLUSIONS:
        obstacles.append(Obstacle("no_conclusion", "Choose how the gate concludes."))
    if review.state not in ASSESSABLE:
        obstacles.append(Obstacle("concluded", f"This gate is concluded: {review.get_state_display().lower()}."))
    if review.gate.lead_function not in functions_of(actor, today):
        lead = review.gate.get_lead_function_display()
        obstacles.append(
            Obstacle("not_lead", f"This gate is concluded by a reviewer for {lead}.", f"A reviewer for {lead}.")
        )
    if has_part(actor, pilot):
        obstacles.append(
            Obstacle(
                "own_pilot",
                "You have a part in this pilot, so others conclude its gates.",
                "Another reviewer.",
            )
        )
    return obstacles + _criteria_obstacles(pilot, review, state)


def _criteria_obstacles(pilot: Pilot, review: GateReview, state: str) -> list[Obstacle]:
    found = {assessment.criterion_id: assessment.finding for assessment in current_assessments(review)}
    obstacles = []
    for criterion in criteria_of(review.gate):
        if not mandatory(criterion.mandatory_from, pilot.risk_class):
            continue
        name = f"{review.gate.number}.{criterion.number}"
        who = f"A reviewer for {criterion.get_function_display()}."
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
    obstacles = assessment_obstacles(actor, pilot, criterion.function, today)
    if review.state not in ASSESSABLE:
        obstacles.append(
            Obstacle(
                "concluded",
                f"This gate is concluded: {review.get_state_display().lower()}.",
                "The lead reviewer.",
            )
        )
    if criterion.gate_id != review.gate_id:
        obstacles.append(Obstacle("other_gate", "This criterion belongs to another gate."))
    return obstacles


def _compare_last(last: Assessment | None, seen: int | None) -> None:
    current = last.pk if last else 0
    if seen is not None and seen != current:
        raise StaleError(seen=seen, current=current)
