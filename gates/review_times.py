"""How long reviews take, by function and by gate: first time against reused (requirement 38)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Sum,
    Value,
    When,
)

from accounts.models import User
from accounts.states import Function
from gates.models import GateReview, Reuse, ReviewRequest
from gates.states import CONCLUSIONS, Holder, RequestEnd
from portfolio.models import Pilot


class Median(Aggregate):
    """The middle value; of an even number of them, half way between the two in the middle."""

    function = "percentile_cont"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Times:
    """Median days of the reviews of one function or gate; None where there were none."""

    label: str
    first: float | None
    first_count: int
    reused: float | None
    reused_count: int


def times_by_function(reader: User) -> list[Times]:
    """From the day on which a function was asked to its last required finding; requests that were returned left out."""
    leans = Reuse.objects.filter(
        review=OuterRef("review"), criterion__function=OuterRef("function"), attached_at__lte=OuterRef("ended_at")
    )
    requests = ReviewRequest.objects.filter(
        ended__in=(RequestEnd.ASSESSED, RequestEnd.CONCLUDED),
        review__round__pilot__in=Pilot.objects.visible_to(reader),
    )
    took = ExpressionWrapper(F("ended_at") - F("asked_at"), output_field=DurationField())
    rows = (
        requests.annotate(took=took, leans=Exists(leans))
        .values("function", "leans")
        .annotate(middle=Median("took"), total=Count("pk"))
    )
    found: dict[tuple[str, bool], dict[str, Any]] = {(row["function"], row["leans"]): dict(row) for row in rows}
    return [_times(function.label, found.get((function, False)), found.get((function, True))) for function in Function]


def times_by_gate(reader: User) -> list[Times]:
    """The days that gates lay with their reviewers, of those submitted and concluded; the owner's days are left out."""
    leans = Reuse.objects.filter(review=OuterRef("pk"))
    theirs = Case(
        When(
            custody__holder=Holder.REVIEWERS,
            custody__until__isnull=False,
            then=F("custody__until") - F("custody__since"),
        ),
        default=Value(timedelta(0)),
        output_field=DurationField(),
    )
    reviews = GateReview.objects.filter(
        state__in=CONCLUSIONS, submitted_at__isnull=False, round__pilot__in=Pilot.objects.visible_to(reader)
    ).annotate(took=Sum(theirs), leans=Exists(leans))
    rows = list(reviews.values_list("gate__number", "gate__title", "took", "leans"))
    return [_of_gate(number, rows) for number in range(1, 7) if any(row[0] == number for row in rows)]


def _of_gate(number: int, rows: list[tuple[Any, ...]]) -> Times:
    mine = [row for row in rows if row[0] == number]
    first, again = ([row[2] for row in mine if row[3] is leans] for leans in (False, True))
    return Times(f"{number}. {mine[-1][1]}", _middle(first), len(first), _middle(again), len(again))


def _middle(durations: list[timedelta]) -> float | None:
    if not durations:
        return None
    durations = sorted(durations)
    half = len(durations) // 2
    middle = durations[half] if len(durations) % 2 else (durations[half - 1] + durations[half]) / 2
    return _days(middle)


def _times(label: str, first: dict[str, Any] | None, reused: dict[str, Any] | None) -> Times:
    return Times(
        label,
        _days(first["middle"]) if first else None,
        first["total"] if first else 0,
        _days(reused["middle"]) if reused else None,
        reused["total"] if reused else 0,
    )


def _days(duration: timedelta) -> float:
    return round(duration / timedelta(days=1), 1)
