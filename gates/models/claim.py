"""What the owner says of a criterion, and the talk about it. Rows are only added; the last claim counts."""

from django.db import models

from accounts.models import User
from audit.models import AppendOnly
from gates.models.gate_set import Criterion
from gates.models.review import GateReview
from gates.states import Finding


class Claim(AppendOnly):
    """What the owner claims of a criterion, and how they themselves would find it."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="claims")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    view = models.CharField("the owner's own view", max_length=20, choices=Finding, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["review", "criterion", "-id"], name="gates_claim_latest"),)


class Comment(AppendOnly):
    """One turn of the talk about a criterion: a reviewer asks, the owner answers."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="comments")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["review", "criterion", "id"], name="gates_comment_thread"),)
