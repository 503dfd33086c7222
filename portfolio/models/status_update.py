"""Status updates: what moved, what blocks."""

from django.db import models

from accounts.models import User
from audit.models import AppendOnly
from portfolio.models.round import Round


class StatusUpdate(AppendOnly):
    """One report on a round. Never edited: the next one says what changed."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="updates")
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    moved = models.TextField()
    blocks = models.TextField(blank=True)

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["round", "-at"], name="portfolio_update_latest"),)
