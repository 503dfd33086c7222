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


_panels: dict[str, Panel] = {}
_readers: dict[str, Callable[[User], Q]] = {}


def register_panel(panel: Panel) -> None:
    """Add a panel to the pilot page."""
    _panels[panel.name] = panel


def panels() -> list[Panel]:
    """Every registered panel, in order."""
    return sorted(_panels.values(), key=lambda panel: panel.order)


def register_reader(name: str, condition: Callable[[User], Q]) -> None:
    """Let people see restricted pilots: `condition` turns a user into a filter over pilots."""
    _readers[name] = condition


def readers() -> list[Callable[[User], Q]]:
    """Every registered condition, by name."""
    return [_readers[name] for name in sorted(_readers)]


_committees: list[Callable[[], list[tuple[str, str]]]] = []


def register_committees(provider: Callable[[], list[tuple[str, str]]]) -> None:
    """Register what lists the committees, as (slug, name); committees live above, pilots name them by slug."""
    _committees[:] = [provider]


def committees() -> list[tuple[str, str]]:
    """The committees that a pilot can be put before, as (slug, name)."""
    return [choice for provider in _committees for choice in provider()]
