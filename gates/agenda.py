"""What belongs on an agenda: decisions that are due, conditions overdue, deferrals expired, gates reopened."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q

from gates.models import Committee, Condition, GateReview
from gates.states import ItemKind, ItemSource
from portfolio.clock import clock
from portfolio.models import Pilot, Round
from portfolio.states import OPEN_ROUND_STATES, UNDECIDED_ROUND_STATES, LampState

#: Minutes that are planned for an item that puts itself on the agenda.
MINUTES = {ItemKind.DECIDE: 10, ItemKind.NOTE: 5}
_LONGEST_TITLE = 200
_LONGEST_WHY = 300


@dataclass(frozen=True)
class Due:
    """Something that belongs on the agenda by itself, and why."""

    kind: ItemKind
    source: ItemSource
    pilot: Pilot
    round: Round | None
    title: str
    why: str
    condition: Condition | None = None

    @property
    def key(self) -> tuple[str, int | None]:
        """What makes it the same thing on every look."""
        if self.condition:
            return "condition", self.condition.pk
        return self.kind, self.round.pk if self.round else None


def what_is_due(committee: Committee, day: date) -> list[Due]:
    """What belongs on the agenda of a meeting on `day`, in its order; three queries.

    First the decisions that are due by then, worst first: cost of waiting, then age. Then what is only noted:
    conditions that will be overdue, the oldest first, and gates that were reopened.
    """
    return [*_decisions(committee, day), *_conditions(committee, day), *_reopened(committee)]


def _decisions(committee: Committee, day: date) -> list[Due]:
    rounds = Round.objects.filter(
        pilot__committee_slug=committee.slug, state__in=UNDECIDED_ROUND_STATES, decision_due__lte=day
    ).select_related("pilot")
    weighed = []
    for round_ in rounds:
        told = clock(due=round_.decision_due, monthly_cost=round_.pilot.monthly_cost, today=day)
        weighed.append((-(told.cost_of_waiting or Decimal(0)), -told.days, round_.pk, round_, told))
    weighed.sort(key=lambda row: row[:3])
    return [
        Due(
            kind=ItemKind.DECIDE,
            source=ItemSource.DECISION,
            pilot=round_.pilot,
            round=round_,
            title=round_.pilot.title[:_LONGEST_TITLE],
            why=_waits(told.days),
        )
        for *_, round_, told in weighed
    ]


def _waits(days: int) -> str:
    if not days:
        return "Its decision is due that day."
    return f"Its decision is {days} day{'' if days == 1 else 's'} overdue that day."


def _conditions(committee: Committee, day: date) -> list[Due]:
    mine = Q(review__round__pilot__committee_slug=committee.slug) | Q(
        decision__round__pilot__committee_slug=committee.slug
    )
    rows = Condition.objects.overdue(day).filter(mine).order_by("due", "pk")
    due = []
    for row in rows.select_related("owner", "review__round__pilot", "decision__round__pilot"):
        round_ = row.review.round if row.review else row.decision.round  # type: ignore[union-attr]
        due.append(
            Due(
                kind=ItemKind.NOTE,
                source=ItemSource.CONDITION,
                pilot=round_.pilot,
                round=round_,
                title=f"Condition overdue: {round_.pilot.title}"[:_LONGEST_TITLE],
                why=f"{row.owner} was to see to it by {row.due.day} {row.due:%B %Y}: {row.text}"[:_LONGEST_WHY],
                condition=row,
            )
        )
    return due


def _reopened(committee: Committee) -> list[Due]:
    reviews = GateReview.objects.filter(
        state=LampState.REOPENED, round__state__in=OPEN_ROUND_STATES, round__pilot__committee_slug=committee.slug
    )
    gates: dict[int, list[GateReview]] = {}
    for review in reviews.select_related("round__pilot", "gate").order_by("round", "gate__number"):
        gates.setdefault(review.round_id, []).append(review)
    return [
        Due(
            kind=ItemKind.NOTE,
            source=ItemSource.REVIEW,
            pilot=rows[0].round.pilot,
            round=rows[0].round,
            title=f"Reopened: {rows[0].round.pilot.title}"[:_LONGEST_TITLE],
            why=("Opened again: " + ", ".join(row.gate.title for row in rows) + ".")[:_LONGEST_WHY],
        )
        for rows in gates.values()
    ]


def next_by_cadence(committee: Committee, last: datetime | None, now: datetime) -> datetime | None:
    """When a committee meets next by its cadence, counted from its last meeting; None where it has no cadence.

    Without a last meeting it is the first such weekday after today. The hour is that of its own zone, whatever the
    clocks there do in between.
    """
    if committee.meets_every_weeks is None or committee.meets_on is None or committee.meets_at is None:
        return None
    zone = ZoneInfo(committee.time_zone)
    today = now.astimezone(zone).date()
    step = timedelta(weeks=committee.meets_every_weeks)
    day = today + timedelta(days=1)
    if last:
        day = last.astimezone(zone).date() + step - timedelta(days=3)
        day += step * max(0, -((day - today).days // step.days))
    day += timedelta(days=(committee.meets_on - day.weekday()) % 7)
    while day <= today:
        day += step
    return datetime.combine(day, committee.meets_at, tzinfo=zone)
