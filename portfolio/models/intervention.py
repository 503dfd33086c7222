"""Interventions: what somebody does, by a day, against a pattern that holds a pilot up."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from portfolio.models.diagnosis import Diagnosis
from portfolio.models.pilot import Pilot
from portfolio.stuck import InterventionState, StuckPattern


class InterventionQuerySet(models.QuerySet["Intervention"]):
    def open(self) -> Self:
        """Under way, the first to be due on top."""
        return self.filter(state=InterventionState.OPEN).order_by("due", "pk")


class Intervention(models.Model):
    """An owned and dated action (requirement 44), done with what came of it, or given up with a reason."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="interventions")
    #: The one that it was started from.
    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.PROTECT, related_name="interventions")
    pattern = models.CharField(max_length=16, choices=StuckPattern)
    #: Its name in the library; empty for one of the pilot's own.
    idea = models.SlugField(max_length=40, blank=True)
    text = models.TextField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interventions")
    due = models.DateField()
    state = models.CharField(max_length=10, choices=InterventionState, default=InterventionState.OPEN)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: What came of it; of one that was given up, why.
    outcome = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InterventionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state=InterventionState.OPEN, closed_at=None, outcome="")
                | (~Q(state=InterventionState.OPEN) & Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="portfolio_intervention_closed_says_how",
            ),
            models.UniqueConstraint(
                fields=["pilot", "idea"],
                condition=Q(state=InterventionState.OPEN) & ~Q(idea=""),
                name="portfolio_intervention_idea_once",
            ),
        )
        indexes = (
            models.Index(fields=["pilot"], name="portfolio_intervention_pilot"),
            models.Index(
                fields=["owner", "due"], condition=Q(state=InterventionState.OPEN), name="portfolio_intervention_due"
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.state == InterventionState.OPEN

    def is_late(self, today: date) -> bool:
        """Under way, and past its day."""
        return self.is_open and self.due < today
