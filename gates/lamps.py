"""Which rule gave a lamp: a sentence for each of the eight states, from facts read for all gates at once."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import formats, timezone

from gates.models import Assessment, Claim, Condition, Criterion, Custody, Gate, GateReview, ReviewRequest
from gates.states import mandatory
from portfolio.models import Pilot, Round
from portfolio.states import LampState


@dataclass(frozen=True)
class LampFacts:
    """What the sentence of a lamp is made of."""

    state: str
    required: int = 0
    claimed: int = 0
    assessed: int = 0
    #: Who is asked: "Data (Priya Raman)".
    waits_for: Sequence[str] = ()
    since: datetime | None = None
    reason: str = ""
    by: str = ""
    concluded_at: datetime | None = None
    conditions: int = 0
    conditions_open: int = 0


def lamp_facts(pilot: Pilot, round_: Round | None, gates: Sequence[Gate]) -> dict[int, LampFacts]:
    """The facts behind the lamps of `gates` in a round, by the id of the gate. Seven queries, however many gates."""
    reviews = list(
        GateReview.objects.filter(round=round_, gate__in=gates).select_related("concluded_by").order_by("pk")
    )
    required: dict[int, set[int]] = defaultdict(set)
    for gate, criterion, least in Criterion.objects.filter(gate__in=gates).values_list("gate", "pk", "mandatory_from"):
        if mandatory(least, pilot.risk_class):
            required[gate].add(criterion)
    claimed = _counted(Claim.objects.filter(review__in=reviews).exclude(text="").values_list, required)
    assessed = _counted(Assessment.objects.filter(review__in=reviews).values_list, required)
    held = {one.review_id: one for one in Custody.objects.filter(review__in=reviews, until=None)}
    asked: dict[int, list[str]] = defaultdict(list)
    requests = ReviewRequest.objects.filter(review__in=reviews, ended_at=None).select_related("reviewer")
    for request in requests.order_by("asked_at", "function"):
        asked[request.review_id].append(f"{request.get_function_display()} ({request.reviewer})")
    still_open = Count("pk", filter=Q(met_at=None, waived_at=None))
    conditions = {
        review: (total, left)
        for review, total, left in Condition.objects.filter(review__in=reviews)
        .order_by()
        .values("review")
        .annotate(total=Count("pk"), left=still_open)
        .values_list("review", "total", "left")
    }
    found = {gate.pk: LampFacts(LampState.NOT_STARTED, required=len(required[gate.pk])) for gate in gates}
    for review in reviews:
        custody, (total, left) = held.get(review.pk), conditions.get(review.pk, (0, 0))
        found[review.gate_id] = LampFacts(
            state=review.state,
            required=len(required[review.gate_id]),
            claimed=claimed[review.gate_id],
            assessed=assessed[review.gate_id],
            waits_for=asked[review.pk],
            since=custody.since if custody else None,
            reason=(custody.reason if custody else "") or review.conclusion,
            by=str(review.concluded_by or ""),
            concluded_at=review.concluded_at,
            conditions=total,
            conditions_open=left,
        )
    return found


def _counted(values_list: Any, required: dict[int, set[int]]) -> Counter[int]:
    """How many required criteria of each gate have a row."""
    pairs = set(values_list("criterion__gate", "criterion"))
    return Counter(gate for gate, criterion in pairs if criterion in required[gate])


def sentence(facts: LampFacts) -> str:
    """Say which rule gave the lamp, and from which facts."""
    return _SENTENCES[LampState(facts.state)](facts)


def _not_started(_facts: LampFacts) -> str:
    return "Nothing is claimed and nothing assessed yet. The owner may begin at any time."


def _preparing(facts: LampFacts) -> str:
    return f"The owner prepares it: {facts.claimed} of {facts.required} required criteria have a claim."


def _in_review(facts: LampFacts) -> str:
    done = f"{facts.assessed} of {facts.required} required criteria are assessed."
    if not facts.waits_for:
        return f"{done} It waits for its lead reviewer." if facts.assessed >= facts.required else done
    return f"{done} It waits for {', '.join(facts.waits_for)}."


def _returned(facts: LampFacts) -> str:
    return f"Returned to the owner{_on(facts.since)}: {facts.reason}"


def _passed(facts: LampFacts) -> str:
    return f"{_concluded(facts)}: every required criterion is met or does not apply."


def _conditional(facts: LampFacts) -> str:
    if not facts.conditions:
        return f"{_concluded(facts)} with conditions."
    met = "all are met or waived" if not facts.conditions_open else f"{facts.conditions_open} still open"
    return f"{_concluded(facts)} with {facts.conditions} condition{'s' * (facts.conditions > 1)}, {met}."


def _not_passed(facts: LampFacts) -> str:
    return f"{_concluded(facts)} as not passed: {facts.reason}" if facts.reason else f"{_concluded(facts)}: not passed."


def _reopened(facts: LampFacts) -> str:
    return f"Concluded once, and opened again{_on(facts.since)}: {facts.reason}"


def _concluded(facts: LampFacts) -> str:
    return f"Concluded by {facts.by or 'its lead reviewer'}{_on(facts.concluded_at)}"


def _on(moment: datetime | None) -> str:
    return f" on {_day(timezone.localdate(moment))}" if moment else ""


def _day(day: date) -> str:
    return formats.date_format(day, "j F Y")


_SENTENCES = {
    LampState.NOT_STARTED: _not_started,
    LampState.PREPARING: _preparing,
    LampState.IN_REVIEW: _in_review,
    LampState.RETURNED: _returned,
    LampState.PASSED: _passed,
    LampState.CONDITIONAL: _conditional,
    LampState.NOT_PASSED: _not_passed,
    LampState.REOPENED: _reopened,
}
