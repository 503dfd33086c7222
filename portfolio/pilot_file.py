"""A pilot's page, put together: its panels, what is missing and who does it, what the visitor may do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from accounts.models import User
from portfolio.models import Pilot, Round
from portfolio.permissions import may_edit
from portfolio.queries import PartHeld, may_read_history, open_round_of, parts_of, rounds_of
from portfolio.registry import Action, Missing, Panel, action_providers, missing_providers, panels
from portfolio.states import Part


@dataclass(frozen=True)
class PilotFile:
    """A pilot as one visitor sees it on one day; what several parts of the page ask for is read once."""

    pilot: Pilot
    user: User
    today: date

    @cached_property
    def rounds(self) -> list[Round]:
        """Every round, newest first."""
        return rounds_of(self.pilot)

    @cached_property
    def current(self) -> Round | None:
        """The round that is not over."""
        return open_round_of(self.rounds)

    @cached_property
    def parts(self) -> list[PartHeld]:
        """Every part with who holds it."""
        return parts_of(self.pilot)

    @cached_property
    def may_edit(self) -> bool:
        return may_edit(self.user, self.pilot)

    @cached_property
    def reads_history(self) -> bool:
        return may_read_history(self.user, self.pilot)

    def holder_of(self, part: Part) -> User | None:
        """Who holds `part` now and is still here; the first of several."""
        held = next(one for one in self.parts if one.part == part)
        return next((one.person for one in held.holders if one.person.is_active), None)


@dataclass(frozen=True)
class Lack:
    """Something that is missing, with the person who is to do it, in words."""

    missing: Missing
    who: str
    url: str


@dataclass(frozen=True)
class Shown:
    """A panel that has something to show; `wide` where it has no neighbour to stand beside."""

    panel: Panel
    context: dict[str, Any]
    wide: bool


def lacking(file: PilotFile) -> list[Lack]:
    """What the open round lacks for its decision, each with who is to do it; nothing where no round is open."""
    if file.current is None:
        return []
    found = [missing for provider in missing_providers() for missing in provider(file)]
    return [Lack(one, who_does(file, one), one.url if file.may_edit or one.to_all else "") for one in found]


def actions_of(file: PilotFile) -> tuple[Action | None, list[Action]]:
    """What the visitor may do: the one main action of the state that the pilot is in, and the others."""
    offered = sorted((one for provider in action_providers() for one in provider(file)), key=lambda one: one.order)
    first = next((one for one in offered if one.leads), None)
    return first, [one for one in offered if one is not first]


def shown_panels(file: PilotFile) -> list[Shown]:
    """The panels that have something to show, in order."""
    filled = ((panel, panel.context(file.pilot, file.user)) for panel in panels())
    return list(paired(Shown(panel, context, panel.wide) for panel, context in filled if context is not None))


def paired(shown: Iterable[Shown]) -> Iterable[Shown]:
    """Widen narrow panels that would stand alone in their row, so that no row has a hole."""
    waiting: Shown | None = None
    for one in shown:
        if one.wide:
            yield from _alone(waiting)
            yield one
            waiting = None
        elif waiting:
            yield from (waiting, one)
            waiting = None
        else:
            waiting = one
    yield from _alone(waiting)


def _alone(waiting: Shown | None) -> Iterable[Shown]:
    if waiting:
        yield replace(waiting, wide=True)


def who_does(file: PilotFile, missing: Missing) -> str:
    """Who is to do what is missing: the holder of its part, else the owner, else a portfolio manager."""
    if missing.who:
        return missing.who
    holder = file.holder_of(missing.part)
    part = missing.part.in_words
    if holder:
        return f"{holder}, {part}"
    owner = file.holder_of(Part.BUSINESS_OWNER)
    return f"{owner or 'A portfolio manager'}, while nobody is {part if owner else 'business owner'}"
