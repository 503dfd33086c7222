"""What waits on people for their digests, and the forms that end the wait. Read for many people at once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Max, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from accounts.states import Function
from audit.recording import reference
from gates.models import CommitteeSeat, Condition, Custody, GateReview, Proposal, ReviewRequest, Substitute
from gates.states import CommitteePart, DecisionManner, Holder
from gates.voters import silent_on
from portfolio.interventions import interventions_due
from portfolio.models import Assignment
from portfolio.states import OPEN_ROUND_STATES, LampState, Visibility

#: Days before its due day from which on a condition is told of.
AHEAD = 14
#: Days after which a review, or a gate that came back, counts as late.
PATIENCE = 14


class OfPilot(NamedTuple):
    """The pilot that a task is about."""

    id: int
    code: str
    title: str
    visibility: str
    owner: int | None
    committee: str


@dataclass(frozen=True)
class Task:
    """One thing that waits on a person, with the way to the form that ends the wait."""

    what: str
    #: How long it has waited, or when it is due, in words.
    age: str
    late: bool
    #: For sorting: days of waiting, or past the due day.
    days: int
    #: What the link says: a verb.
    action: str
    path: str
    about: str
    pilot: OfPilot

    @property
    def restricted(self) -> bool:
        return self.pilot.visibility == Visibility.RESTRICTED


class Clock:
    """Days as a person counts them, on the clock of their wall."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._zone, self.today = zone, now.astimezone(zone).date()

    def days_until(self, moment: datetime | None) -> int:
        """Days to come before that of `moment`; 0 where it is today, or past, or none."""
        return 0 if moment is None else max(0, (moment.astimezone(self._zone).date() - self.today).days)

    def days_since(self, moment: datetime) -> int:
        """Whole days; a day that has begun counts from the next one on."""
        return max(0, (self.today - moment.astimezone(self._zone).date()).days)


_PILOT = ("pk", "code", "title", "visibility", "standing__owner", "committee_slug")
_Sees = Callable[[int, OfPilot], bool]


def tasks_of(people: Collection[User], *, now: datetime, sees: _Sees) -> dict[int, tuple[Task, ...]]:
    """What waits on each of `people`, by their id, the latest first. Fourteen queries, whoever they are and how many.

    `sees(person, pilot)` says whether a person may see a restricted pilot for another reason than having been asked.
    """
    clocks = {person.pk: Clock(now, ZoneInfo(person.time_zone)) for person in people if person.is_active}
    found: dict[int, list[Task]] = defaultdict(list)
    for person, task in [
        *_reviews(clocks, sees),
        *_to_conclude(clocks),
        *_returned(clocks),
        *_conditions(clocks, sees),
        *_to_accept(clocks),
        *_votes(clocks, now),
        *_interventions([person for person in people if person.pk in clocks], clocks, sees),
    ]:
        found[person].append(task)
    return {
        person: tuple(sorted(tasks, key=lambda task: (not task.late, -task.days, task.pilot.code)))
        for person, tasks in found.items()
    }


def _reviews(clocks: dict[int, Clock], sees: _Sees) -> Iterator[tuple[int, Task]]:
    """Requests to assess, of the person asked or of whoever stands in; nobody reviews a pilot they have a part in."""
    stand_ins: dict[int, list[tuple[int, date, date]]] = defaultdict(list)
    rows = Substitute.objects.filter(
        stands_in__in=clocks, until__gte=min((clock.today for clock in clocks.values()), default=date.max)
    )
    for absent, stands_in, since, until in rows.values_list("absent", "stands_in", "since", "until"):
        stand_ins[absent].append((stands_in, since, until))
    asked = ReviewRequest.objects.filter(Q(reviewer__in=clocks) | Q(reviewer__in=stand_ins), ended_at=None)
    requests = list(
        asked.order_by("asked_at").values_list(
            "pk", "reviewer", "function", "asked_at", "review__gate__slug", "review__gate__title",
            *(f"review__round__pilot__{name}" for name in _PILOT),
        )
    )  # fmt: skip
    own = set(
        Assignment.objects.filter(person__in=clocks, until=None, pilot__in={row[6] for row in requests}).values_list(
            "person", "pilot"
        )
    )
    for key, reviewer, function, asked_at, gate, title, *rest in requests:
        pilot = OfPilot(*rest)
        in_place_of = [
            person
            for person, since, until in stand_ins.get(reviewer, ())
            if since <= clocks[person].today <= until and (pilot.visibility == Visibility.OPEN or sees(person, pilot))
        ]
        for person in [*([reviewer] if reviewer in clocks else []), *in_place_of]:
            if (person, pilot.id) in own:
                continue
            days = clocks[person].days_since(asked_at)
            stead = "" if person == reviewer else ", in place of a colleague"
            what, about = f"Review for {Function(function).label}{stead}: {title}", f"gates.reviewrequest:{key}"
            age = f"asked {_counted(days)} ago" if days else "asked today"
            yield person, _at_gate(gate, pilot, what=what, age=age, days=days, action="Assess it", about=about)


