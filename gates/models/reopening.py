"""Why a concluded gate was opened again."""

from django.db import models

from accounts.models import User
from audit.models import AppendOnly
from gates.models.gate_set import Criterion
from gates.models.review import GateReview
from gates.states import ReopeningCause
from portfolio.states import LampState


class Reopening(AppendOnly):
    """One reason for which a concluded gate was opened again; a criterion where one has to be assessed anew."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="reopenings")
    cause = models.CharField(max_length=12, choices=ReopeningCause)
    reason = models.TextField()
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, null=True, related_name="+")
    #: How the gate had been concluded.
    concluded_as = models.CharField(max_length=12, choices=LampState)
    concluded_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["review", "-id"], name="gates_reopening_latest"),)
