"""Reading what this room knows."""

from django.db.models import Max, QuerySet

from gates.models import Assessment, Criterion, Gate, GateReview, GateSet
from portfolio.models import Pilot, Round


def gate_set_of(round_: Round | None) -> GateSet | None:
    """The gate set that a round goes by: the one its reviews were opened with, else the newest published."""
    if round_ is not None:
        review = GateReview.objects.filter(round=round_).select_related("gate__gate_set").first()
        if review is not None:
            return review.gate.gate_set
    return GateSet.objects.exclude(published_at=None).order_by("-version").first()


def latest_round(pilot: Pilot) -> Round | None:
    """The open round of a pilot, or its last one."""
    return Round.objects.filter(pilot=pilot).order_by("-number").first()


def current_assessments(review: GateReview) -> QuerySet[Assessment]:
    """The assessment that counts for each criterion: the last one."""
    newest = Assessment.objects.filter(review=review).values("criterion").annotate(last=Max("id")).values("last")
    return Assessment.objects.filter(pk__in=newest).select_related("assessor", "criterion")


def criteria_of(gate: Gate) -> QuerySet[Criterion]:
    """The criteria of a gate, in order."""
    return Criterion.objects.filter(gate=gate).order_by("number")
