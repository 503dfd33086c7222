"""Holding meetings in tests, through the verbs."""

from datetime import datetime, timedelta

from gates.arranging import add_item
from gates.convening import send_substitute
from gates.meeting import begin_meeting, draft_meeting, open_meeting, seat_arrives
from gates.models import AgendaItem, CommitteeSubstitute, Meeting
from gates.states import ItemKind
from gates.subscribing import make_feed_key
from tests import building
from tests.remembering import remembering

#: Routes about one meeting.
OF_A_MEETING = (
    "gates:meeting-detail", "gates:meeting-print", "gates:meeting-edit", "gates:meeting-open", "gates:meeting-cancel",
    "gates:meeting-begin", "gates:meeting-close", "gates:attendance-note", "gates:agenda-fill", "gates:agenda-agree",
    "gates:item-add",
    "gates:item-edit", "gates:item-drop", "gates:item-place", "gates:item-postpone", "gates:item-time",
    "gates:item-minutes",
)  # fmt: skip


@remembering
def drafted(cast: building.Cast, *, now: datetime, days: int = 7, **said) -> Meeting:
    """A meeting of the cast's committee, drafted by Bob, its chair, in `days` days at the hour of `now`."""
    return draft_meeting(
        actor=cast.bob, committee=cast.committee, starts_at=now + timedelta(days=days), now=now, **said
    )


@remembering
def opened(cast: building.Cast, *, now: datetime, **said) -> Meeting:
    """The same, with its pack sent."""
    return open_meeting(actor=cast.bob, meeting=drafted(cast, now=now, **said), seen=None, now=now)


@remembering
def in_session(cast: building.Cast, *, now: datetime, **said) -> Meeting:
    """The same, begun a minute before `now`, with nobody there yet."""
    before = now - timedelta(minutes=1)
    return begin_meeting(actor=cast.bob, meeting=opened(cast, now=before, **said), seen=None, now=before)


def discuss(cast: building.Cast, meeting: Meeting, title: str, *, now: datetime, **said) -> AgendaItem:
    """A free item, put there by Bob."""
    return add_item(actor=cast.bob, meeting=meeting, kind=ItemKind.FREE, title=title, now=now, **said)


def there(cast: building.Cast, meeting: Meeting, *people, now: datetime) -> None:
    """Let members take their seats."""
    for person in people:
        seat_arrives(actor=cast.bob, meeting=meeting, member=person, now=now)


def meeting_of_routes(
    cast: building.Cast, *, today, now: datetime
) -> tuple[Meeting, AgendaItem, CommitteeSubstitute, str]:
    """A drafted meeting with one item, a substitute of Carol, and the key of the viewer's calendar."""
    meeting = drafted(cast, now=now, days=30)
    item = discuss(cast, meeting, "The year ahead", now=now)
    substitute = send_substitute(
        actor=cast.bob, committee=cast.committee, member=cast.carol, stands_in=cast.sponsor,
        since=today + timedelta(days=20), until=today + timedelta(days=23), now=now,
    )  # fmt: skip
    return meeting, item, substitute, make_feed_key(actor=cast.viewer, now=now)


def codes(refused) -> list[str]:
    """The codes of the obstacles of a refusal."""
    return [obstacle.code for obstacle in refused.value.obstacles]


def titles(meeting) -> list[str]:
    """What stands on the agenda."""
    return [item.title for item in meeting.items.standing()]
