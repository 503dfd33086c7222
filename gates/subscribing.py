"""Subscribing to a calendar: one secret address per person, shown once, kept as a hash, ended at will."""

import hashlib
import secrets
from datetime import datetime

from accounts.acting import note
from accounts.models import User
from audit.recording import verb
from gates.models import FeedKey


@verb
def make_feed_key(*, actor: User, now: datetime) -> str:
    """Make a new address for one's own calendar and return its secret; the one before ends."""
    _end(actor, now)
    secret = secrets.token_urlsafe(32)
    row = FeedKey.objects.create(user=actor, key_hash=hash_of(secret), made_at=now)
    note(actor, "gates.feed.made", row, now=now)
    return secret


@verb
def end_feed_key(*, actor: User, now: datetime) -> None:
    """End the address of one's own calendar; where there is none, nothing happens."""
    for row in _end(actor, now):
        note(actor, "gates.feed.ended", row, now=now)


def _end(person: User, now: datetime) -> list[FeedKey]:
    User.objects.select_for_update().get(pk=person.pk)
    rows = list(FeedKey.objects.filter(user=person, ended_at=None))
    for row in rows:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    return rows


def hash_of(secret: str) -> str:
    """What of a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
