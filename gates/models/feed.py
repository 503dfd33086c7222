"""Keys of calendar feeds: a secret address per person, of which only the hash is kept."""

from django.db import models
from django.db.models import Q

from accounts.models import User


class FeedKey(models.Model):
    """One secret address of a person's calendar; a new one ends the one before."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="feed_keys")
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="gates_feedkey_one_open"),
        )
