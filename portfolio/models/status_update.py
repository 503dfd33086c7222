"""Status updates: what moved, what blocked, how sure its writer was, who used it."""

from django.db import models

from accounts.models import User
from audit.models import AppendOnly
from portfolio.models.round import Round
from portfolio.states import Confidence


class StatusUpdate(AppendOnly):
    """One report on a round. Never edited: the next one says what changed. What blocked stands in its reports."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="updates")
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    moved = models.TextField()
    #: A choice of words, never a number; empty in updates from before it was asked.
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    #: What the confidence rests on.
    because = models.TextField(blank=True)
    #: People who use it: in the pilot's own team, and beyond it (requirement 40).
    users_inside = models.PositiveIntegerField(null=True, blank=True)
    users_outside = models.PositiveIntegerField(null=True, blank=True)
    #: Answer to "When will this scale?" (requirement 48); empty is no answer.
    scale_when = models.TextField(blank=True)

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["round", "-at"], name="portfolio_update_latest"),)

    @property
    def blocks(self) -> str:
        """What blocked, one blocker a line. Read it of updates fetched with `reports__blocker`."""
        return "\n".join(report.blocker.text for report in sorted(self.reports.all(), key=lambda one: one.pk))
