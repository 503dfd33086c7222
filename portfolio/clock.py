"""The decision clock as pages and mails show it: one value, worked out in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from portfolio.models import Pilot
from portfolio.models.round import cost_of_waiting
from portfolio.registry import time_zones


@dataclass(frozen=True)
class Clock:
    """Days undecided past the due day, and what they have cost.

    `due` is None where no round has begun or none is due. Money is in the installation's currency.
    """

    due: date | None
    days: int
    monthly_cost: Decimal | None
    cost_of_waiting: Decimal | None


@dataclass(frozen=True)
class Days:
    """Which day it is for whom: a pilot's day is its committee's, and without one the organisation's.

    Never the reader's: everybody who looks at a clock at one moment reads the same days.
    """

    here: date
    #: By the slug of a committee, where it is another day than for the organisation.
    elsewhere: Mapping[str, date]

    def of(self, pilot: Pilot) -> date:
        """The pilot's day."""
        return self.elsewhere.get(pilot.committee_slug, self.here)

    def is_overdue(self) -> Q:
        """A filter of pilots: undecided, and the due day has passed where they are decided."""
        late = Q(standing__undecided_since__lt=self.here) & ~Q(committee_slug__in=self.elsewhere)
        for slug, day in self.elsewhere.items():
            late |= Q(standing__undecided_since__lt=day, committee_slug=slug)
        return late


def days_at(now: datetime) -> Days:
    """Which day it is at `now` for each committee. One query."""
    here = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    there = {slug: now.astimezone(ZoneInfo(zone)).date() for slug, zone in time_zones()}
    return Days(here, {slug: day for slug, day in there.items() if day != here})


def clock(*, due: date | None, monthly_cost: Decimal | None, today: date) -> Clock:
    """Return the clock of an undecided round that was, or is, `due` on that day; `due=None`: no round is undecided.

    The day after the due day is day one. Cost: monthly cost x 12 / 365 x days (requirement 49).
    """
    days = max(0, (today - due).days) if due else 0
    return Clock(due=due, days=days, monthly_cost=monthly_cost, cost_of_waiting=cost_of_waiting(monthly_cost, days))


def clock_of(pilot: Pilot, today: date) -> Clock:
    """The clock of a pilot's undecided round, as its standing has it."""
    return clock(due=pilot.standing.undecided_since, monthly_cost=pilot.monthly_cost, today=today)
