"""What rooms above add to this one, registered at start-up, so that nothing here looks upwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.models import User
from portfolio.states import Part

if TYPE_CHECKING:
    from portfolio.models import Pilot
    from portfolio.pilot_file import PilotFile


@dataclass(frozen=True)
class Panel:
    """A part of the pilot page: a template and what fills it. Panels are rendered by `order`.

    `context` takes a fixed number of queries whatever the file holds; None leaves the panel out. `title` is its name
    in the list of sections. A panel stands beside its neighbour where there is room, a `wide` one alone.
    """

    name: str
    order: int
    template: str
    context: Callable[["Pilot", User], dict[str, Any] | None]
    title: str = ""
    wide: bool = False

    @property
    def anchor(self) -> str:
        """Where the panel is found on the page: `#panel-gates`."""
        return f"panel-{self.name}"

    @property
    def short_title(self) -> str:
        return self.title or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Missing:
    """One thing that a pilot lacks for its decision: what, whose it is, and where it is done.

    Whose: the holder of `part`, or `who` in words where no part of the pilot does it. `why` says in a line what
    it costs to leave it. Only those who edit the file are led to `url`, unless it is open `to_all` who see the pilot.
    """

    code: str
    what: str
    part: Part = Part.BUSINESS_OWNER
    who: str = ""
    why: str = ""
    url: str = ""
    to_all: bool = False


@dataclass(frozen=True)
class Action:
    """Something that the visitor may do with a pilot now. The first that `leads` is the page's one main button."""

    label: str
    url: str
    order: int
    leads: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Reader:
    """Who may see restricted pilots, and whether they may read the history."""

    condition: Callable[[User], Q]
    reads_history: bool


_panels: dict[str, Panel] = {}
_readers: dict[str, Reader] = {}
_missing: dict[str, tuple[int, Callable[["PilotFile"], list[Missing]]]] = {}
_actions: dict[str, Callable[["PilotFile"], list[Action]]] = {}


def register_panel(panel: Panel) -> None:
    """Add a panel to the pilot page."""
    _panels[panel.name] = panel


def panels() -> list[Panel]:
    """Every registered panel, in order."""
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.name))


def register_missing(name: str, order: int, provider: Callable[["PilotFile"], list[Missing]]) -> None:
    """Let `provider` say what a pilot with an open round lacks for its decision, in a fixed number of queries.

    Orders as those of panels: what `provider` finds is listed by them.
    """
    _missing[name] = (order, provider)


def missing_providers() -> list[Callable[["PilotFile"], list[Missing]]]:
    """Every registered provider, in order."""
    return [_missing[name][1] for name in sorted(_missing, key=lambda name: (_missing[name][0], name))]


def register_actions(name: str, provider: Callable[["PilotFile"], list[Action]]) -> None:
    """Let `provider` say what the visitor may do with a pilot now; only what would not be refused."""
    _actions[name] = provider


def action_providers() -> list[Callable[["PilotFile"], list[Action]]]:
    """Every registered provider."""
    return [_actions[name] for name in sorted(_actions)]


def register_reader(name: str, condition: Callable[[User], Q], *, reads_history: bool) -> None:
    """Let people see restricted pilots: `condition` turns a user into a filter over pilots.

    `reads_history` says whether they may read the pilots' audit trail as well, open pilots included.
    """
    _readers[name] = Reader(condition, reads_history)


def readers(*, history: bool = False) -> list[Callable[[User], Q]]:
    """Every registered condition, by name; of those who read the audit trail only, if `history`."""
    chosen = [_readers[name] for name in sorted(_readers)]
    return [reader.condition for reader in chosen if reader.reads_history or not history]


_learnings: list[Callable[[list[int]], dict[int, str]]] = []


def register_learnings(provider: Callable[[list[int]], dict[int, str]]) -> None:
    """Register what says what was learned from pilots, by their keys; decisions live above."""
    _learnings[:] = [provider]


def learnings_of(pilots: list[int]) -> dict[int, str]:
    """What the last decision on each of `pilots` says was learned; none for those undecided. One query."""
    return {key: text for provider in _learnings for key, text in provider(pilots).items()}


_committees: list[Callable[[], list[tuple[str, str]]]] = []


def register_committees(provider: Callable[[], list[tuple[str, str]]]) -> None:
    """Register what lists the committees, as (slug, name); committees live above, pilots name them by slug."""
    _committees[:] = [provider]


def committees() -> list[tuple[str, str]]:
    """The committees that a pilot can be put before, as (slug, name)."""
    return [choice for provider in _committees for choice in provider()]


_time_zones: list[Callable[[], list[tuple[str, str]]]] = []


def register_time_zones(provider: Callable[[], list[tuple[str, str]]]) -> None:
    """Register what says in which time zone each committee counts its days, as (slug, IANA name)."""
    _time_zones[:] = [provider]


def time_zones() -> list[tuple[str, str]]:
    """The time zone of each committee, as (slug, IANA name)."""
    return [pair for provider in _time_zones for pair in provider()]


_approvers: dict[str, "Callable[[Pilot], Q]"] = {}


def register_approvers(name: str, condition: "Callable[[Pilot], Q]") -> None:
    """Let further people approve amendments: `condition` turns a pilot into a filter over people."""
    _approvers[name] = condition


def approvers() -> "list[Callable[[Pilot], Q]]":
    """Every registered condition, by name."""
    return [_approvers[name] for name in sorted(_approvers)]