def _to_conclude(clocks: dict[int, Clock]) -> Iterator[tuple[int, Task]]:
    """Gates of which every function has given its findings, for whoever is asked to conclude."""
    asked = ReviewRequest.objects.filter(review=OuterRef("pk"))
    done = GateReview.objects.filter(Exists(asked), ~Exists(asked.filter(ended_at=None)), state=LampState.IN_REVIEW)
    rows = (
        done.filter(lead__in=clocks)
        .annotate(last=Max("requests__ended_at"))
        .order_by("last")
        .values_list("pk", "lead", "last", "gate__slug", "gate__title", *(f"round__pilot__{name}" for name in _PILOT))
    )
    for key, lead, last, gate, title, *rest in rows:
        pilot = OfPilot(*rest)
        days = clocks[lead].days_since(last)
        what, age = f"To conclude: {title}", f"all findings in {_since(days)}"
        about = f"gates.gatereview:{key}"
        yield lead, _at_gate(gate, pilot, what=what, age=age, days=days, action="Conclude it", about=about)


def _returned(clocks: dict[int, Clock]) -> Iterator[tuple[int, Task]]:
    """Gates that came back to their owner, returned or opened again, and have lain there since."""
    back = Custody.objects.filter(
        until=None,
        holder=Holder.OWNER,
        review__state__in=(LampState.RETURNED, LampState.REOPENED),
        review__round__state__in=OPEN_ROUND_STATES,
        review__round__pilot__standing__owner__in=clocks,
    )
    rows = back.order_by("since").values_list(
        "review", "review__state", "since", "review__gate__slug", "review__gate__title",
        *(f"review__round__pilot__{name}" for name in _PILOT),
    )  # fmt: skip
    for key, state, since, gate, title, *rest in rows:
        pilot = OfPilot(*rest)
        if pilot.owner is None:
            continue
        days = clocks[pilot.owner].days_since(since)
        word = "Returned to you" if state == LampState.RETURNED else "Opened again"
        yield (
            pilot.owner,
            _at_gate(
                gate, pilot, page="gates:review-prepare", what=f"{word}: {title}", age=f"with you {_since(days)}",
                days=days, action="Prepare and submit it again", about=f"gates.gatereview:{key}",
            ),
        )  # fmt: skip


def _at_gate(
    gate: str,
    pilot: OfPilot,
    *,
    what: str,
    age: str,
    days: int,
    action: str,
    about: str,
    page: str = "gates:review-detail",
) -> Task:
    """A task that ends on a page of one gate; late once it has lain there for longer than `PATIENCE`."""
    path = reverse(page, args=[pilot.code, gate])
    late = days > PATIENCE
    return Task(what=what, age=age, late=late, days=days, action=action, path=path, about=about, pilot=pilot)


def _conditions(clocks: dict[int, Clock], sees: _Sees) -> Iterator[tuple[int, Task]]:
    """Conditions that are a person's, from two weeks before they are due."""
    fields = [f"{of}__round__pilot__{name}" for of in ("review", "decision") for name in _PILOT]
    rows = (
        Condition.objects.open()
        .filter(owner__in=clocks, met_at=None)
        .order_by(F("due").asc())
        .values_list("pk", "owner", "text", "due", *fields)
    )
    for key, owner, text, due, *rest in rows:
        pilot = OfPilot(*_of_either(rest))
        days = (clocks[owner].today - due).days
        if days < -AHEAD or (pilot.visibility == Visibility.RESTRICTED and not sees(owner, pilot)):
            continue
        yield (
            owner,
            Task(
                what=f"Condition: {text}",
                age=_due(days),
                late=days > 0,
                days=days,
                action="Say that it is met",
                path=reverse("gates:condition-detail", args=[pilot.code, key]),
                about=f"gates.condition:{key}",
                pilot=pilot,
            ),
        )


