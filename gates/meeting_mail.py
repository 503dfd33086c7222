"""Mails of a meeting: its pack, that it was moved or cancelled, its minutes; one for each member."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.mailing import CONFIDENTIAL, drafted, enqueue_all, with_styles_inline
from accounts.models import User
from accounts.states import MailKind
from gates.attendance import seats_on, stand_ins
from gates.models import Meeting
from portfolio.clock import clock_of
from portfolio.states import Visibility


def post_pack(meeting: Meeting, *, now: datetime) -> int:
    """Send the agenda, with a link to each pilot; return to how many."""
    return _post(meeting, "pack", f"Agenda: {meeting}", actor=None, now=now)


def post_moved(meeting: Meeting, *, actor: User | None, now: datetime) -> int:
    """Tell that it was moved, and why."""
    return _post(meeting, "moved", f"Moved: {meeting}", actor=actor, now=now)


def post_cancelled(meeting: Meeting, *, actor: User | None, now: datetime) -> int:
    """Tell that it was cancelled, and why."""
    return _post(meeting, "cancelled", f"Cancelled: {meeting}", actor=actor, now=now)


def post_minutes(meeting: Meeting, *, actor: User | None, now: datetime) -> int:
    """Send the minutes."""
    return _post(meeting, "minutes", f"Minutes: {meeting}", actor=actor, now=now)


def recipients(meeting: Meeting) -> list[User]:
    """Who has a seat on the meeting's day, and who sits for somebody then; only those who have joined."""
    seated = {seat.user for seat in seats_on(meeting.committee, meeting.day)}
    everybody = {person.pk for person in seated | set(stand_ins(meeting.committee, meeting.day).values())}
    return list(User.objects.joined().filter(pk__in=everybody).order_by("pk"))


def _post(meeting: Meeting, what: str, subject: str, *, actor: User | None, now: datetime) -> int:
    """Put one mail for each recipient into the outbox; nobody is told of what they did themselves."""
    items = list(meeting.items.standing().select_related("pilot__standing"))
    off = meeting.items.exclude(dropped_at=None).select_related("pilot").order_by("place", "pk")
    dropped = list(off) if what == "minutes" else []
    context: dict[str, Any] = {
        "meeting": meeting,
        "committee": meeting.committee,
        # Of a pilot that left for another committee, restricted, its members may not know.
        "items": [
            (place, item, _tells(meeting, item.pilot), clock_of(item.pilot, meeting.day) if item.pilot else None)
            for place, item in enumerate(items, start=1)
        ],
        "dropped": [(item, _tells(meeting, item.pilot)) for item in dropped],
        "attendances": meeting.attendances.select_related("member", "person") if what == "minutes" else [],
        "base_url": settings.BASE_URL,
    }
    with timezone.override(meeting.zone):
        text = render_to_string(f"gates/meeting_{what}_mail.txt", context)
        html = with_styles_inline(render_to_string(f"gates/meeting_{what}_mail.html", context))
    secret = any(item.pilot and item.pilot.visibility == Visibility.RESTRICTED for item in items)
    headers = {CONFIDENTIAL: "Company-Confidential"} if secret else {}
    mails = [
        drafted(kind=MailKind.NOTICE, recipient=person, subject=subject, text=text, html=html, headers=headers, now=now)
        for person in recipients(meeting)
        if actor is None or person != actor
    ]
    return len(enqueue_all(mails))


def _tells(meeting: Meeting, pilot: Any) -> bool:
    """Whether all of the committee may read of an item about `pilot`."""
    return pilot is None or pilot.visibility == Visibility.OPEN or pilot.committee_slug == meeting.committee.slug
