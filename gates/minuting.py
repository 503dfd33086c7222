"""What is written down in a meeting: when each item began and ended, what came of it, its minutes."""

from datetime import datetime

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.meeting_lock import locked_item, locked_meeting, over, scope_of
from gates.models import AgendaItem, Meeting
from gates.permissions import meeting_obstacles
from gates.states import OF_A_DECISION, MeetingState

#: What came of an item that needs no words of its own.
NOTED, AGREED = "Noted", "Agreed with the consent list"


@verb
def begin_item(*, actor: User | None, item: AgendaItem, now: datetime) -> AgendaItem:
    """Begin an item, or take it up again; the one before ends."""
    meeting, item = locked_item(item)
    refuse_any(_obstacles(actor, meeting, item))
    if item.is_running:
        return item
    for other in meeting.items.filter(started_at__isnull=False, ended_at=None):
        _end(actor, other, now)
    item.seconds_before = item.seconds_used(now)
    item.started_at, item.ended_at = now, None
    item.save(update_fields=["seconds_before", "started_at", "ended_at"])
    note(actor, "gates.item.begun", item, now=now, scope=scope_of(item), title=item.title)
    return item


@verb
def end_item(*, actor: User | None, item: AgendaItem, now: datetime) -> AgendaItem:
    """End an item; ending it twice changes nothing."""
    meeting, item = locked_item(item)
    refuse_any(_obstacles(actor, meeting, item))
    if item.is_running:
        _end(actor, item, now)
    return item


@verb
def note_item(*, actor: User | None, item: AgendaItem, now: datetime) -> AgendaItem:
    """Say that the committee took note of an item, and end it; what was written as its outcome stays."""
    meeting, item = locked_item(item)
    obstacles = _obstacles(actor, meeting, item)
    if item.kind in OF_A_DECISION:
        obstacles.append(Obstacle("decision", "A decision is taken or put off, not noted.", "the chair"))
    refuse_any(obstacles)
    if item.is_running:
        _end(actor, item, now)
    return _settled(actor, item, NOTED, now)


@verb
def agree_to_list(*, actor: User | None, meeting: Meeting, now: datetime) -> int:
    """Agree to the consent list as one; what has an outcome already keeps it. Returns to how many items."""
    meeting = locked_meeting(meeting)
    refuse_any(meeting_obstacles(actor, meeting.committee) + over(meeting) + _not_in_session(meeting))
    items = list(meeting.items.standing().filter(consent=True, outcome=""))
    for item in items:
        _settled(actor, item, AGREED, now)
    return len(items)


def _settled(actor: User | None, item: AgendaItem, outcome: str, now: datetime) -> AgendaItem:
    if item.outcome:
        return item
    item.outcome = outcome
    item.version += 1
    item.save(update_fields=["outcome", "version"])
    note(actor, "gates.item.settled", item, now=now, scope=scope_of(item), title=item.title, outcome=outcome)
    return item


def _end(actor: User | None, item: AgendaItem, now: datetime) -> None:
    item.ended_at = now
    item.save(update_fields=["ended_at"])
    note(actor, "gates.item.ended", item, now=now, scope=scope_of(item), title=item.title)


@verb
def write_minutes(
    *, actor: User | None, item: AgendaItem, minutes: str, outcome: str, seen: int | None, now: datetime
) -> AgendaItem:
    """Write the minutes of an item and, in a line, what came of it; StaleError where somebody else wrote since."""
    meeting, item = locked_item(item)
    refuse_any(_obstacles(actor, meeting, item))
    minutes, outcome = minutes.strip(), outcome.strip()
    if (item.minutes, item.outcome) == (minutes, outcome):
        return item
    compare_and_step(item, seen)
    item.minutes, item.outcome = minutes, outcome
    item.clean_fields()
    item.save(update_fields=["minutes", "outcome", "version"])
    note(actor, "gates.item.minuted", item, now=now, scope=scope_of(item), title=item.title)
    return item


def _obstacles(actor: User | None, meeting: Meeting, item: AgendaItem) -> list[Obstacle]:
    obstacles = meeting_obstacles(actor, meeting.committee) + over(meeting) + _not_in_session(meeting)
    if item.dropped_at:
        obstacles.append(Obstacle("dropped", "It is off the agenda."))
    return obstacles


def _not_in_session(meeting: Meeting) -> list[Obstacle]:
    if meeting.state == MeetingState.IN_SESSION or meeting.is_over:
        return []
    return [Obstacle("not_in_session", "Minutes are written while the meeting is in session.")]
