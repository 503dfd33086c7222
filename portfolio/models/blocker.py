"""Blockers: what stands in a pilot's way, from the update that named it to the one that cleared it."""

from typing import Self

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import MD5, Lower

from audit.models import AppendOnly
from portfolio.models.pilot import Pilot
from portfolio.models.status_update import StatusUpdate


class BlockerQuerySet(models.QuerySet["Blocker"]):
    def open(self) -> Self:
        """Blockers that nobody has cleared yet, the oldest first."""
        return self.filter(closed_by=None).order_by("pk")

    def counted(self) -> Self:
        """Each with the number of updates that reported it, as `times`."""
        return self.annotate(times=Count("reports"))


class Blocker(models.Model):
    """One thing in the way. It lives across updates and rounds until an update says that it is cleared."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="blockers")
    text = models.TextField()
    opened_by = models.ForeignKey(StatusUpdate, on_delete=models.PROTECT, related_name="+")
    closed_by = models.ForeignKey(StatusUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="cleared")

    #: Only of those that were `counted()`.
    times: int

    objects = BlockerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                F("pilot"), MD5(Lower("text")), condition=Q(closed_by=None), name="portfolio_blocker_once"
            ),
        )
        indexes = (models.Index(fields=["pilot"], condition=Q(closed_by=None), name="portfolio_blocker_open"),)

    def __str__(self) -> str:
        return self.text


class BlockerReport(AppendOnly):
    """An update said that a blocker blocks. Every update reports every open blocker, so reports count repeats."""

    update = models.ForeignKey(StatusUpdate, on_delete=models.PROTECT, related_name="reports")
    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="reports")

    class Meta(AppendOnly.Meta):
        constraints = (models.UniqueConstraint(fields=["update", "blocker"], name="portfolio_blocker_report_once"),)
