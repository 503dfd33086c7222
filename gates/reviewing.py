"""Gate reviews: opening one, assessing its criteria, concluding it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, RefusedError, StaleError, refuse_any
from audit.recording import verb
from gates.conditioning import ConditionTerms, condition_obstacles, set_conditions
from gates.custody import end_custody, hand_custody
from gates.models import Assessment, Criterion, Gate, GateReview, ReviewRequest
from gates.permissions import functions_of, obstacles_of_reviewer
from gates.queries import current_assessments, gate_set_of, latest_round
from gates.readiness import closed_obstacles, conclusion_obstacles, criteria_to_assess
from gates.standing import keep_judgements
from gates.states import FINDINGS_WITH_REASON, Finding, Holder, RequestEnd
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Pilot, Round
from portfolio.permissions import has_part
from portfolio.states import LampState, Stage


class Found(NamedTuple):
    """What a reviewer found of one criterion."""

    criterion: Criterion
    finding: Finding
    comment: str = ""


@verb
def open_review(
    *,
    actor: User | None,
    pilot: Pilot,
    gate_slug: str,
    now: datetime,
    seen_round: int | None = None,
    state: LampState = LampState.IN_REVIEW,
) -> GateReview:
    """Return the review of a gate in the pilot's open round, opened as `state` if need be, at any time (26).

    `seen_round` is the number of the round on the form: StaleError where another one is open by now.
    """
    pilot = locked_pilot(pilot)
    current = reviewable_round(pilot)
    if seen_round is not None and current.number != seen_round:
        raise StaleError(seen=seen_round, current=current.number)
    gate_set = gate_set_of(current)
    gate = Gate.objects.filter(gate_set=gate_set, slug=gate_slug).first()
    if gate is None:
        raise RefusedError([Obstacle("no_gate", "There is no such gate.", "an administrator, who publishes gate sets")])
    known = GateReview.objects.filter(round=current, gate=gate).first()
    if known:
        return known
    review = GateReview.objects.create(round=current, gate=gate, state=state, opened_at=now)
    holder = Holder.OWNER if state == LampState.PREPARING else Holder.REVIEWERS
    hand_custody(review, holder, by=actor, now=now)
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
    review = locked_review(review)
    found = [Found(criterion, finding, comment.strip())]
    last = current_assessments(review).filter(criterion=criterion).first()
    refuse_any(_assess_obstacles(actor, pilot, review, found, today))
    if last and _says_the_same(last, actor, found[0]):
        return last
    _compare_last(last, seen)
    return _assess(actor, pilot, review, found, now)[0]


@verb
def assess_criteria(
    *, actor: User, review: GateReview, found: Sequence[Found], today: date, now: datetime
) -> list[Assessment]:
    """Add what `actor` found of several criteria of a gate in one sitting, all of it or nothing.

    Refuses what `assess_criterion` refuses, with the obstacles of all of them; what is said again is not added.
    """
    pilot = locked_pilot(review.round.pilot)
    review = locked_review(review)
    found = [one._replace(comment=one.comment.strip()) for one in found]
    refuse_any(_assess_obstacles(actor, pilot, review, found, today))
    last = {one.criterion_id: one for one in current_assessments(review)}
    new = [
        one for one in found if one.criterion.pk not in last or not _says_the_same(last[one.criterion.pk], actor, one)
    ]
    return _assess(actor, pilot, review, new, now)


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
    conditions: Sequence[ConditionTerms] = (),
    seen_round: int | None = None,
) -> GateReview:
    """Conclude a gate of the pilot's open round. Refuses what `open_review` and `conclude_review` refuse."""
    review = open_review(actor=actor, pilot=pilot, gate_slug=gate_slug, now=now, seen_round=seen_round)
    return conclude_review(
        actor=actor, review=review, state=state, conclusion=conclusion, conditions=conditions, seen=seen, today=today,
        now=now,
    )  # fmt: skip


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
    conditions: Sequence[ConditionTerms] = (),
) -> GateReview:
    """Conclude a gate: passed, passed with conditions, not passed. Passing decides nothing (requirement 36).

    Ends what was asked of reviewers, and sets `conditions`. Refuses, with the list of all obstacles: a gate that
    the owner has; a mandatory criterion not assessed, or not since the gate was opened again; passing while a
    mandatory one is not met, unless as a condition; ownership without an owner who is another than the sponsor
    (5); a person who is not lead reviewer of the gate, or has a part in the pilot.
    """
    pilot = locked_pilot(review.round.pilot)
    review = locked_review(review)
    compare_and_step(review, seen)
    obstacles = conclusion_obstacles(actor, pilot, review, state, today)
    refuse_any(obstacles + _terms_obstacles(state, conclusion, conditions))
    review.state, review.conclusion = state, conclusion.strip()
    review.concluded_at, review.concluded_by, review.concluded_risk = now, actor, pilot.risk_class
    review.save()
    if conditions:
        set_conditions(actor=actor, pilot=pilot, of=review, terms=conditions, now=now)
    ReviewRequest.objects.filter(review=review, ended_at=None).update(ended_at=now, ended=RequestEnd.CONCLUDED)
    end_custody(review, now=now)
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


