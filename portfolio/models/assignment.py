"""Who holds which part in a pilot, from when until when."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from portfolio.models.pilot import Pilot
from portfolio.states import SHARED_PARTS, Authority, Part


class Assignment(models.Model):
    """A person's part in a pilot, from a date (included) until a date (excluded)."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=20, choices=Part)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    #: Of the executive sponsor: whether they direct budget and priorities, and the day on which that was said.
    authority = models.CharField(max_length=8, choices=Authority, default=Authority.UNKNOWN)
    authority_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

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
            models.CheckConstraint(
                condition=Q(authority=Authority.UNKNOWN) | Q(part=Part.EXECUTIVE_SPONSOR, authority_on__isnull=False),
                name="portfolio_assignment_sponsors_authority",
            ),
        )
        indexes = (
            models.Index(fields=["person", "part"], condition=Q(until=None), name="portfolio_assignment_current"),
        )

    def held_on(self, day: date) -> bool:
        """Whether the part was held on `day`: its first day counts, its last one does not."""
        return self.since <= day and (self.until is None or day < self.until)
