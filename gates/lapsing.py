"""Concluded gates whose ground has given way since: evidence, a reused finding, a person, the risk class."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gates.evidence_library import current_uses, lapsed
from gates.models import Criterion, EvidenceUse, GateReview, Reopening, Reuse
from gates.readiness import OWNERSHIP_GATE
from gates.reused import lapsed_now
from gates.states import RISK_ORDER, ReopeningCause
from portfolio.models import Assignment, Round
from portfolio.states import OPEN_ROUND_STATES, LampState, Part, RiskClass, Stage

#: Parts on whose holders the gate of ownership relies (requirement 75).
RELIED_ON = (Part.BUSINESS_OWNER, Part.EXECUTIVE_SPONSOR, Part.CHAMPION)


@dataclass(frozen=True)
class Ground:
    """One reason for which a concluded gate has to be opened again."""

    review: GateReview
    cause: ReopeningCause
    reason: str
    #: What has to be assessed anew; None where nothing in particular has.
    criterion: int | None = None


def lost_grounds(today: date) -> list[Ground]:
    """Every reason to open a gate again that came up after it was concluded. A fixed number of queries.

    Looks at gates that stand as passed, with conditions or without, in rounds that are open; while a pilot scales,
    at the people of its gate of ownership too. `today` is the organisation's day.
    """
    later = Round.objects.filter(pilot=OuterRef("round__pilot"), number__gt=OuterRef("round__number"))
    scaling = Q(round__pilot__stage=Stage.SCALING, gate__number=OWNERSHIP_GATE) & Q(~Exists(later))
    standing = list(
        GateReview.objects.filter(
            Q(round__state__in=OPEN_ROUND_STATES) | scaling, state__in=(LampState.PASSED, LampState.CONDITIONAL)
        )
        .select_related("gate", "round__pilot")
        .order_by("round__pilot", "gate__number")
    )
    still = [review for review in standing if review.round.state in OPEN_ROUND_STATES]
    return [
        *_evidence(still, today),
        *_reuse(still, today),
        *_people([review for review in standing if review.gate.number == OWNERSHIP_GATE], today),
        *_risk(still),
    ]


def _evidence(reviews: Sequence[GateReview], today: date) -> Iterator[Ground]:
    by_place = {(review.round_id, review.gate_id): review for review in reviews}
    gone = list(lapsed(today).filter(round__in={review.round_id for review in reviews}))
    touched = EvidenceUse.objects.filter(
        round__in={use.round_id for use in gone}, criterion__in={use.criterion_id for use in gone}
    )
    # A piece that still counts spares its criterion.
    counting = current_uses(touched).exclude(pk__in=[use.pk for use in gone]).values_list("round", "criterion")
    spared = set(counting)
    lost: dict[tuple[int, int], list[EvidenceUse]] = defaultdict(list)
    for use in gone:
        if (use.round_id, use.criterion_id) not in spared:
            lost[use.round_id, use.criterion_id].append(use)
    for uses in lost.values():
        criterion = uses[0].criterion
        review = by_place.get((uses[0].round_id, criterion.gate_id))
        if review is not None and max(map(_ended, uses)) >= _concluded_on(review):
            what = f"The evidence for {criterion.gate.number}.{criterion.number} no longer counts."
            yield Ground(review, ReopeningCause.EVIDENCE, what, criterion.pk)


def _ended(use: EvidenceUse) -> date:
    """The last day on which a piece counted that does so no more."""
    if hasattr(use.evidence, "withdrawal"):
        return timezone.localdate(use.evidence.withdrawal.at)
    until: date = use.until  # type: ignore[attr-defined]  # annotated by `lapsed`
    return until


def _reuse(reviews: Sequence[GateReview], today: date) -> Iterator[Ground]:
    by_id = {review.pk: review for review in reviews}
    told = Reopening.objects.filter(
        review=OuterRef("review"),
        criterion=OuterRef("criterion"),
        cause=ReopeningCause.REUSE,
        at__gt=OuterRef("attached_at"),
    )
    attached = Reuse.objects.filter(~Exists(told), review__in=by_id, removed_at=None)
    for reuse in lapsed_now(attached, today):
        label = f"{reuse.criterion.gate.number}.{reuse.criterion.number}"
        what = f"What {label} reused from another pilot no longer holds."
        yield Ground(by_id[reuse.review_id], ReopeningCause.REUSE, what, reuse.criterion_id)


def _people(reviews: Sequence[GateReview], today: date) -> Iterator[Ground]:
    pilots = {review.round.pilot_id for review in reviews}
    held = Assignment.objects.filter(pilot__in=pilots, part__in=RELIED_ON).select_related("person")
    gone: dict[int, list[tuple[date, Assignment]]] = defaultdict(list)
    for one in held.order_by("pk"):
        ended = one.until if one.until and one.until <= today else None
        if ended is None and not one.person.is_active:
            ended = one.person.left_on or today
        if ended is not None:
            gone[one.pilot_id].append((ended, one))
    asked: dict[int, list[int]] = defaultdict(list)
    for gate, criterion in Criterion.objects.filter(
        gate__in={review.gate_id for review in reviews}, function="business"
    ).values_list("gate", "pk"):
        asked[gate].append(criterion)
    for review in reviews:
        day = _concluded_on(review)
        left = [one for ended, one in gone[review.round.pilot_id] if one.since <= day < ended]
        if left:
            parts = ", ".join(dict.fromkeys(one.get_part_display().lower() for one in left))
            what = f"People it relied on have left or changed: {parts}."
            yield from (Ground(review, ReopeningCause.PERSON, what, one) for one in asked[review.gate_id])


def _risk(reviews: Sequence[GateReview]) -> Iterator[Ground]:
    for review in reviews:
        then, now = review.concluded_risk, review.round.pilot.risk_class
        if then and RISK_ORDER.index(RiskClass(now)) > RISK_ORDER.index(RiskClass(then)):
            what = f"The risk class has risen from {RiskClass(then).label.lower()} to {RiskClass(now).label.lower()}."
            yield Ground(review, ReopeningCause.RISK, what)


def _concluded_on(review: GateReview) -> date:
    if review.concluded_at is None:
        raise ValueError(f"review {review.pk} stands without a time")
    return timezone.localdate(review.concluded_at)
