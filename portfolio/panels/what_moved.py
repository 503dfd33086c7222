"""The latest status updates of the open round."""

from typing import Any

from accounts.models import User
from portfolio.models import Pilot
from portfolio.queries import latest_updates_of
from portfolio.registry import Panel, register_panel

UPDATES_SHOWN = 3


def _what_moved(pilot: Pilot, _user: User) -> dict[str, Any] | None:
    """Two queries."""
    updates = latest_updates_of(pilot, UPDATES_SHOWN)
    return None if updates is None else {"updates": updates}


register_panel(Panel("status", 40, "portfolio/panels/what_moved.html", _what_moved, title="What moved"))
