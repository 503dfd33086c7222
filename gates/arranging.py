"""Arranging an agenda: what belongs on it comes by itself, the rest, its order and its minutes by hand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.agenda import Due, what_is_due
from gates.meeting_lock import locked_item, locked_meeting, over, scope_of
from gates.models import AgendaItem, Deferral, Meeting
from gates.permissions import meeting_obstacles
from gates.states import MEETING_AHEAD, PUT_BY_HAND, ItemKind, ItemSource
from portfolio.models import Pilot

_GONE = "It no longer waits: it was settled before the meeting."


@verb
def fill_agenda(*, actor: User | None, meeting: Meeting, now: datetime) -> tuple[int, int]:
    """Put on the agenda what belongs there by the meeting's day, and take off what was settled meanwhile.

    Returns how many were added and how many taken off. What was moved to a later meeting stays off until its day, what
    somebody took off stays off; the order in which somebody put the items stays; new ones come last.
    """
    meeting = locked_meeting(meeting)
    refuse_any(meeting_obstacles(actor, meeting.committee) + agenda_obstacles(meeting))
    due = {one.key: one for one in what_is_due(meeting)}
    known = {key_of(item): item for item in meeting.items.exclude(source=ItemSource.HAND)}
    gone = _gone(meeting, [item for key, item in known.items() if key not in due and not item.dropped_at])
    back = 0
    for key, item in known.items():
        if key not in due:
            continue
        item.source, item.why = due[key].source, due[key].why
        if _came_back(item, meeting):
            item.dropped_at, item.dropped_reason, item.back_on = None, "", None
            back += 1
    for item, reason, until in gone:
        item.dropped_at, item.dropped_reason, item.back_on = now, reason, until
    AgendaItem.objects.bulk_update(known.values(), ["source", "why", "dropped_at", "dropped_reason", "back_on"])
    added = back + _append(meeting, [one for key, one in due.items() if key not in known])
    if added or gone:
        note(actor, "gates.agenda.filled", meeting, now=now, added=added, dropped=len(gone))
    return added, len(gone)


def key_of(item: AgendaItem) -> tuple[str, int | None]:
    """What makes an item that came by itself the same thing on every look; see `agenda.Due.key`."""
    if item.source == ItemSource.CONDITION:
        return "conditions", item.pilot_id
    return ("carried", item.carried_from_id) if item.carried_from_id else (item.kind, item.round_id)


def _gone(meeting: Meeting, items: Sequence[AgendaItem]) -> list[tuple[AgendaItem, str, date | None]]:
    """Items that belong on the agenda no more, each with the reason and, where it was put off, the day it is back."""
    rounds = [item.round_id for item in items if item.kind == ItemKind.DECIDE]
    put_off = {one.round_id: one for one in Deferral.objects.in_force(meeting.day).filter(round__in=rounds)}
    gone: list[tuple[AgendaItem, str, date | None]] = []
    for item in items:
        deferral = put_off.get(item.round_id or 0) if item.kind == ItemKind.DECIDE else None
        if deferral:
            reason = f"Put off until {deferral.until:%-d %B %Y}: {deferral.reason}"
            gone.append((item, reason, deferral.until))
        else:
            gone.append((item, _GONE, None))
    return gone


def _came_back(item: AgendaItem, meeting: Meeting) -> bool:
    """Whether an item that is off belongs on the agenda again: its day has come, or what settled it holds no more."""
    if not item.dropped_at:
        return False
    return item.dropped_reason == _GONE or (item.back_on is not None and item.back_on <= meeting.day)


def _append(meeting: Meeting, due: Sequence[Due]) -> int:
    by_hand = set(meeting.items.filter(source=ItemSource.HAND, kind=ItemKind.DECIDE).values_list("round", flat=True))
    fresh = [one for one in due if one.kind != ItemKind.DECIDE or one.round is None or one.round.pk not in by_hand]
    last = _last_place(meeting)
    rows = AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            place=place,
            kind=one.kind,
            source=one.source,
            pilot=one.pilot,
            round=one.round,
            carried_from=one.carried_from,
            title=one.title,
            why=one.why,
            planned_minutes=one.minutes,
        )
        for place, one in enumerate(fresh, start=last + 1)
    )
    return len(rows)


@verb
def add_item(
    *,
    actor: User | None,
    meeting: Meeting,
    kind: ItemKind,
    title: str,
    now: datetime,
    pilot: Pilot | None = None,
    planned_minutes: int = 10,
    why: str = "",
) -> AgendaItem:
    """Put something on the agenda by hand, last; to decide on a pilot it needs the pilot's open round."""
    meeting = locked_meeting(meeting)
    round_ = pilot.rounds.order_by("-number").first() if pilot else None
    obstacles = meeting_obstacles(actor, meeting.committee) + over(meeting)
    if kind == ItemKind.DECIDE and round_ is None:
        obstacles.append(Obstacle("pilot", "Say which pilot is to be decided.", "you"))
    if pilot and pilot.committee_slug != meeting.committee.slug:
        obstacles.append(Obstacle("pilot", "This pilot is before another committee.", "a portfolio manager"))
    if kind == ItemKind.DECIDE and meeting.items.filter(kind=kind, round=round_, dropped_at=None).exists():
        obstacles.append(Obstacle("pilot", "This pilot is on the agenda already.", "you"))
    if not title.strip():
        obstacles.append(Obstacle("title", "Say what it is about.", "you"))
    refuse_any(obstacles)
    said: dict[str, Any] = {
        "title": title.strip(), "why": why, "planned_minutes": planned_minutes, "place": _last_place(meeting) + 1,
        "pilot": pilot,
    }  # fmt: skip
    item = meeting.items.filter(kind=ItemKind.DECIDE, round=round_).first() if kind == ItemKind.DECIDE else None
    item = item or AgendaItem(meeting=meeting, kind=kind, round=round_)
    item.dropped_at, item.dropped_reason = None, ""
    for name, value in said.items():
        setattr(item, name, value)
    item.clean_fields()
    item.save()
    note(actor, "gates.item.added", item, now=now, scope=scope_of(item), title=item.title)
    return item


