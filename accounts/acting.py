"""The beats that every verb shares: name the actor in the trail, compare versions."""

from datetime import datetime
from typing import Any, Protocol

from django.db import models

from accounts.models import User
from accounts.obstacles import StaleError
from audit.recording import SYSTEM, record


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


def note(actor: User | None, kind: str, subject: models.Model, *, now: datetime, scope: str = "", **data: Any) -> None:
    """Record in the audit trail that `actor` (None: the system) did `kind` to `subject`."""
    record(actor=actor.ref if actor else SYSTEM, kind=kind, subject=subject, at=now, scope=scope, **data)


def compare_and_step(row: Versioned, seen: int | None) -> None:
    """Step the version of a locked row; StaleError if it is not the one that the writer had `seen`.

    `seen=None` is for callers that show no form: jobs, imports, the demo.
    """
    if seen is not None and row.version != seen:
        raise StaleError(seen=seen, current=row.version)
    row.version += 1
