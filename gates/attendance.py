"""Reading who is there: which seats of a committee are taken in a meeting, by whom, and whether that is a quorum."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from accounts.models import User
from gates.models import Attendance, Committee, CommitteeSeat, CommitteeSubstitute, Meeting
from gates.states import VOTING_PARTS


def seats_taken_at(meeting: Meeting, at: datetime) -> dict[int, int]:
    """Who sits for whom at a moment: the id of each member whose seat is taken, with that of who sits there."""
    there = Attendance.objects.filter(Q(left_at=None) | Q(left_at__gt=at), meeting=meeting, arrived_at__lte=at)
    return dict(there.values_list("member", "person"))


def present_at(meeting: Meeting, at: datetime) -> set[int]:
    """Ids of the people who sit in a seat at a moment, substitutes included."""
    return set(seats_taken_at(meeting, at).values())


def seats_on(committee: Committee, day: date) -> list[CommitteeSeat]:
    """The seats of a committee on a day, by the id of the row."""
    held = CommitteeSeat.objects.filter(Q(until=None) | Q(until__gt=day), committee=committee, since__lte=day)
    return list(held.select_related("user").order_by("pk"))


def stand_ins(committee: Committee, day: date) -> dict[int, User]:
    """Who sits for which member on a day, by the member's id."""
    rows = CommitteeSubstitute.objects.in_force(day).filter(committee=committee).select_related("stands_in")
    return {row.member_id: row.stands_in for row in rows}


@dataclass(frozen=True)
class Quorum:
    """How many seats are taken, of how many, and how many it needs."""

    present: int
    seats: int
    needed: int

    @property
    def is_there(self) -> bool:
        return self.present >= self.needed

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return max(0, self.needed - self.present)


def quorum_at(meeting: Meeting, at: datetime) -> Quorum:
    """The quorum of a meeting at a moment, of the seats that vote; two queries."""
    day = at.astimezone(meeting.zone).date()
    seats = {seat.user_id for seat in seats_on(meeting.committee, day) if seat.part in VOTING_PARTS}
    taken = seats & set(seats_taken_at(meeting, at))
    return Quorum(present=len(taken), seats=len(seats), needed=meeting.committee.quorum_of(len(seats)))
