"""What waits on a person, whoever they are: the first page after signing in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_administrator, is_manager
from accounts.states import Function
from audit.jobs import last_tick
from gates.models import Committee, CommitteeSeat, CommitteeSubstitute, Custody, Flag, GateReview, Meeting, Proposal
from gates.permissions import functions_of
from gates.queries import meetings_visible_to
from gates.queue import Waiting, pool_of, requests_of, waiting
from gates.states import CommitteePart, DecisionManner, Holder, MeetingState
from gates.voters import silent_on
from gates.waiting import pilots_to_decide, reviews_to_conclude
from portfolio.clock import Clock, Days, clock_of, days_at
from portfolio.models import Pilot, Round
from portfolio.states import (
    EDITING_PARTS,
    ENDED_STAGES,
    OPEN_ROUND_STATES,
    LampState,
    Purpose,
    RoundState,
    Severity,
    Stage,
)

#: How many rows of each kind the page shows; the rest is a link away.
SHOWN = 8
SHOWN_MEETINGS = 3
#: After how long without a status update the page asks for one; the drift rule "silent" has its own threshold.
QUIET_AFTER = timedelta(days=30)
#: After how long without a sign of the scheduler the page says so.
TICK_GRACE = timedelta(minutes=5)


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next for a pilot, and where."""

    what: str
    url: str


@dataclass(frozen=True)
class OwnPilot:
    """A pilot that the person keeps the file of."""

    pilot: Pilot
    clock: Clock
    step: NextStep | None


@dataclass(frozen=True)
class CameBack:
    """A gate that was returned or opened again, and lies with its owner."""

    review: GateReview
    reason: str
    days: int


@dataclass(frozen=True)
class ToDecide:
    """What a chair has to decide, worst first."""

    rows: list[tuple[Pilot, Clock]]
    total: int
    overdue: int


@dataclass(frozen=True)
class ToAssess:
    """What a reviewer is asked for, and what they can conclude."""

    #: Oldest first.
    rows: list[Waiting]
    total: int
    #: How many their colleagues of the same functions are asked for.
    pool: int
    to_conclude: list[GateReview]

    @property
    def waits(self) -> bool:
        return bool(self.rows or self.to_conclude)


@dataclass(frozen=True)
class Drift:
    """What a portfolio manager sees of the drift."""

    #: Open flags by severity, the gravest first.
    flags: list[tuple[Severity, int]]
    overdue: int
    without_committee: list[Pilot]
    without_committee_total: int


@dataclass(frozen=True)
class Running:
    """What an administrator sees of the installation."""

    last_tick: datetime | None
    late: bool
    people: int


@dataclass(frozen=True)
class MyWork:
    """Everything that waits on one person; what does not concern them is None or empty."""

    committees: list[Committee]
    #: Of these committees, those in session or to come, soonest first.
    meetings: list[Meeting]
    #: What the person has not voted on yet.
    votes: list[Proposal]
    to_decide: ToDecide | None
    own: list[OwnPilot]
    own_total: int
    #: Gates that came back to the person, the one that lies longest first.
    came_back: list[CameBack]
    to_assess: ToAssess | None
    drift: Drift | None
    running: Running | None

    @property
    def waits(self) -> bool:
        """Whether there is anything at all."""
        decide = self.to_decide is not None and bool(self.to_decide.rows)
        assess = self.to_assess is not None and self.to_assess.waits
        return bool(decide or self.votes or self.own or self.came_back or assess or self.drift or self.running)


def work_of(user: User, *, today: date, now: datetime) -> MyWork:
    """Read what waits on `user`; how many queries depends on what they are, never on how much waits."""
    seats = list(CommitteeSeat.objects.filter(user=user, until=None).select_related("committee"))
    chaired = [seat.committee.slug for seat in seats if seat.part == CommitteePart.CHAIR]
    runs = [seat.committee_id for seat in seats if seat.part in (CommitteePart.CHAIR, CommitteePart.SECRETARY)]
    sits = {seat.committee_id for seat in seats} | _sits_for(user, today)
    functions = functions_of(user, today)
    own, days = _own(user), days_at(now)
    return MyWork(
        committees=[seat.committee for seat in seats],
        meetings=_meetings(user, sits, runs, today) if sits else [],
        votes=_votes(user, sits, today) if sits else [],
        to_decide=_to_decide(user, chaired, days) if chaired else None,
        own=[_own_pilot(pilot, days.of(pilot)) for pilot in own[:SHOWN]],
        own_total=own.count(),
        came_back=_came_back(user, today),
        to_assess=_to_assess(user, functions, today) if functions else None,
        drift=_drift(user, days) if is_manager(user) else None,
        running=_running(now) if is_administrator(user) else None,
    )


def _sits_for(user: User, today: date) -> set[int]:
    """Committees in which the person sits for a member today, with a seat of their own or without. One query."""
    sitting = CommitteeSubstitute.objects.in_force(today).filter(stands_in=user)
    return set(sitting.values_list("committee", flat=True)) if user.is_active else set()


def _meetings(user: User, sits: Collection[int], runs: Collection[int], today: date) -> list[Meeting]:
    """Meetings that the person goes to, or prepares; a draft is only told to who prepares it. One query."""
    told = Q(state__in=(MeetingState.OPEN, MeetingState.IN_SESSION)) | Q(state=MeetingState.DRAFT, committee__in=runs)
    found = meetings_visible_to(user, today).filter(told, committee__in=sits)
    return list(found.select_related("committee").order_by("starts_at", "pk")[:SHOWN_MEETINGS])


