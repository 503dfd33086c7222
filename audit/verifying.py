"""Verifying the trail: every hash is worked out again, and the end is held against the anchors."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from audit.models import Event, Head
from audit.models.event import GENESIS
from audit.recording import chained

_COLUMNS = ("sequence", "at", "actor", "kind", "subject", "scope", "canonical", "previous_hash", "hash")


@dataclass(frozen=True)
class Damage:
    """A place at which the trail is not what was written."""

    sequence: int
    problem: str


def verify(anchors: Path | None = None) -> Iterator[Damage]:
    """Yield every damage of the trail, in order. Reads in batches; memory does not grow with the trail."""
    expected, previous = 1, GENESIS
    hashes = _read_anchors(anchors)
    rows = Event.objects.order_by("sequence").values_list(*_COLUMNS).iterator(chunk_size=5000)
    for sequence, at, actor, kind, subject, scope, *binary in rows:
        body, before, digest = map(bytes, binary)
        if sequence != expected:
            yield Damage(expected, f"{sequence - expected} event(s) missing before number {sequence}")
        if before != previous:
            yield Damage(sequence, "does not follow from the event before it")
        if chained(before, body) != digest:
            yield Damage(sequence, "its content does not fit its hash")
        said = (sequence, at.astimezone(UTC).isoformat(timespec="microseconds"), actor, kind, subject, scope)
        if not _agrees(body, said):
            yield Damage(sequence, "its columns do not repeat its content")
        if hashes.pop(sequence, digest) != digest:
            yield Damage(sequence, "differs from the anchor kept outside the database")
        expected, previous = sequence + 1, digest
    yield from _ends(expected - 1, previous, sorted(hashes))


def _agrees(body: bytes, said: tuple[object, ...]) -> bool:
    try:
        content = json.loads(body)
    except ValueError:
        return False
    names = ("sequence", "at", "actor", "kind", "subject", "scope")
    return isinstance(content, dict) and tuple(content.get(name) for name in names) == said


def _ends(last: int, digest: bytes, unseen: list[int]) -> Iterator[Damage]:
    head = Head.objects.filter(id=1).first()
    head_sequence = head.sequence if head else 0
    head_hash = bytes(head.hash) if head else GENESIS
    if (head_sequence, head_hash) != (last, digest):
        yield Damage(last, f"the trail ends at {last}, its head says {head_sequence}")
    for sequence in unseen:
        yield Damage(sequence, "was anchored outside the database and is no longer in the trail")


def _read_anchors(path: Path | None) -> dict[int, bytes]:
    """Read "sequence hash time" lines; a last line that was cut short by a crash is passed over."""
    if path is None or not path.exists():
        return {}
    anchors = {}
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        sequence, _, rest = line.partition(" ")
        digest = rest.partition(" ")[0]
        if sequence.isdigit() and len(digest) == 64:
            anchors[int(sequence)] = bytes.fromhex(digest)
    return {sequence: digest for sequence, digest in anchors.items() if sequence}
