"""What moved, what blocks, who uses it."""

from typing import Any

from accounts.models import User
from portfolio.models import Pilot
from portfolio.registry import Panel, register_panel
from portfolio.status import status_of


def _what_moved(pilot: Pilot, _user: User) -> dict[str, Any]:
    """Five queries."""
    return {"pilot": pilot, "status": status_of(pilot)}


register_panel(Panel("status", 40, "portfolio/panels/what_moved.html", _what_moved, title="What moved"))
