"""Mail that came back: the address is marked as not reachable, and digests to it wait for nobody."""

import hashlib
import hmac
from datetime import datetime

from django.core.validators import validate_email
from django.db.models import QuerySet

from accounts.acting import note
from accounts.models import Bounce, User
from audit.recording import verb

_LONGEST_REASON = 500


@verb
def note_bounce(*, actor: User | None, address: str, reason: str, now: datetime) -> Bounce:
    """Mark an address as not reachable; one that is marked already stays as it is. Refuses what is no address."""
    address = address.strip().lower()
    validate_email(address)
    said = " ".join(reason.split())[:_LONGEST_REASON] or "no reason was given"
    made = Bounce.objects.bulk_create(
        [Bounce(address=address, reason=said, at=now, noted_by=actor)], ignore_conflicts=True
    )
    bounce = Bounce.objects.get(address=address, ended_at=None)
    if bounce.at == made[0].at and bounce.reason == said:
        note(actor, "accounts.address.bounced", bounce, now=now)
    return bounce


@verb
def end_bounce(*, actor: User, person: User, now: datetime) -> None:
    """Note that mail reaches a person's address again; without a mark on it nothing changes."""
    bounce = Bounce.objects.select_for_update().filter(address=person.email, ended_at=None).first()
    if bounce is None:
        return
    bounce.ended_at = now
    bounce.save(update_fields=["ended_at"])
    note(actor, "accounts.address.reachable", bounce, now=now)


def bounce_of(address: str) -> Bounce | None:
    """The open mark on an address."""
    return open_bounces().filter(address=address.strip().lower()).first()


def open_bounces() -> QuerySet[Bounce]:
    """The addresses that are not reachable now."""
    return Bounce.objects.filter(ended_at=None)


def signature_of(body: bytes, secret: str) -> str:
    """What the mail provider sends beside `body`: its HMAC-SHA256 with the shared secret, in hexadecimal."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
