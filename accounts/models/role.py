"""Roles that people hold, with their dates."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models.user import User
from accounts.states import Role


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def held_on(self, today: date) -> Self:
        """Grants in force on `today`: begun, and not yet ended."""
        return self.filter(Q(until=None) | Q(until__gt=today), since__lte=today)


class RoleGrant(models.Model):
    """A role held by a person from a date (included) until a date (excluded)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(db_default=Now())

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(until=None), name="accounts_rolegrant_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="accounts_rolegrant_ends_after_start"
            ),
        )
