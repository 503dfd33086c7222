"""Reading the change plan of a pilot and its friction log."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet

from portfolio.models import ChangePlan, Friction, Pilot


@dataclass(frozen=True)
class Change:
    """The plan, if there is one, and what chafed: what is open first, then the latest."""

    plan: ChangePlan | None
    frictions: list[Friction]

    @property
    def open_frictions(self) -> list[Friction]:
        return [friction for friction in self.frictions if friction.closed_at is None]

    @property
    def hours_saved(self) -> Decimal | None:
        """Hours a week that the change frees (negative: takes), where both figures are known."""
        if self.plan is None or self.plan.hours_before is None or self.plan.hours_after is None:
            return None
        return self.plan.hours_before - self.plan.hours_after


def change_of(pilot: Pilot) -> Change:
    """Read it in two queries."""
    return Change(plan=ChangePlan.objects.filter(pilot=pilot).first(), frictions=list(frictions_of(pilot)))


def frictions_of(pilot: Pilot) -> QuerySet[Friction]:
    """What chafed, the open first, then the latest."""
    log = Friction.objects.filter(pilot=pilot).select_related("noted_by", "closed_by")
    return log.order_by(F("closed_at").desc(nulls_first=True), "-noted_at", "-pk")
