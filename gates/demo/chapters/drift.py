"""What makes pilots drift, and what is kept quiet of it: costs that rise, snoozes and exemptions."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gates.exempting import exempt_pilot
from gates.models import Flag
from gates.rules.registry import BY_ID
from gates.snoozing import snooze_flag
from portfolio.proposing import edit_pilot

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told


def _repriced(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    """The running cost is another from now on."""
    monthly = Decimal(told["monthly_cost"])
    edit_pilot(actor=replay.actor(story, told), pilot=story.row, seen=None, monthly_cost=monthly, now=now)


def _snoozed(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """A flag that the last scan left open is silent in mails for some days."""
    flag = Flag.objects.get(pilot=story.row, rule=told["rule"], closed_on=None)
    until = day + timedelta(days=told["days"])
    snooze_flag(actor=replay.actor(story, told), flag=flag, reason=told["reason"], until=until, today=day, now=now)


def _exempted(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """A rule is not asked about the pilot for some days."""
    exempt_pilot(
        actor=replay.actor(story, told),
        pilot=story.row,
        rule=BY_ID[told["rule"]],
        reason=told["reason"],
        until=day + timedelta(days=told["days"]),
        today=day,
        now=now,
    )


HAPPENS = {"repriced": _repriced, "snoozed": _snoozed, "exempted": _exempted}