def _votes(user: User, sits: Collection[int], today: date) -> list[Proposal]:
    """Open votes on which the person has not said anything, for themselves or for whom they sit."""
    asked = Proposal.objects.open().filter(committee__in=sits)
    asked = asked.exclude(manner=DecisionManner.CHAIR_ON_NOTICE).filter(round__pilot__in=Pilot.objects.visible_to(user))
    proposals = list(asked.select_related("round__pilot").order_by("closes_at", "pk"))
    silent = silent_on(proposals, today) if proposals else {}
    return [one for one in proposals if user in silent[one.pk]]


def next_step(pilot: Pilot, current: Round | None, today: date) -> NextStep | None:
    """Say what the owner of `pilot` can do next; None where it is somebody else's turn."""
    steps: list[tuple[bool, str, str]] = [(pilot.stage == Stage.SCALING, "Launch it, once it runs", "pilot-launch")]
    if current is not None:
        running = current.state == RoundState.RUNNING
        over = running and current.planned_end is not None and current.planned_end < today
        quiet = today - (pilot.standing.last_sign_on or today)
        steps += [
            (not pilot.committee_slug, "Name the committee that decides it", "pilot-edit"),
            (current.state == RoundState.DRAFT, f"Start round {current.number}", "round-start"),
            (over and current.purpose == Purpose.PILOT, "End the work and ask for a decision", "round-end"),
            (
                running and not over and quiet > QUIET_AFTER,
                f"Say what moved: nothing was heard for {quiet.days} days",
                "status-create",
            ),
        ]
    return next(
        (NextStep(what, reverse(f"portfolio:{name}", args=[pilot.code])) for due, what, name in steps if due), None
    )


def _own(user: User) -> QuerySet[Pilot]:
    held = Pilot.objects.filter(
        assignments__person=user, assignments__until=None, assignments__part__in=EDITING_PARTS
    ).values("pk")
    opened = Prefetch("rounds", Round.objects.filter(state__in=OPEN_ROUND_STATES), to_attr="opened")
    return (
        Pilot.objects.filter(pk__in=held)
        .exclude(stage__in=[*ENDED_STAGES, Stage.IN_PRODUCTION])
        .select_related("unit", "standing__owner")
        .prefetch_related(opened)
        .order_by(
            F("standing__worst_severity").desc(nulls_last=True),
            F("standing__undecided_since").asc(nulls_last=True),
            "pk",
        )
    )


def _own_pilot(pilot: Pilot, today: date) -> OwnPilot:
    opened: list[Round] = pilot.opened  # type: ignore[attr-defined]
    return OwnPilot(pilot, clock_of(pilot, today), next_step(pilot, opened[0] if opened else None, today))


def _came_back(user: User, today: date) -> list[CameBack]:
    """Gates of open rounds that lie with `user` again. One query."""
    held = Pilot.objects.filter(
        assignments__person=user, assignments__until=None, assignments__part__in=EDITING_PARTS
    ).values("pk")
    lying = Custody.objects.filter(
        until=None,
        holder=Holder.OWNER,
        review__state__in=(LampState.RETURNED, LampState.REOPENED),
        review__round__state__in=OPEN_ROUND_STATES,
        review__round__pilot__in=held,
    )
    return [
        CameBack(one.review, one.reason, max(0, (today - timezone.localdate(one.since)).days))
        for one in lying.select_related("review__gate", "review__round__pilot").order_by("since", "pk")[:SHOWN]
    ]


def _to_decide(user: User, committees: Sequence[str], days: Days) -> ToDecide:
    pilots = pilots_to_decide(user, committees, days.here)
    return ToDecide(
        rows=[(pilot, clock_of(pilot, days.of(pilot))) for pilot in pilots[:SHOWN]],
        total=pilots.count(),
        overdue=pilots.filter(days.is_overdue()).count(),
    )


def _to_assess(user: User, functions: frozenset[Function], today: date) -> ToAssess:
    asked = requests_of(user, today)
    return ToAssess(
        rows=waiting(list(asked[:SHOWN]), user, today),
        total=asked.count(),
        pool=pool_of(user, functions, today).count(),
        to_conclude=list(reviews_to_conclude(user, functions)[:SHOWN]),
    )


def _drift(user: User, days: Days) -> Drift:
    visible = Pilot.objects.visible_to(user)
    counted = dict(
        Flag.objects.filter(pilot__in=visible, closed_on=None)
        .values_list("severity")
        .annotate(total=Count("pk"))
        .order_by("-severity")
    )
    homeless = visible.filter(committee_slug="", rounds__state__in=OPEN_ROUND_STATES)
    return Drift(
        flags=[(Severity(severity), total) for severity, total in counted.items()],
        overdue=visible.filter(days.is_overdue()).count(),
        without_committee=list(homeless.order_by(F("standing__undecided_since").asc(nulls_last=True), "pk")[:SHOWN]),
        without_committee_total=homeless.count(),
    )


def _running(now: datetime) -> Running:
    tick = last_tick()
    return Running(
        last_tick=tick, late=tick is None or now - tick > TICK_GRACE, people=User.objects.filter(is_active=True).count()
    )
