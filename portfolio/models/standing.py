"""Where each pilot stands: one flat row per pilot, for lists, board and digests."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from portfolio.models.pilot import Pilot
from portfolio.states import LampState, Outcome, Severity


def six_grey_lamps() -> list[str]:
    """Return the lamps of a pilot of which no gate has been touched."""
    return [LampState.NOT_STARTED] * 6


class Standing(models.Model):
    """A projection: kept in the transaction of whatever changed it, and rebuilt from the facts at any time.

    `rebuild_standings` makes it anew; a test holds rebuilt against kept.
    """

    pilot = models.OneToOneField(Pilot, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    sponsor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    #: Due date of the decision of the round that has begun and is undecided; the clock counts from it.
    undecided_since = models.DateField(null=True)
    #: Day of the last status update, or of the start where there is none, of the undecided round.
    last_sign_on = models.DateField(null=True)
    #: Codes of what the contract of the open round lacks (`portfolio.gaps`).
    gaps = ArrayField(models.CharField(max_length=24), default=list)
    lamps = ArrayField(models.CharField(max_length=12, choices=LampState), size=6, default=six_grey_lamps)
    open_flags = models.PositiveSmallIntegerField(default=0)
    worst_severity = models.PositiveSmallIntegerField(choices=Severity, null=True)
    last_outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    last_decided_on = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["undecided_since"], name="portfolio_standing_clock"),
            models.Index(fields=["owner"], name="portfolio_standing_owner"),
        )
