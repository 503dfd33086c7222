"""Flags that are silenced for a while, and rules from which a pilot is exempt for a while; always with a reason."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from gates.models.drift import Flag
from portfolio.models import Pilot


class WhileQuerySet(models.QuerySet):  # type: ignore[type-arg]  # of either model below
    def in_force(self, today: date) -> Self:
        """What holds on `today`: not ended by hand, and its last day not past."""
        return self.filter(ended_at=None, until__gte=today)


class While(models.Model):
    """Something that holds until a last day, or until somebody ends it."""

    reason = models.TextField()
    #: The last day on which it holds.
    until = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = WhileQuerySet.as_manager()

    class Meta:
        abstract = True


class Snooze(While):
    """A flag that stays out of digests for a while. It stays open, counted and listed."""

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="snoozes")

    class Meta:
        ordering = ("-set_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["flag"], condition=Q(ended_at=None), name="gates_snooze_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="gates_snooze_has_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("set_at")), name="gates_snooze_ends_after_start"
            ),
        )


class Exemption(While):
    """A pilot that a rule is not asked about for a while. Its flag closes, and opens again afterwards."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="exemptions")
    rule = models.SlugField(max_length=40)

    class Meta:
        ordering = ("-set_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["pilot", "rule"], condition=Q(ended_at=None), name="gates_exemption_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="gates_exemption_has_reason"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("set_at")), name="gates_exemption_ends_after_start"
            ),
        )
