"""Locking: every verb on a meeting locks the meeting's row first, after that of a pilot where it needs both."""

from accounts.obstacles import Obstacle
from gates.models import AgendaItem, Meeting


def locked_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it is now, locked until the end of the transaction."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("committee").get(pk=meeting.pk)


def locked_item(item: AgendaItem) -> tuple[Meeting, AgendaItem]:
    """An item and its meeting as they are now, with the meeting locked."""
    meeting = locked_meeting(Meeting(pk=item.meeting_id))
    return meeting, AgendaItem.objects.select_related("pilot", "round").get(pk=item.pk)


def scope_of(item: AgendaItem) -> str:
    """The pilot in whose history it is told, where it is about one."""
    return item.pilot.scope if item.pilot else ""


def over(meeting: Meeting) -> list[Obstacle]:
    """What keeps anything of a meeting that is over from being changed."""
    return [Obstacle("over", "This meeting is over.")] if meeting.is_over else []
