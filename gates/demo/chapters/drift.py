"""What makes pilots drift: here, that one grows dearer after it was decided."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portfolio.proposing import edit_pilot

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told


def _repriced(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    """The running cost is another from now on."""
    monthly = Decimal(told["monthly_cost"])
    edit_pilot(actor=replay.actor(story, told), pilot=story.row, seen=None, monthly_cost=monthly, now=now)


HAPPENS = {"repriced": _repriced}
