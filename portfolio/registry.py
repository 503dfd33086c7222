"""What rooms above add to this one, registered at start-up, so that nothing here looks upwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.models import User

if TYPE_CHECKING:
    from portfolio.models import Pilot


@dataclass(frozen=True)
class Panel:
    """A part of the pilot page: a template and what fills it. Panels are rendered by `order`."""

    name: str
    order: int
    template: str
    context: Callable[["Pilot", User], dict[str, Any]]


@dataclass(frozen=True)
class Reader:
    """Who may see restricted pilots, and whether they may read the history."""

    condition: Callable[[User], Q]
    reads_history: bool


_panels: dict[str, Panel] = {}
_readers: dict[str, Reader] = {}


def register_panel(panel: Panel) -> None:
    """Add a panel to the pilot page."""
    _panels[panel.name] = panel


def panels() -> list[Panel]:
    """Every registered panel, in order."""
    return sorted(_panels.values(), key=lambda panel: panel.order)


def register_reader(name: str, condition: Callable[[User], Q], *, reads_history: bool) -> None:
    """Let people see restricted pilots: `condition` turns a user into a filter over pilots.

    `reads_history` says whether they may read the pilots' audit trail as well, open pilots included.
    """
    _readers[name] = Reader(condition, reads_history)


def readers(*, history: bool = False) -> list[Callable[[User], Q]]:
    """Every registered condition, by name; of those who read the audit trail only, if `history`."""
    chosen = [_readers[name] for name in sorted(_readers)]
    return [reader.condition for reader in chosen if reader.reads_history or not history]


_committees: list[Callable[[], list[tuple[str, str]]]] = []


def register_committees(provider: Callable[[], list[tuple[str, str]]]) -> None:
    """Register what lists the committees, as (slug, name); committees live above, pilots name them by slug."""
    _committees[:] = [provider]


def committees() -> list[tuple[str, str]]:
    """The committees that a pilot can be put before, as (slug, name)."""
    return [choice for provider in _committees for choice in provider()]
