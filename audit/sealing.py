"""Sealing: the head of the trail is written to a file outside the database, so that a cut tail is found."""

import os
from datetime import UTC, datetime
from pathlib import Path

from audit.models import Head


def seal(path: Path, *, now: datetime) -> int:
    """Append the head's number and hash to the anchor file at `path`; return the number (0: nothing to seal)."""
    head = Head.objects.filter(id=1).first()
    if head is None or head.sequence == 0:
        return 0
    line = f"{head.sequence} {bytes(head.hash).hex()} {now.astimezone(UTC).isoformat(timespec='seconds')}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())
    return head.sequence