@verb
def change_item(
    *,
    actor: User | None,
    item: AgendaItem,
    title: str,
    planned_minutes: int,
    consent: bool,
    seen: int | None,
    now: datetime,
) -> AgendaItem:
    """Change an item's words, its minutes, and whether it is in the consent list. Decisions are never in it."""
    meeting, item = locked_item(item)
    obstacles = meeting_obstacles(actor, meeting.committee) + over(meeting)
    if consent and item.kind == ItemKind.DECIDE:
        obstacles.append(Obstacle("consent", "A decision is taken by itself, never as one of a list.", "you"))
    if not title.strip():
        obstacles.append(Obstacle("title", "Say what it is about.", "you"))
    refuse_any(obstacles)
    compare_and_step(item, seen)
    item.title, item.planned_minutes, item.consent = title.strip(), planned_minutes, consent
    item.clean_fields()
    item.save()
    note(actor, "gates.item.changed", item, now=now, scope=scope_of(item), title=item.title)
    return item


@verb
def place_item(*, actor: User | None, item: AgendaItem, places: int, now: datetime) -> AgendaItem:
    """Move an item up (negative) or down the agenda by some places, as far as it goes."""
    meeting, item = locked_item(item)
    refuse_any(meeting_obstacles(actor, meeting.committee) + over(meeting))
    items = list(meeting.items.standing())
    was = next((place for place, one in enumerate(items) if one.pk == item.pk), None)
    if was is None:
        return item
    to = min(max(was + places, 0), len(items) - 1)
    items.insert(to, items.pop(was))
    for place, one in enumerate(items, start=1):
        one.place = place
    AgendaItem.objects.bulk_update(items, ["place"])
    item.place = to + 1
    if to != was:
        note(actor, "gates.item.placed", item, now=now, scope=scope_of(item), title=item.title, place=item.place)
    return item


@verb
def drop_item(*, actor: User | None, item: AgendaItem, reason: str, now: datetime) -> AgendaItem:
    """Take an item off the agenda; a decision that is due is moved to a later meeting instead."""
    meeting, item = locked_item(item)
    obstacles = meeting_obstacles(actor, meeting.committee) + over(meeting) + untouched(item)
    if item.kind == ItemKind.DECIDE and item.source not in PUT_BY_HAND:
        obstacles.append(
            Obstacle("due", "A decision that is due leaves the agenda only with a deferral.", "you, by moving it")
        )
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say why it is taken off.", "you"))
    refuse_any(obstacles)
    return take_off(actor, item, "gates.item.dropped", reason, now)


def take_off(actor: User | None, item: AgendaItem, kind: str, reason: str, now: datetime) -> AgendaItem:
    """Take an item off, told as an event of `kind`; for verbs that hold the lock and have refused what is amiss."""
    item.dropped_at, item.dropped_reason = now, reason.strip()
    item.save(update_fields=["dropped_at", "dropped_reason", "back_on"])
    note(actor, kind, item, now=now, scope=scope_of(item), title=item.title, reason=item.dropped_reason)
    return item


def agenda_obstacles(meeting: Meeting) -> list[Obstacle]:
    """What keeps an agenda from being brought up to date."""
    if meeting.state in MEETING_AHEAD:
        return []
    return [Obstacle("not_ahead", "The agenda is brought up to date until the meeting begins.")]


def untouched(item: AgendaItem) -> list[Obstacle]:
    """What keeps an item from being taken off."""
    if item.dropped_at:
        return [Obstacle("dropped", "It is off the agenda already.")]
    return []


def _last_place(meeting: Meeting) -> int:
    last: int | None = meeting.items.aggregate(last=Max("place"))["last"]
    return last or 0
