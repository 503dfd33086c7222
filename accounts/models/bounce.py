"""Addresses from which mail comes back."""

from django.db import models
from django.db.models import Q

from accounts.models.user import User


class Bounce(models.Model):
    """That mail to an address came back, until somebody says that it works again. The open one holds digests back."""

    address = models.EmailField(max_length=254)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    #: Who noted it by hand; None where the mail provider told.
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["address"], condition=Q(ended_at=None), name="accounts_bounce_one_open"),
        )
