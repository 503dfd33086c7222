"""Measurements: what was found of a success criterion, on which day."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from audit.models import AppendOnly
from portfolio.models.success_criterion import SuccessCriterion
from portfolio.states import Origin


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def counting(self) -> Self:
        """Those that count against the target: neither corrected, nor withdrawn, nor added after the decision."""
        later = Measurement.objects.filter(supersedes=OuterRef("pk"), afterwards=False)
        return self.filter(~Exists(later), withdrawn=False, afterwards=False)

    def standing(self) -> Self:
        """Those that nothing has replaced since, what was added after the decision included."""
        return self.filter(~Exists(Measurement.objects.filter(supersedes=OuterRef("pk"))), withdrawn=False)


class Measurement(AppendOnly):
    """One value. Never edited: a correction is a row that supersedes this one, and so is a withdrawal."""

    criterion = models.ForeignKey(SuccessCriterion, on_delete=models.PROTECT, related_name="measurements")
    on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    note = models.CharField(max_length=1000, blank=True)
    source = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=8, choices=Origin)
    #: The row that this one corrects or withdraws.
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    #: Why it was corrected or withdrawn.
    reason = models.CharField(max_length=1000, blank=True)
    withdrawn = models.BooleanField(default=False)
    #: Written after the round was decided: shown, and no part of what the decision stood on.
    afterwards = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = MeasurementQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["criterion", "on"], name="portfolio_measurement_by_day"),)
        constraints = (
            models.CheckConstraint(
                condition=(Q(supersedes=None) & Q(reason="")) | (Q(supersedes__isnull=False) & ~Q(reason="")),
                name="portfolio_measurement_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(supersedes__isnull=False),
                name="portfolio_measurement_withdraws_a_row",
            ),
        )

    def __str__(self) -> str:
        return f"{self.value:f} on {self.on.isoformat()}"
