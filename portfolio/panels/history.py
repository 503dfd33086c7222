"""The last things that happened, for those who read the trail."""

from typing import Any

from accounts.models import User
from audit.queries import history
from portfolio.history import told
from portfolio.models import Pilot
from portfolio.queries import may_read_history
from portfolio.registry import Panel, register_panel

RECENT = 8


def _history(pilot: Pilot, user: User) -> dict[str, Any] | None:
    """Three queries at most: whether the visitor reads the trail, its end, the names in it."""
    if not may_read_history(user, pilot):
        return None
    return {"pilot": pilot, "events": told(history(pilot.scope)[:RECENT])}


register_panel(Panel("history", 90, "portfolio/panels/history.html", _history, wide=True))
