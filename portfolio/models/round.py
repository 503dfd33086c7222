"""Rounds: one run of a pilot each, from start to decision."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from portfolio.models.pilot import Pilot
from portfolio.states import OPEN_ROUND_STATES, UNDECIDED_ROUND_STATES, DueBasis, Purpose, RoundState


class Round(models.Model):
    """One run of a pilot. Its clock counts from the day after `decision_due` until it is decided."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.PILOT)
    state = models.CharField(max_length=20, choices=RoundState, default=RoundState.DRAFT)
    starts_on = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    decision_due = models.DateField(null=True, blank=True)
    due_basis = models.CharField(max_length=8, choices=DueBasis, default=DueBasis.AGREED)
    ended_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    #: What a redesign changed against the round before: new users, workflow or use case (requirement 56).
    redesign = models.TextField(blank=True)
    #: Of a research round (requirement 60): what it is to find out, and the most it may cost in all.
    learning_goal = models.TextField(blank=True)
    budget_cap = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pilot", "number")
        constraints = (
            models.UniqueConstraint(fields=["pilot", "number"], name="portfolio_round_number"),
            models.UniqueConstraint(
                fields=["pilot"], condition=Q(state__in=OPEN_ROUND_STATES), name="portfolio_round_one_open"
            ),
            models.CheckConstraint(
                condition=Q(planned_end=None) | Q(starts_on=None) | Q(planned_end__gte=F("starts_on")),
                name="portfolio_round_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.DECIDED, decided_on__isnull=False)
                | (~Q(state=RoundState.DECIDED) & Q(decided_on=None)),
                name="portfolio_round_decided_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=UNDECIDED_ROUND_STATES) | Q(starts_on__isnull=False),
                name="portfolio_round_begun_has_start",
            ),
        )
        indexes = (
            models.Index(
                fields=["decision_due"],
                condition=Q(state__in=UNDECIDED_ROUND_STATES),
                name="portfolio_round_undecided",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pilot.code} round {self.number}"

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED_ROUND_STATES

    def days_undecided(self, today: date) -> int:
        """Whole days that this round is past its decision due date with no decision; 0 while not past it."""
        if not self.is_undecided or self.decision_due is None:
            return 0
        return max(0, (today - self.decision_due).days)


def cost_of_waiting(monthly_cost: Decimal | None, days: int) -> Decimal | None:
    """Return what `days` undecided have cost: monthly cost x 12 / 365 x days, to the cent.

    In the currency of `monthly_cost`; None where the running cost is not known. A month is a twelfth of 365 days.
    """
    if monthly_cost is None:
        return None
    return (monthly_cost * 12 * days / 365).quantize(Decimal("0.01"))
