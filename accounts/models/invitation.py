"""Invitations to people who are named before they have signed in."""

from django.db import models
from django.db.models.functions import Now

from accounts.models.user import User


class Invitation(models.Model):
    """A single-use link, bound to the person's address. Only the hash of its token is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
