"""Reuse: an earlier finding of another pilot that a criterion leans on (requirement 37)."""

from datetime import date

from django.db import models
from django.db.models import Q

from accounts.models import User
from gates.models.gate_set import Criterion
from gates.models.review import Assessment, GateReview
from gates.states import ReuseKind


class Reuse(models.Model):
    """A review, control or integration pattern of another pilot, attached to a criterion of this one."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="reuses")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    #: The finding that counted in the other pilot's concluded gate when this was attached.
    source = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reused_by")
    kind = models.CharField(max_length=12, choices=ReuseKind)
    #: What is the same here, so that the other pilot's answer holds.
    why = models.TextField()
    valid_until = models.DateField()
    attached_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    attached_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["review", "criterion", "source"], condition=Q(removed_at=None), name="gates_reuse_once"
            ),
        )
        indexes = (models.Index(fields=["source"], name="gates_reuse_source"),)

    def has_run_out(self, today: date) -> bool:
        """Whether its own last day is over."""
        return self.valid_until < today
