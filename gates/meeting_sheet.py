"""Everything on the page of a meeting, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.obstacles import Obstacle
from gates.attendance import Quorum, seats_on, stand_ins
from gates.meeting import beginning_obstacles, closing_obstacles, decisions_in, outcome_of
from gates.meeting_votes import Recused, VoteLine, recused_from, votes_on
from gates.models import AgendaItem, Attendance, CommitteeSeat, Decision, Meeting
from gates.permissions import is_chair, runs_meetings
from gates.states import OF_A_DECISION, PUT_BY_HAND, VOTING_PARTS, CommitteePart, ItemKind, MeetingState
from portfolio.clock import Clock, clock
from portfolio.models import Pilot


@dataclass(frozen=True)
class Line:
    """One item as the page shows it."""

    place: int
    item: AgendaItem
    #: Whether the visitor may see the pilot that it is about.
    may_see: bool
    decision: Decision | None
    minutes_used: int
    clock: Clock | None
    vote: VoteLine | None = None
    #: Who of the committee keeps out of it.
    recused: list[Recused] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        """Whether what was to be decided is decided, or put off."""
        return self.decision is not None or self.item.kind == ItemKind.DEFER

    @property
    def may_move(self) -> bool:
        """Whether it can be moved to a later meeting; what comes by itself without a decision cannot, nor need be."""
        return self.item.kind == ItemKind.DECIDE or (self.item.source in PUT_BY_HAND and self.item.back_on is None)

    @property
    def outcome(self) -> str:
        """What came of it, in a line."""
        return outcome_of(self.decision) if self.decision and not self.item.outcome else self.item.outcome

    @property
    def is_late(self) -> bool:
        """Whether it took longer than planned."""
        return self.minutes_used > self.item.planned_minutes


@dataclass(frozen=True)
class SeatLine:
    """A seat in a meeting: whose it is, who may sit there, who did and when."""

    seat: CommitteeSeat
    stand_in: User | None
    times: list[Attendance]

    @property
    def now(self) -> Attendance | None:
        """Who sits there now."""
        return next((row for row in self.times if row.left_at is None), None)


@dataclass(frozen=True)
class MeetingSheet:
    """A meeting as one visitor sees it at one moment."""

    meeting: Meeting
    now: datetime
    lines: list[Line]
    dropped: list[Line]
    seats: list[SeatLine]
    quorum: Quorum
    runs: bool
    chairs: bool
    obstacles: list[Obstacle] = field(default_factory=list)

    @property
    def routine(self) -> list[Line]:
        """The consent list."""
        return [line for line in self.lines if line.item.consent]

    @property
    def single(self) -> list[Line]:
        """What is talked about one by one."""
        return [line for line in self.lines if not line.item.consent]

    @property
    def planned(self) -> int:
        """Minutes planned for all items."""
        return sum(line.item.planned_minutes for line in self.lines)

    @property
    def used(self) -> int:
        """Minutes used so far."""
        return sum(line.item.seconds_used(self.now) for line in self.lines) // 60

    @property
    def planned_so_far(self) -> int:
        """Minutes that were planned for what was begun."""
        return sum(line.item.planned_minutes for line in self.lines if line.item.started_at)

    @property
    def too_long(self) -> int:
        """Minutes by which the agenda is longer than the meeting."""
        return max(0, self.planned - self.meeting.planned_minutes)

    @property
    def running(self) -> Line | None:
        """What is talked about now."""
        return next((line for line in self.lines if line.item.is_running), None)

    @property
    def voting(self) -> list[Line]:
        """What can be voted on now."""
        return [line for line in self.lines if line.vote and line.vote.proposal.is_open]

    @property
    def to_agree(self) -> bool:
        """Whether something of the consent list is still to be agreed to."""
        return any(not line.item.outcome for line in self.routine)

    @property
    def to_decide(self) -> int:
        """How many items are to be decided."""
        return sum(line.item.kind == ItemKind.DECIDE for line in self.lines)


def sheet_of(meeting: Meeting, user: User, *, now: datetime) -> MeetingSheet:
    """Read a meeting for a visitor. What is about a pilot that they may not see is there, and says nothing."""
    items = list(meeting.items.select_related("pilot", "round").order_by("consent", "place", "pk"))
    about = {item.pilot_id for item in items if item.pilot_id}
    visible = set(Pilot.objects.visible_to(user).filter(pk__in=about).values_list("pk", flat=True))
    decided = decisions_in(meeting)
    seats = _seats(meeting)
    told: dict[str, Any] = {"visible": visible, "decided": decided, "meeting": meeting, "now": now}
    told |= {"votes": votes_on(items, meeting.closed_at), "recused": recused_from(items, _people(seats), meeting.day)}
    lines = [
        _line(place, item, **told)
        for place, item in enumerate((item for item in items if not item.dropped_at), start=1)
    ]
    runs = runs_meetings(user, meeting.committee)
    return MeetingSheet(
        meeting=meeting,
        now=now,
        lines=lines,
        dropped=[_line(0, item, **told) for item in items if item.dropped_at],
        seats=seats,
        quorum=_quorum(meeting, seats),
        runs=runs,
        chairs=is_chair(user, meeting.committee.slug),
        obstacles=_obstacles(meeting) if runs else [],
    )


def _obstacles(meeting: Meeting) -> list[Obstacle]:
    if meeting.state == MeetingState.OPEN:
        return beginning_obstacles(meeting)
    return closing_obstacles(meeting) if meeting.state == MeetingState.IN_SESSION else []


def _line(
    place: int,
    item: AgendaItem,
    *,
    visible: set[int],
    decided: dict[int | None, Decision],
    votes: dict[int | None, VoteLine],
    recused: dict[int | None, list[Recused]],
    meeting: Meeting,
    now: datetime,
) -> Line:
    deciding = item.kind in OF_A_DECISION
    ticks = item.kind == ItemKind.DECIDE and item.round and item.pilot and not meeting.is_over
    return Line(
        place=place,
        item=item,
        may_see=item.pilot_id is None or item.pilot_id in visible,
        decision=decided.get(item.round_id) if deciding else None,
        vote=votes.get(item.round_id) if deciding else None,
        recused=recused.get(item.round_id, []) if deciding else [],
        minutes_used=item.seconds_used(now) // 60,
        clock=clock(due=item.round.decision_due, monthly_cost=item.pilot.monthly_cost, today=meeting.day)
        if ticks and item.round and item.pilot
        else None,
    )


def _quorum(meeting: Meeting, seats: list[SeatLine]) -> Quorum:
    voting = [line for line in seats if line.seat.part in VOTING_PARTS]
    there = sum(1 for line in voting if line.now)
    return Quorum(there, len(voting), meeting.committee.quorum_of(len(voting)))


def _people(seats: list[SeatLine]) -> list[User]:
    """Who votes: the members, and who sits for them."""
    voting = [line for line in seats if line.seat.part in VOTING_PARTS]
    return [person for line in voting for person in (line.seat.user, line.stand_in) if person]


def _seats(meeting: Meeting) -> list[SeatLine]:
    """The seats on the meeting's day and who sat there: chair, secretary, members by name."""
    times: dict[int, list[Attendance]] = defaultdict(list)
    for row in meeting.attendances.select_related("member", "person"):
        times[row.member_id].append(row)
    named = stand_ins(meeting.committee, meeting.day)
    seats = {seat.user_id: seat for seat in seats_on(meeting.committee, meeting.day)}
    order = list(CommitteePart.values)
    return [
        SeatLine(seat, named.get(seat.user_id), times[seat.user_id])
        for seat in sorted(seats.values(), key=lambda seat: (order.index(seat.part), str(seat.user).casefold()))
    ]
