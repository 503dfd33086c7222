"""While pilots run: the production build in pieces, the change in the work, and what chafes in it."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portfolio.changing import close_friction, note_friction, write_change_plan
from portfolio.models import Friction
from portfolio.scoping import scope_piece
from portfolio.states import STANDARD_PIECES, ScopeKind, ScopeState

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told

_HOURS = ("hours_before", "hours_after")


def _scoped(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    """A word on some pieces: `integration = ["building", "yusuf", 30, "What it takes."]`, own ones in `others`."""
    said: list[tuple[ScopeKind, str, list[Any]]] = [
        (kind, "", told[kind.value]) for kind in STANDARD_PIECES if kind.value in told
    ]
    said += [(ScopeKind.OWN, title, words) for title, words in told.get("others", {}).items()]
    for kind, title, (state, owner, due, words) in said:
        scope_piece(
            actor=replay.actor(story, told),
            pilot=story.row,
            kind=kind,
            title=title,
            state=ScopeState(state),
            owner_email=replay.house.people[owner].email if owner else "",
            due=None if due == 0 else replay.calendar.day(due),
            note_text=words,
            now=now,
        )


def _planned(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    said = {name: value for name, value in told.items() if name != "by"}
    said |= {name: Decimal(said[name]) for name in _HOURS if name in said}
    write_change_plan(actor=replay.actor(story, told), pilot=story.row, now=now, **said)


def _chafed(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    note_friction(
        actor=replay.actor(story, told),
        pilot=story.row,
        what=told["what"],
        seen_where=told.get("where", ""),
        seen_by=told.get("seen_by", ""),
        now=now,
    )


def _eased(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    """The friction of those words is closed."""
    friction = Friction.objects.select_related("pilot").get(pilot=story.row, what=told["what"])
    close_friction(actor=replay.actor(story, told), friction=friction, done=told["done"], now=now)


HAPPENS = {"scoped": _scoped, "change_planned": _planned, "chafed": _chafed, "eased": _eased}
