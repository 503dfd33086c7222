"""Who holds which part in a pilot, from when until when."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from portfolio.models.pilot import Pilot
from portfolio.states import SHARED_PARTS, Part


class Assignment(models.Model):
    """A person's part in a pilot, from a date (included) until a date (excluded)."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=20, choices=Part)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["pilot", "part"],
                condition=Q(until=None) & ~Q(part__in=SHARED_PARTS),
                name="portfolio_assignment_one_holder",
            ),
            models.UniqueConstraint(
                fields=["pilot", "part", "person"], condition=Q(until=None), name="portfolio_assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="portfolio_assignment_ends_after_start",
            ),
        )
        indexes = (
            models.Index(fields=["person", "part"], condition=Q(until=None), name="portfolio_assignment_current"),
        )
