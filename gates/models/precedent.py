"""Precedents: how the question of a criterion was settled before (requirement 39)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from audit.models import AppendOnly
from gates.models.gate_set import Criterion
from gates.models.review import GateReview


class Precedent(AppendOnly):
    """A note for whoever prepares or assesses the same criterion next, with the review in which it was settled."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="precedents")
    #: As it was then; it stands for the criterion of the same short name in every gate set.
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["criterion"], name="gates_precedent_criterion"),)

    def get_absolute_url(self) -> str:
        """The criterion in the review in which it was settled."""
        settled = self.review.round
        page = reverse("gates:review-detail", args=[settled.pilot.code, self.criterion.gate.slug])
        return f"{page}?round={settled.number}#criterion-{self.criterion_id}"


class PrecedentWithdrawal(AppendOnly):
    """From here on a precedent is not shown beside its criterion any more."""

    precedent = models.OneToOneField(Precedent, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="gates_precedent_withdrawn_why"),)
