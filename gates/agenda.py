"""What belongs on an agenda: decisions that are due, conditions overdue, deferrals expired, gates reopened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator

from gates.deferrals import ordinal
from gates.models import AgendaItem, Committee, Condition, Deferral, GateReview, Meeting, Proposal
from gates.states import OF_A_DECISION, PUT_BY_HAND, ItemKind, ItemSource, MeetingState, ProposalResult
from portfolio.clock import clock
from portfolio.models import Pilot, Round
from portfolio.states import OPEN_ROUND_STATES, UNDECIDED_ROUND_STATES, LampState

#: Minutes that are planned for an item that puts itself on the agenda.
MINUTES = {ItemKind.DECIDE: 10, ItemKind.NOTE: 3}
_LONGEST_TITLE = 200
_LONGEST_WHY = 300
#: How many overdue conditions of a pilot an agenda tells of.
_TOLD = 3


@dataclass(frozen=True)
class Due:
    """Something that belongs on the agenda by itself, and why."""

    kind: ItemKind
    source: ItemSource
    title: str
    why: str
    minutes: int
    pilot: Pilot | None = None
    round: Round | None = None
    #: The item of an earlier meeting that was moved.
    carried_from: AgendaItem | None = None

    @property
    def key(self) -> tuple[str, int | None]:
        """What makes it the same thing on every look."""
        if self.source == ItemSource.CONDITION and self.pilot:
            return "conditions", self.pilot.pk
        if self.carried_from:
            return "carried", self.carried_from.pk
        return self.kind, self.round.pk if self.round else None


def what_is_due(meeting: Meeting) -> list[Due]:
    """What belongs on the agenda of a meeting by its day, in its order; seven queries.

    First the decisions that are due by then, whose deferral has ended by then, or which a member called in; worst
    first: cost of waiting, then age. Then what was moved here. Then what is only noted: conditions that will be
    overdue, by pilot, the oldest first, and gates that were reopened. What is still put off on that day is left out.
    """
    committee, day = meeting.committee, meeting.day
    return [*_decisions(committee, day), *_carried(meeting, day), *_conditions(committee, day), *_reopened(committee)]


def _decisions(committee: Committee, day: date) -> list[Due]:
    of_round = Deferral.objects.filter(round=OuterRef("pk"))
    called = Proposal.objects.filter(round=OuterRef("pk"), result=ProposalResult.CALLED_IN)
    rounds = Round.objects.filter(pilot__committee_slug=committee.slug, state__in=UNDECIDED_ROUND_STATES)
    rounds = rounds.annotate(called_in=Exists(called)).filter(~Exists(of_round.in_force(day)))
    rounds = rounds.filter(Q(decision_due__lte=day) | Q(called_in=True) | Exists(of_round))
    weighed = []
    for round_ in rounds.select_related("pilot"):
        told = clock(due=round_.decision_due, monthly_cost=round_.pilot.monthly_cost, today=day)
        late = (day - round_.decision_due).days if round_.decision_due else -1
        weighed.append((-(told.cost_of_waiting or Decimal(0)), -told.days, round_.pk, round_, late))
    weighed.sort(key=lambda row: row[:3])
    put_off = _last_deferrals([round_ for *_, round_, _late in weighed])
    return [_decision(round_, late, put_off.get(round_.pk)) for *_, round_, late in weighed]


def _last_deferrals(rounds: Sequence[Round]) -> dict[int, Deferral]:
    """The last deferral of each round; one query."""
    rows = Deferral.objects.filter(round__in=rounds).select_related("owner").order_by("round_id", "-number")
    return {row.round_id: row for row in rows.distinct("round_id")}


def _decision(round_: Round, days: int, deferral: Deferral | None) -> Due:
    source, why = ItemSource.DECISION, _waits(days)
    if deferral:
        source = ItemSource.DEFERRAL
        why = f"{_back(deferral)} {why}"
    elif round_.called_in:  # type: ignore[attr-defined]
        source = ItemSource.CALLED_IN
        why = f"A member called it into a meeting. {why}"
    return Due(
        kind=ItemKind.DECIDE,
        source=source,
        pilot=round_.pilot,
        round=round_,
        title=round_.pilot.title[:_LONGEST_TITLE],
        why=why.strip()[:_LONGEST_WHY],
        minutes=MINUTES[ItemKind.DECIDE],
    )


def _back(deferral: Deferral) -> str:
    """As in "Third deferral, until 12 November 2026; Ada Moreau saw to it."."""
    return f"{ordinal(deferral.number)} deferral, until {deferral.until:%-d %B %Y}; {deferral.owner} saw to it."


def _waits(days: int) -> str:
    if days < 0:
        return ""
    if not days:
        return "Its decision is due that day."
    return f"Its decision is {days} day{'' if days == 1 else 's'} overdue that day."


def _carried(meeting: Meeting, day: date) -> list[Due]:
    """Items that somebody moved from an earlier meeting, and that no later one has yet."""
    elsewhere = AgendaItem.objects.filter(carried_from=OuterRef("pk")).exclude(meeting=meeting)
    elsewhere = elsewhere.exclude(meeting__state=MeetingState.CANCELLED)
    rows = AgendaItem.objects.filter(
        ~Exists(elsewhere), meeting__committee=meeting.committee_id, source__in=PUT_BY_HAND, back_on__lte=day
    )
    rows = rows.exclude(meeting=meeting).exclude(kind__in=OF_A_DECISION)
    return [
        Due(
            kind=ItemKind(row.kind),
            source=ItemSource.CARRIED,
            pilot=row.pilot,
            round=row.round,
            title=row.title,
            why=f"Moved from the meeting on {row.meeting.day.day} {row.meeting.day:%B %Y}.",
            minutes=row.planned_minutes,
            carried_from=row,
        )
        for row in rows.select_related("pilot", "round", "meeting__committee").order_by("back_on", "pk")
    ]


def _conditions(committee: Committee, day: date) -> list[Due]:
    mine = Q(review__round__pilot__committee_slug=committee.slug) | Q(
        decision__round__pilot__committee_slug=committee.slug
    )
    rows = Condition.objects.overdue(day).filter(mine).order_by("due", "pk")
    late: dict[int, tuple[Round, list[Condition]]] = {}
    for row in rows.select_related("owner", "review__round__pilot", "decision__round__pilot"):
        round_ = row.review.round if row.review else row.decision.round  # type: ignore[union-attr]
        late.setdefault(round_.pilot_id, (round_, []))[1].append(row)
    return [
        Due(
            kind=ItemKind.NOTE,
            source=ItemSource.CONDITION,
            pilot=round_.pilot,
            round=round_,
            title=f"Overdue conditions: {round_.pilot.title}"[:_LONGEST_TITLE],
            why=_overdue(conditions),
            minutes=MINUTES[ItemKind.NOTE],
        )
        for round_, conditions in late.values()
    ]


def _overdue(conditions: Sequence[Condition]) -> str:
    """Who was to do what by when; of many, the longest overdue and how many more."""
    room = _LONGEST_WHY // min(len(conditions), _TOLD) - 5
    told = []
    for one in conditions[:_TOLD]:
        who = f"{one.owner} by {one.due:%-d %B %Y}: "
        told.append(who + Truncator(f"{one.text.rstrip('.')}.").chars(room - len(who)))
    if len(conditions) > _TOLD:
        told.append(f"And {len(conditions) - _TOLD} more.")
    return " ".join(told)[:_LONGEST_WHY]


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
            minutes=MINUTES[ItemKind.NOTE],
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
