"""Scoping the production build while the pilot runs, so that success does not start the work from nothing."""

from datetime import date, datetime
from typing import Any

from accounts.acting import compare_and_step, note
from accounts.inviting import name_and_invite
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.locking import locked_pilot
from portfolio.models import Pilot, ScopeItem
from portfolio.states import ScopeKind, ScopeState


@verb
def scope_piece(
    *,
    actor: User | None,
    pilot: Pilot,
    kind: ScopeKind,
    state: ScopeState,
    number: int | None = None,
    title: str = "",
    owner_email: str = "",
    due: date | None = None,
    note_text: str = "",
    seen: int | None = None,
    now: datetime,
) -> ScopeItem:
    """Say how far a piece of the production build is, who makes it, by when.

    A standard piece is found by its `kind`, a pilot's own by its `number`; without one, a new own piece is added. An
    owner who is new here is invited. Refuses a piece that is not needed for no reason, an own one without a name, and
    an owner who has left; StaleError when somebody else wrote since version `seen`. Saying the same changes nothing.
    """
    pilot = locked_pilot(pilot)
    item = _found(pilot, kind, number)
    owner = name_and_invite(actor=actor, email=owner_email, now=now) if owner_email.strip() else None
    facts = {"title": title.strip(), "owner": owner, "state": state, "due": due, "note": note_text.strip()}
    before = {name: getattr(item, name) for name in facts}
    if item.pk and before == facts:
        return item
    compare_and_step(item, seen)
    refuse_any(_obstacles(kind, title=title.strip(), owner=owner, state=state, note_text=note_text.strip()))
    for name, value in facts.items():
        setattr(item, name, value)
    item.full_clean(exclude=["pilot", "owner"])
    item.save()
    note(
        actor, "portfolio.scope.changed", item, now=now, scope=pilot.scope, piece=str(item),
        state=state.label.lower(), before=_plain(before), after=_plain(facts),
    )  # fmt: skip
    return item


def _found(pilot: Pilot, kind: ScopeKind, number: int | None) -> ScopeItem:
    if kind == ScopeKind.OWN:
        return ScopeItem.objects.get(pilot=pilot, kind=kind, pk=number) if number else ScopeItem(pilot=pilot, kind=kind)
    return ScopeItem.objects.filter(pilot=pilot, kind=kind).first() or ScopeItem(pilot=pilot, kind=kind)


def _obstacles(kind: ScopeKind, *, title: str, owner: User | None, state: ScopeState, note_text: str) -> list[Obstacle]:
    """What is in the way; codes are the names of the form's fields."""
    obstacles = []
    if kind == ScopeKind.OWN and not title:
        obstacles.append(Obstacle("title", "Give this piece a name."))
    if owner is not None and not owner.is_active:
        obstacles.append(Obstacle("owner_email", f"{owner} has left. Name somebody who is here."))
    if state == ScopeState.NOT_NEEDED and not note_text:
        obstacles.append(Obstacle("note_text", "Say why it is not needed: the committee will ask."))
    return obstacles


def _plain(facts: dict[str, Any]) -> dict[str, str]:
    """What was said, as the trail keeps it; people by their number."""
    return {
        name: value.ref if isinstance(value, User) else str(value)
        for name, value in facts.items()
        if value not in {None, ""}
    }
