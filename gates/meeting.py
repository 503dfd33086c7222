"""The life of a meeting: drafted, opened with its pack, held, closed with its minutes; or moved, or cancelled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, RefusedError, StaleError, refuse_any
from audit.recording import verb
from gates.arranging import fill_agenda
from gates.attendance import seats_on, stand_ins
from gates.meeting_lock import locked_meeting, over
from gates.meeting_mail import post_cancelled, post_minutes, post_moved, post_pack
from gates.models import Attendance, Committee, Decision, Meeting
from gates.permissions import meeting_obstacles
from gates.postponing import deferrals_in, outcome_of_deferral
from gates.states import MEETING_AHEAD, OF_A_DECISION, ItemKind, MeetingState


@verb
def draft_meeting(
    *,
    actor: User | None,
    committee: Committee,
    starts_at: datetime,
    now: datetime,
    planned_minutes: int = 90,
    place: str = "",
) -> Meeting:
    """Draft a meeting and put on its agenda what belongs there. Nobody is told yet."""
    committee = Committee.objects.select_for_update().get(pk=committee.pk)
    refuse_any(meeting_obstacles(actor, committee) + _time_obstacles(committee, starts_at, now))
    meeting = Meeting(
        committee=committee,
        starts_at=starts_at,
        planned_minutes=planned_minutes,
        place=place or committee.place,
        made_by=actor,
    )
    meeting.clean_fields(exclude=["made_by", "closed_by"])
    meeting.save(force_insert=True)
    note(actor, "gates.meeting.drafted", meeting, now=now, committee=committee.name, when=meeting.when)
    fill_agenda(actor=actor, meeting=meeting, now=now)
    return meeting


@verb
def move_meeting(
    *,
    actor: User | None,
    meeting: Meeting,
    starts_at: datetime,
    planned_minutes: int,
    place: str,
    reason: str,
    seen: int | None,
    now: datetime,
) -> Meeting:
    """Change when and where a meeting is; its agenda follows. With the pack out that needs a reason, and a mail."""
    meeting = locked_meeting(meeting)
    obstacles = meeting_obstacles(actor, meeting.committee) + _not_ahead(meeting)
    told = meeting.state == MeetingState.OPEN and (meeting.starts_at != starts_at or meeting.place != place)
    if told and not reason.strip():
        obstacles.append(Obstacle("reason", "The pack is out: say why the meeting is moved.", "you"))
    if meeting.starts_at != starts_at:
        obstacles += _time_obstacles(meeting.committee, starts_at, now, but=meeting)
    refuse_any(obstacles)
    compare_and_step(meeting, seen)
    meeting.starts_at, meeting.planned_minutes, meeting.place = starts_at, planned_minutes, place.strip()
    meeting.reason = reason.strip()
    meeting.clean_fields(exclude=["made_by", "closed_by"])
    meeting.save()
    fill_agenda(actor=actor, meeting=meeting, now=now)
    said: dict[str, Any] = {"committee": meeting.committee.name}
    if told:
        note(actor, "gates.meeting.moved", meeting, now=now, when=meeting.when, reason=meeting.reason, **said)
        post_moved(meeting, actor=actor, now=now)
    else:
        note(actor, "gates.meeting.changed", meeting, now=now, **said)
    return meeting


@verb
def open_meeting(*, actor: User | None, meeting: Meeting, seen: int | None, now: datetime) -> Meeting:
    """Bring the agenda up to date and send the pack, one mail to each member and substitute."""
    meeting = locked_meeting(meeting)
    obstacles = meeting_obstacles(actor, meeting.committee)
    if meeting.state != MeetingState.DRAFT:
        obstacles.append(Obstacle("not_draft", "The pack of this meeting was sent already."))
    if not seats_on(meeting.committee, meeting.day):
        obstacles.append(Obstacle("nobody", "Nobody has a seat in this committee.", "an administrator"))
    refuse_any(obstacles)
    compare_and_step(meeting, seen)
    fill_agenda(actor=actor, meeting=meeting, now=now)
    meeting.state, meeting.opened_at = MeetingState.OPEN, now
    meeting.save()
    people = post_pack(meeting, now=now)
    note(actor, "gates.meeting.opened", meeting, now=now, committee=meeting.committee.name, people=people)
    return meeting


@dataclass(frozen=True)
class Opened:
    """What came of opening the drafts that were due."""

    opened: int = 0
    #: Changed by somebody at the same moment: opened by the next sweep.
    changed_meanwhile: int = 0


def open_due(*, now: datetime) -> Opened:
    """Open the drafts whose pack is due: each by itself, so that one that is just being changed keeps back no other."""
    opened = changed = 0
    for meeting in Meeting.objects.filter(state=MeetingState.DRAFT, starts_at__gt=now).select_related("committee"):
        due = meeting.starts_at - timedelta(hours=meeting.committee.pack_hours)
        if due > now or not seats_on(meeting.committee, meeting.day):
            continue
        try:
            open_meeting(actor=None, meeting=meeting, seen=meeting.version, now=now)
        except (StaleError, RefusedError):
            changed += 1
        else:
            opened += 1
    return Opened(opened, changed)


@verb
def cancel_meeting(*, actor: User | None, meeting: Meeting, reason: str, seen: int | None, now: datetime) -> Meeting:
    """Cancel a meeting that has not begun; who had its pack is told why. What was on its agenda goes to the next."""
    meeting = locked_meeting(meeting)
    obstacles = meeting_obstacles(actor, meeting.committee) + _not_ahead(meeting)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say why it is cancelled.", "you"))
    refuse_any(obstacles)
    compare_and_step(meeting, seen)
    was_open = meeting.state == MeetingState.OPEN
    meeting.state, meeting.reason = MeetingState.CANCELLED, reason.strip()
    meeting.save()
    note(
        actor, "gates.meeting.cancelled", meeting, now=now, committee=meeting.committee.name, reason=meeting.reason
    )  # fmt: skip
    if was_open:
        post_cancelled(meeting, actor=actor, now=now)
    return meeting


@verb
def begin_meeting(*, actor: User | None, meeting: Meeting, seen: int | None, now: datetime) -> Meeting:
    """Begin an open meeting, with what was settled meanwhile off its agenda. Seats are taken next."""
    meeting = locked_meeting(meeting)
    refuse_any(meeting_obstacles(actor, meeting.committee) + beginning_obstacles(meeting))
    compare_and_step(meeting, seen)
    fill_agenda(actor=actor, meeting=meeting, now=now)
    meeting.state, meeting.began_at = MeetingState.IN_SESSION, now
    meeting.save()
    note(actor, "gates.meeting.begun", meeting, now=now, committee=meeting.committee.name)
    return meeting


def beginning_obstacles(meeting: Meeting) -> list[Obstacle]:
    """What keeps a meeting from beginning."""
    if meeting.state == MeetingState.DRAFT:
        return [Obstacle("draft", "Its pack was not sent yet.", "the secretary, by opening it")]
    if meeting.state != MeetingState.OPEN:
        return [Obstacle("not_open", "This meeting has begun already, or is over.")]
    other = Meeting.objects.filter(committee=meeting.committee_id, state=MeetingState.IN_SESSION).first()
    if other:
        return [
            Obstacle(
                "other", "Another meeting of this committee is in session.", "closing it", other.get_absolute_url()
            )
        ]
    return []


@verb
def seat_arrives(
    *,
    actor: User | None,
    meeting: Meeting,
    member: User,
    now: datetime,
    person: User | None = None,
    at: datetime | None = None,
) -> Attendance:
    """Note that a member's seat is taken, by the member or by `person` who sits for them, since `at`."""
    meeting = locked_meeting(meeting)
    at = at or now
    person = person or member
    obstacles = _running_obstacles(actor, meeting, at, now)
    seats = {seat.user_id for seat in seats_on(meeting.committee, meeting.day)}
    if member.pk not in seats:
        obstacles.append(Obstacle("member", f"{member} has no seat in this committee.", "an administrator"))
    named = stand_ins(meeting.committee, meeting.day).get(member.pk)
    if person not in (member, named):
        obstacles.append(Obstacle("person", f"{person} was not named to sit for {member}.", "the secretary"))
    there = meeting.attendances.filter(left_at=None)
    if there.filter(member=member).exists() or there.filter(person=person).exists():
        obstacles.append(Obstacle("there", f"{person} is there already, or the seat is taken."))
    if meeting.attendances.filter(member=member, left_at__gt=at).exists():
        obstacles.append(Obstacle("at", "The seat was taken until later than that.", "you"))
    refuse_any(obstacles)
    row = Attendance.objects.create(meeting=meeting, member=member, person=person, arrived_at=at)
    note(actor, "gates.seat.arrived", row, now=now, member=member.ref, person=person.ref, since=at)
    return row


