"""A person's calendar as iCalendar (RFC 5545): meetings, and the days on which decisions are due."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from accounts.templatetags.screen import money
from gates.models import CommitteeSeat, FeedKey, Meeting
from gates.queries import meetings_visible_to
from gates.states import MeetingState
from portfolio.clock import Clock, Days, clock, days_at
from portfolio.models import Assignment, Pilot, Round
from portfolio.states import UNDECIDED_ROUND_STATES

#: How far back meetings and due days are told, in days.
_BACK = 365
#: At most as many due days.
_MOST = 500
_OCTETS = 75
_STATUS = {MeetingState.CANCELLED: "CANCELLED", MeetingState.OPEN: "CONFIRMED"}


def person_of(key_hash: str) -> User | None:
    """Whose calendar a key opens; nobody's once it was ended or the person has left."""
    row = FeedKey.objects.filter(key_hash=key_hash, ended_at=None, user__is_active=True).select_related("user").first()
    return row.user if row else None


def calendar_of(user: User, *, now: datetime) -> bytes:
    """The calendar of a person: the meetings that they may see, drafts left out, and the decisions that concern them.

    Concerned is who has a part in the pilot or a seat in its committee; restricted pilots only as everywhere else.
    Each event keeps its UID for good. A fixed number of queries.
    """
    today = now.astimezone(UTC).date()
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Pilotage//Meetings and decisions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Pilotage",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for meeting in _meetings(user, now, today):
        lines += _meeting(meeting, now)
    days = days_at(now)
    for round_ in _rounds(user, today):
        lines += _due(round_, now, days)
    lines.append("END:VCALENDAR")
    return b"".join(fold(line) for line in lines)


def _meetings(user: User, now: datetime, today: date) -> Iterable[Meeting]:
    found = meetings_visible_to(user, today).exclude(state=MeetingState.DRAFT).select_related("committee")
    # What was cancelled as a draft was never told to anybody.
    told = found.exclude(state=MeetingState.CANCELLED, opened_at=None)
    return told.filter(starts_at__gte=now - timedelta(days=_BACK)).order_by("starts_at", "pk")


def _rounds(user: User, today: date) -> Iterable[Round]:
    held = Assignment.objects.filter(person=user, until=None).values("pilot")
    seats = CommitteeSeat.objects.filter(user=user, until=None).values("committee__slug")
    mine = Pilot.objects.visible_to(user).filter(Q(pk__in=held) | Q(committee_slug__in=seats))
    due = Round.objects.filter(
        pilot__in=mine, state__in=UNDECIDED_ROUND_STATES, decision_due__gte=today - timedelta(days=_BACK)
    )
    return due.select_related("pilot").order_by("decision_due", "pk")[:_MOST]


def _meeting(meeting: Meeting, now: datetime) -> list[str]:
    url = settings.BASE_URL + meeting.get_absolute_url()
    lines = [
        "BEGIN:VEVENT",
        f"UID:meeting-{meeting.pk}@{_domain()}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(meeting.starts_at)}",
        f"DTEND:{_utc(meeting.ends_at)}",
        f"SEQUENCE:{meeting.version}",
        f"SUMMARY:{escaped(meeting.committee.name)}",
        f"STATUS:{_STATUS.get(MeetingState(meeting.state), 'CONFIRMED')}",
        f"DESCRIPTION:{escaped('The agenda: ' + url)}",
        f"URL:{url}",
    ]
    if meeting.place:
        lines.append(f"LOCATION:{escaped(meeting.place)}")
    return [*lines, "END:VEVENT"]


def _due(round_: Round, now: datetime, days: Days) -> list[str]:
    if round_.decision_due is None:
        return []
    pilot = round_.pilot
    late = _late(clock(due=round_.decision_due, monthly_cost=pilot.monthly_cost, today=days.of(pilot)))
    url = settings.BASE_URL + pilot.get_absolute_url()
    return [
        "BEGIN:VEVENT",
        f"UID:decision-{round_.pk}@{_domain()}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART;VALUE=DATE:{round_.decision_due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{round_.decision_due + timedelta(days=1):%Y%m%d}",
        f"SEQUENCE:{round_.version}",
        f"SUMMARY:{escaped(f'Decision due: {pilot.title} ({pilot.code})')}",
        *([f"DESCRIPTION:{escaped(late)}"] if late else []),
        "TRANSP:TRANSPARENT",
        f"URL:{url}",
        "END:VEVENT",
    ]


def _late(told: Clock) -> str:
    """How long a decision has been due, and what that has cost, with the formula."""
    if not told.days:
        return ""
    days = f"{told.days} day{'' if told.days == 1 else 's'}"
    if told.cost_of_waiting is None:
        return f"{days} undecided"
    return f"{days} undecided: {money(told.cost_of_waiting)} = {money(told.monthly_cost)} a month × 12 ÷ 365 × {days}"  # noqa: RUF001  as people write it


def escaped(text: str) -> str:
    """Text as a property value: backslash, comma, semicolon and line breaks escaped, other controls left out."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(plain, written)
    return "".join(char for char in text if char >= " " and char != "\x7f")


def fold(line: str) -> bytes:
    """A content line in octets, folded after at most 75 of them, never inside a character."""
    rows: list[bytes] = []
    row = b""
    for char in line:
        octets = char.encode()
        if len(row) + len(octets) > _OCTETS:
            rows.append(row)
            row = b" "
        row += octets
    rows.append(row)
    return b"\r\n".join(rows) + b"\r\n"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _domain() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"
