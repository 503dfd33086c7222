"""Amendments: every change to what was agreed, after the start."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from audit.models import AppendOnly
from portfolio.models.round import Round
from portfolio.models.success_criterion import SuccessCriterion
from portfolio.states import AmendmentKind


class Amendment(AppendOnly):
    """One numbered change to the contract of a round, or to one of its criteria, with reason and approver."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=9, choices=AmendmentKind)
    #: The criterion that it is about; null where it is about the contract.
    criterion = models.ForeignKey(
        SuccessCriterion, on_delete=models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    #: {field: {"old": ..., "new": ...}}; days ISO 8601, figures as text. Empty for what is added or withdrawn whole.
    changes = models.JSONField(default=dict, blank=True)
    reason = models.TextField()
    approver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=["round", "number"], name="portfolio_amendment_number"),
            models.UniqueConstraint(
                fields=["criterion"], condition=Q(kind=AmendmentKind.ADDED), name="portfolio_amendment_added_once"
            ),
            models.UniqueConstraint(
                fields=["criterion"],
                condition=Q(kind=AmendmentKind.WITHDRAWN),
                name="portfolio_amendment_withdrawn_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="portfolio_amendment_has_reason"),
            models.CheckConstraint(
                condition=Q(made_by=None) | ~Q(approver=F("made_by")), name="portfolio_amendment_approved_by_another"
            ),
        )

    def __str__(self) -> str:
        return f"Amendment {self.number}"