@verb
def seat_leaves(
    *, actor: User | None, meeting: Meeting, member: User, now: datetime, at: datetime | None = None
) -> Attendance:
    """Note that whoever sits in a member's seat has left at `at`."""
    meeting = locked_meeting(meeting)
    at = at or now
    obstacles = _running_obstacles(actor, meeting, at, now)
    row = meeting.attendances.filter(member=member, left_at=None).select_related("person").first()
    if row is None:
        obstacles.append(Obstacle("not_there", f"The seat of {member} is not taken."))
    elif at < row.arrived_at:
        obstacles.append(Obstacle("at", f"{row.person} came later than that.", "you"))
    refuse_any(obstacles)
    if row is None:
        raise ValueError("refused above")
    row.left_at = at
    row.save(update_fields=["left_at"])
    note(actor, "gates.seat.rose", row, now=now, member=member.ref, person=row.person.ref, until=at)
    return row


@verb
def close_meeting(*, actor: User | None, meeting: Meeting, seen: int | None, now: datetime) -> Meeting:
    """Close a meeting: everybody has left, what came of each item is written down, the minutes go out, all is locked.

    Refuses while an item that is to be decided is neither decided nor put off.
    """
    meeting = locked_meeting(meeting)
    refuse_any(meeting_obstacles(actor, meeting.committee) + closing_obstacles(meeting))
    compare_and_step(meeting, seen)
    decided, put_off = decisions_in(meeting), deferrals_in(meeting)
    for item in meeting.items.standing():
        if item.is_running:
            item.ended_at = now
        if item.kind in OF_A_DECISION and item.round_id in decided:
            item.kind, item.outcome = ItemKind.DECIDE, outcome_of(decided[item.round_id])
        elif item.kind == ItemKind.DECIDE and item.round_id in put_off:
            deferral = put_off[item.round_id]
            item.kind = ItemKind.DEFER
            item.outcome = outcome_of_deferral(deferral.until, deferral.owner, deferral.reason)
        item.save(update_fields=["ended_at", "outcome", "kind"])
    meeting.attendances.filter(left_at=None).update(left_at=now)
    meeting.state, meeting.closed_at, meeting.closed_by = MeetingState.CLOSED, now, actor
    meeting.save()
    note(actor, "gates.meeting.closed", meeting, now=now, committee=meeting.committee.name)
    post_minutes(meeting, actor=actor, now=now)
    return meeting


