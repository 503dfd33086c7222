"""The decision clock as pages and mails show it: one value, worked out in one place."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio.models import Pilot
from portfolio.models.round import cost_of_waiting


@dataclass(frozen=True)
class Clock:
    """Days undecided past the due day, and what they have cost.

    `due` is None where no round has begun or none is due. Money is in the installation's currency.
    """

    due: date | None
    days: int
    monthly_cost: Decimal | None
    cost_of_waiting: Decimal | None


def clock(*, due: date | None, monthly_cost: Decimal | None, today: date) -> Clock:
    """Return the clock of an undecided round that was, or is, `due` on that day; `due=None`: no round is undecided.

    The day after the due day is day one. Cost: monthly cost x 12 / 365 x days (requirement 49).
    """
    days = max(0, (today - due).days) if due else 0
    return Clock(due=due, days=days, monthly_cost=monthly_cost, cost_of_waiting=cost_of_waiting(monthly_cost, days))


def clock_of(pilot: Pilot, today: date) -> Clock:
    """The clock of a pilot's undecided round, as its standing has it."""
    return clock(due=pilot.standing.undecided_since, monthly_cost=pilot.monthly_cost, today=today)
