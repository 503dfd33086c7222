"""Recusals: who keeps out of a proposal, and why."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.models import AppendOnly
from gates.models.proposal import Proposal


class Recusal(AppendOnly):
    """A member who does not vote on a proposal, from `at` on. A part in the pilot recuses without a row."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recusals")
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = (
            models.UniqueConstraint(fields=["proposal", "member"], name="gates_recusal_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="gates_recusal_has_reason"),
        )
