"""Moving an agenda item to a later meeting: of a decision, that is a deferral with all it asks (requirement 52)."""

from datetime import date, datetime
from typing import cast

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.arranging import take_off, untouched
from gates.deferring import deferral_obstacles, matter_of_deferral, put_on_record
from gates.meeting_lock import locked_item, over, scope_of
from gates.models import AgendaItem, Deferral, Meeting
from gates.permissions import meeting_obstacles
from gates.queries import day_of
from gates.states import PUT_BY_HAND, ItemKind, MeetingState
from portfolio.locking import locked_pilot
from portfolio.models import Pilot, Round
from portfolio.permissions import has_part

_LONGEST_OUTCOME = 300


@verb
def postpone_item(
    *, actor: User, item: AgendaItem, reason: str, owner: User | None, until: date | None, now: datetime
) -> AgendaItem:
    """Move an item to the first meeting from the day `until`, with a reason and who sees to it.

    A decision is put off by a deferral on record: its clock runs on, and it is back by itself. Before the meeting the
    item leaves the agenda; in session it stays in the minutes as what the committee put off. Refuses, with every
    obstacle, whoever has a part in the pilot, what a deferral is refused for, and what comes back by itself anyway.
    """
    pilot = locked_pilot(item.pilot) if item.pilot else None
    meeting, item = locked_item(item)
    today = day_of(meeting.committee, now)
    obstacles = meeting_obstacles(actor, meeting.committee) + over(meeting) + untouched(item)
    obstacles += _item_obstacles(item)
    if item.kind == ItemKind.DECIDE:
        obstacles += _decision_obstacles(actor, cast("Pilot", pilot), item, today)
    obstacles += deferral_obstacles(reason, owner, until, today)
    if until is not None and today < until <= meeting.day:
        obstacles.append(Obstacle("until", "Name a day after this meeting.", "you"))
    refuse_any(obstacles)
    until, owner = cast("date", until), cast("User", owner)
    if item.kind == ItemKind.DECIDE:
        put_on_record(
            actor=actor, pilot=cast("Pilot", pilot), current=cast("Round", item.round), reason=reason,
            owner=owner, until=until, today=today, now=now,
        )  # fmt: skip
    item.back_on = until
    words = f"{reason.strip()} ({owner}, until {until:%-d %B %Y})"
    if meeting.state == MeetingState.IN_SESSION:
        return _kept(actor, item, reason=words, outcome=outcome_of_deferral(until, owner, reason), now=now)
    return take_off(actor, item, "gates.item.postponed", words, now)


def outcome_of_deferral(until: date, owner: User, reason: str) -> str:
    """A deferral as the outcome of an item, in a line."""
    return f"Until {until:%-d %B %Y}, {owner} sees to it: {reason.strip()}"[:_LONGEST_OUTCOME]


def deferrals_in(meeting: Meeting) -> dict[int | None, Deferral]:
    """The deferral that carries each round of the agenda beyond the meeting's day, by the round's id; one query."""
    rounds = meeting.items.standing().exclude(round=None).values("round")
    found = Deferral.objects.filter(round__in=rounds, until__gt=meeting.day).select_related("owner").order_by("number")
    return {deferral.round_id: deferral for deferral in found}


def _kept(actor: User, item: AgendaItem, *, reason: str, outcome: str, now: datetime) -> AgendaItem:
    """Keep the item in the minutes, as one that was put off."""
    if item.is_running:
        item.ended_at = now
    if item.kind == ItemKind.DECIDE:
        item.kind = ItemKind.DEFER
    item.outcome = outcome
    item.version += 1
    item.save(update_fields=["kind", "outcome", "ended_at", "back_on", "version"])
    note(actor, "gates.item.postponed", item, now=now, scope=scope_of(item), title=item.title, reason=reason)
    return item


def _item_obstacles(item: AgendaItem) -> list[Obstacle]:
    if item.kind == ItemKind.DEFER:
        return [Obstacle("deferred", "It is put off already.")]
    if item.kind != ItemKind.DECIDE and item.source not in PUT_BY_HAND:
        what = "It comes back by itself while it holds: take it off this agenda, or note it."
        return [Obstacle("by_itself", what, "you")]
    return []


def _decision_obstacles(actor: User, pilot: Pilot, item: AgendaItem, today: date) -> list[Obstacle]:
    obstacles = []
    if has_part(actor, pilot):
        what = "You have a part in this pilot, so others put its decision off."
        obstacles.append(Obstacle("own_pilot", what, "the chair or the secretary without a part in it"))
    if item.round is None or not item.round.is_undecided:
        obstacles.append(Obstacle("decided", "This round is decided already."))
        return obstacles
    return obstacles + matter_of_deferral(item.round, today)
