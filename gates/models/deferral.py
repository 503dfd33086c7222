"""Deferrals: a decision put off with a reason, an owner and an end. The clock runs on."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from audit.models import AppendOnly
from portfolio.models import Round


class DeferralQuerySet(models.QuerySet["Deferral"]):
    def in_force(self, today: date) -> Self:
        """Those that keep a round off the agenda on `today`."""
        return self.filter(since__lte=today, until__gt=today)


class Deferral(AppendOnly):
    """From `since` until the day `until`, on which the round is back on the agenda by itself."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="deferrals")
    #: The first of a round is 1.
    number = models.PositiveSmallIntegerField()
    reason = models.TextField()
    #: Who sees to it that it can be decided then.
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deferrals")
    since = models.DateField()
    until = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DeferralQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        constraints = (
            models.UniqueConstraint(fields=["round", "number"], name="gates_deferral_numbered"),
            models.CheckConstraint(condition=~Q(reason=""), name="gates_deferral_has_reason"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="gates_deferral_ends"),
        )
        indexes = (models.Index(fields=["until"], name="gates_deferral_until"),)