def _to_accept(clocks: dict[int, Clock]) -> Iterator[tuple[int, Task]]:
    """Conditions of decisions that are said to be met, for the chair who accepts or returns them."""
    seats = CommitteeSeat.objects.filter(user__in=clocks, part=CommitteePart.CHAIR, until=None)
    chairs = dict(seats.values_list("committee__slug", "user"))
    said = Condition.objects.open().filter(
        met_at__isnull=False, decision__round__pilot__committee_slug__in=seats.values("committee__slug")
    )
    fields = (f"decision__round__pilot__{name}" for name in _PILOT)
    for key, text, met_at, *rest in said.order_by("met_at").values_list("pk", "text", "met_at", *fields):
        pilot = OfPilot(*rest)
        chair = chairs[pilot.committee]
        days = clocks[chair].days_since(met_at)
        yield (
            chair,
            Task(
                what=f"Said to be met: {text}",
                age=_since(days),
                late=days > PATIENCE,
                days=days,
                action="Accept or return it",
                path=reverse("gates:condition-detail", args=[pilot.code, key]),
                about=f"gates.condition:{key}",
                pilot=pilot,
            ),
        )


def _votes(clocks: dict[int, Clock], now: datetime) -> Iterator[tuple[int, Task]]:
    """Votes in writing that are open, for those who have not voted."""
    waiting = list(
        Proposal.objects.open()
        .filter(manner=DecisionManner.VOTE, closes_at__gt=now)
        .select_related("round__pilot__standing")
        .order_by("closes_at")
    )
    today = min((clock.today for clock in clocks.values()), default=date.max)
    silent = silent_on(waiting, today) if waiting else {}
    for proposal in waiting:
        of = proposal.round.pilot
        pilot = OfPilot(of.pk, of.code, of.title, of.visibility, of.standing.owner_id, of.committee_slug)
        for person in silent[proposal.pk]:
            if person.pk not in clocks:
                continue
            left = clocks[person.pk].days_until(proposal.closes_at)
            yield (
                person.pk,
                Task(
                    what=f"Your vote: {proposal.get_outcome_display().lower()}",
                    age=f"closes in {_counted(left)}" if left else "closes today",
                    late=left <= 1,
                    days=-left,
                    action="Vote",
                    path=proposal.get_absolute_url(),
                    about=reference(proposal),
                    pilot=pilot,
                ),
            )


def _interventions(people: list[User], clocks: dict[int, Clock], sees: _Sees) -> Iterator[tuple[int, Task]]:
    """Interventions that are due on the owner's day, or late."""
    latest = max((clock.today for clock in clocks.values()), default=date.min)
    for owner, rows in interventions_due(people, latest).items():
        for row in rows:
            at = row.pilot
            pilot = OfPilot(at.pk, at.code, at.title, at.visibility, None, at.committee_slug)
            days = (clocks[owner].today - row.due).days
            if days < 0 or (pilot.visibility == Visibility.RESTRICTED and not sees(owner, pilot)):
                continue
            yield (
                owner,
                Task(
                    what=f"Intervention: {row.text}",
                    age=_due(days),
                    late=days > 0,
                    days=days,
                    action="Say what came of it",
                    path=reverse("gates:intervention-detail", args=[pilot.code, row.pk]),
                    about=reference(row),
                    pilot=pilot,
                ),
            )


def _of_either(fields: list[Any]) -> list[Any]:
    """The pilot of the review, or of the decision: a condition is of one of the two."""
    half = len(_PILOT)
    return fields[:half] if fields[0] is not None else fields[half:]


def _counted(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


def _since(days: int) -> str:
    return f"for {_counted(days)}" if days else "since today"


def _due(days: int) -> str:
    if days > 0:
        return f"{_counted(days)} past due"
    return "due today" if not days else f"due in {_counted(-days)}"