def closing_obstacles(meeting: Meeting) -> list[Obstacle]:
    """What keeps a meeting from being closed: every decision that is neither taken nor moved."""
    if meeting.state != MeetingState.IN_SESSION:
        return [Obstacle("not_in_session", "This meeting is not in session.")]
    settled = decisions_in(meeting).keys() | deferrals_in(meeting).keys()
    return [
        Obstacle(
            "undecided",
            f"“{item.title}” is neither decided nor put off.",
            "the chair by a decision, or the secretary by putting it off",
            f"{meeting.get_absolute_url()}#item-{item.pk}",
        )
        for item in meeting.items.standing()
        if item.kind == ItemKind.DECIDE and item.round_id not in settled
    ]


def decisions_in(meeting: Meeting) -> dict[int | None, Decision]:
    """The decision of each round that was on the agenda, as it stood at the end, by the round's id; one query."""
    rounds = meeting.items.standing().exclude(round=None).values("round")
    found = Decision.objects.filter(round__in=rounds).defer("snapshot").order_by("pk")
    if meeting.closed_at:
        found = found.filter(recorded_at__lte=meeting.closed_at)
    return {decision.round_id: decision for decision in found}


def outcome_of(decision: Decision) -> str:
    """A decision as the outcome of an item, in a line."""
    return f"{decision.get_outcome_display()}: decision {decision.number}"


def _running_obstacles(actor: User | None, meeting: Meeting, at: datetime, now: datetime) -> list[Obstacle]:
    obstacles = meeting_obstacles(actor, meeting.committee) + over(meeting)
    if meeting.state != MeetingState.IN_SESSION or meeting.began_at is None:
        obstacles.append(Obstacle("not_in_session", "Seats are taken while the meeting is in session."))
    elif not meeting.began_at <= at <= now:
        obstacles.append(Obstacle("at", "Name a time between the beginning of the meeting and now.", "you"))
    return obstacles


def _not_ahead(meeting: Meeting) -> list[Obstacle]:
    if meeting.state in MEETING_AHEAD:
        return []
    return [Obstacle("not_ahead", "This meeting has begun already, or is over.")]


def _time_obstacles(
    committee: Committee, starts_at: datetime, now: datetime, but: Meeting | None = None
) -> list[Obstacle]:
    obstacles = []
    if starts_at <= now:
        obstacles.append(Obstacle("starts_at", "A meeting is planned for a time to come.", "you"))
    others = Meeting.objects.standing().filter(committee=committee, starts_at=starts_at)
    if any(other != but for other in others):
        obstacles.append(Obstacle("starts_at", "This committee meets at that time already.", "you"))
    return obstacles
