"""A decision on record: what it says, the pilot as it stood, and whether both are still what was sealed."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from audit.models import Event
from audit.recording import reference
from gates.models import Decision
from portfolio.models import Round

#: Kinds of events that seal a snapshot.
RECORDED = ("gates.decision.recorded", "gates.decision.superseded", "gates.decision.recorded_afterwards")


@dataclass(frozen=True)
class Seal:
    """The SHA-256 of a snapshot: as kept beside it, as counted now, and as the audit trail has it."""

    kept: str
    counted: str
    in_trail: str

    @property
    def holds(self) -> bool:
        return self.kept == self.counted == self.in_trail


def seal_of(decision: Decision) -> Seal:
    """Count the snapshot's hash anew, and look it up in the trail. One query."""
    event = Event.objects.filter(subject=reference(decision), kind__in=RECORDED).first()
    return Seal(
        kept=decision.snapshot_sha256,
        counted=hashlib.sha256(bytes(decision.snapshot)).hexdigest(),
        in_trail=str(event.data.get("snapshot_sha256", "")) if event else "",
    )


def content_of(decision: Decision) -> dict[str, Any]:
    """The snapshot as plain values; days and moments are text in ISO 8601, amounts are text."""
    content: dict[str, Any] = json.loads(bytes(decision.snapshot))
    return content


def round_after(decision: Decision) -> Round | None:
    """The round that followed the one decided, if there is one."""
    decided = decision.round
    return Round.objects.filter(pilot=decided.pilot_id, number=decided.number + 1).first()
