"""Status updates: what moved, what blocks."""

from datetime import datetime

from django.conf import settings

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Pilot, StatusUpdate
from portfolio.standing import keep_facts


@verb
def report_status(*, actor: User | None, pilot: Pilot, moved: str, blocks: str = "", now: datetime) -> StatusUpdate:
    """Add a status update to the open round. Updates are never edited; the next one says what changed."""
    pilot = locked_pilot(pilot)
    current = open_round(pilot)
    if not moved.strip():
        refuse_any([Obstacle("nothing_said", "Say in a sentence what moved, even if it is nothing.")])
    update = StatusUpdate.objects.create(
        round=current, author=actor, at=now, moved=moved.strip(), blocks=blocks.strip()
    )
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(actor, "portfolio.status.reported", update, now=now, scope=pilot.scope)
    return update
