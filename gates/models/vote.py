"""Votes: who said what to a proposal, and why. Changing one's mind adds a row; the last one counts."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.models import AppendOnly
from gates.models.proposal import Proposal
from gates.states import VoteChoice


class Vote(AppendOnly):
    """A member's vote, cast by the member or by whoever stands in."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="votes")
    #: Whose seat it is.
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="votes")
    cast_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8, choices=VoteChoice)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(choice=VoteChoice.FOR) | ~Q(reason=""), name="gates_vote_not_for_has_reason"
            ),
        )
        indexes = (models.Index(fields=["proposal", "member", "-id"], name="gates_vote_latest"),)