def reviewable_round(pilot: Pilot) -> Round:
    """The round of a locked pilot whose gates can be touched: the open one, or while it scales the last one.

    Of the last one only gates that were opened again can be (requirement 75): see `readiness.closed_obstacles`.
    """
    if pilot.stage == Stage.SCALING and (last := latest_round(pilot)) is not None:
        return last
    return open_round(pilot)


def _assess(actor: User, pilot: Pilot, review: GateReview, found: Sequence[Found], now: datetime) -> list[Assessment]:
    """Add findings to a locked review, tell of each, and end the requests that they answer."""
    added = Assessment.objects.bulk_create(
        [
            Assessment(review=review, criterion=criterion, finding=finding, comment=comment, assessor=actor, at=now)
            for criterion, finding, comment in found
        ]
    )
    for criterion, finding, _ in found:
        note(
            actor,
            "gates.criterion.assessed",
            review,
            now=now,
            scope=pilot.scope,
            criterion=f"{review.gate.number}.{criterion.number}",
            finding=finding.value,
        )
    _end_requests(review, pilot, {criterion.function for criterion, _, _ in found}, now)
    return added


def _assess_obstacles(
    actor: User, pilot: Pilot, review: GateReview, found: Sequence[Found], today: date
) -> list[Obstacle]:
    held, own = functions_of(actor, today), has_part(actor, pilot)
    functions = sorted({one.criterion.function for one in found})
    lacking = [one for function in functions for one in obstacles_of_reviewer(held, function, own=own)]
    obstacles = closed_obstacles(review) + list(dict.fromkeys(lacking))
    if any(one.criterion.gate_id != review.gate_id for one in found):
        obstacles.append(Obstacle("other_gate", "This criterion belongs to another gate."))
    obstacles += [
        Obstacle("comment", f"Say why it is {finding.label.lower()}.", "you, in the comment")
        for _, finding, comment in found
        if finding in FINDINGS_WITH_REASON and not comment
    ]
    return obstacles


def _says_the_same(last: Assessment, actor: User, found: Found) -> bool:
    return (last.finding, last.comment, last.assessor_id) == (found.finding, found.comment, actor.pk)


def locked_review(review: GateReview) -> GateReview:
    """Return the review as it is now, locked until the end of the transaction; its pilot is locked before."""
    return GateReview.objects.select_for_update(of=("self",)).select_related("gate", "round__pilot").get(pk=review.pk)


def _end_requests(review: GateReview, pilot: Pilot, functions: Collection[str], now: datetime) -> None:
    """End the request to each function of which no criterion waits any more."""
    for request in ReviewRequest.objects.filter(review=review, function__in=functions, ended_at=None):
        waiting = criteria_to_assess(review, pilot, request.asked_at)
        if not any(criterion.function == request.function for criterion in waiting):
            request.ended_at, request.ended = now, RequestEnd.ASSESSED
            request.save()


def _terms_obstacles(state: str, conclusion: str, conditions: Sequence[ConditionTerms]) -> list[Obstacle]:
    if state == LampState.NOT_PASSED and not conclusion.strip():
        return [Obstacle("conclusion", "Say what is missing, and what would clear it.", "you, in the text")]
    if state == LampState.CONDITIONAL and not conditions:
        return [Obstacle("conditions", "Name at least one condition, with its owner and day.", "you")]
    if state != LampState.CONDITIONAL and conditions:
        return [Obstacle("conditions", "Conditions belong to a gate that passes with conditions.", "you")]
    return condition_obstacles(conditions)


def _compare_last(last: Assessment | None, seen: int | None) -> None:
    current = last.pk if last else 0
    if seen is not None and seen != current:
        raise StaleError(seen=seen, current=current)
