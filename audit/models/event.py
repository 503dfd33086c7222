"""The trail: who did what to which, when; each row carries the hash of the one before it."""

import json
from typing import Any

from django.db import models

from audit.models.append_only import AppendOnly

GENESIS = b"\x00" * 32


class Event(AppendOnly):
    """One thing that happened. `canonical` is what is hashed; the columns repeat it for searching."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    #: Reference of who did it, as "user:12", or "system".
    actor = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=80, db_index=True)
    #: Reference of the thing it happened to, as "portfolio.round:31".
    subject = models.CharField(max_length=80, db_index=True)
    #: Reference of the thing whose history it belongs to, as "pilot:17"; empty where there is none.
    scope = models.CharField(max_length=80, blank=True)
    canonical = models.BinaryField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta(AppendOnly.Meta):
        ordering = ("sequence",)
        indexes = (models.Index(fields=["scope", "-sequence"], name="audit_event_scope"),)

    @property
    def data(self) -> dict[str, Any]:
        """What was recorded about it: plain JSON values."""
        data: dict[str, Any] = json.loads(bytes(self.canonical))["data"]
        return data


class Head(models.Model):
    """The end of the chain: one row, locked last in each transaction that writes events."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=GENESIS)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_one_row"),)
