"""What gates rely on: files, links and notes, some of them replaced since, some withdrawn."""

import struct
import zlib
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from gates.evidence_library import criteria_asked
from gates.evidencing import Content, add_evidence, supersede_evidence, withdraw_evidence
from gates.filing import KeptFile, keep
from gates.models import Criterion, Evidence
from gates.queries import latest_round
from gates.states import EvidenceKind

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told

_HEIGHT, _BAR, _GAP = 120, 24, 8
_PAPER, _INK = b"\xff", b"\x55"
_ROOM = 10_000_000


def _added(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    add_evidence(
        actor=replay.actor(story, told),
        pilot=story.row,
        content=_content(told, day),
        criteria=_criteria(story, told.get("for", [])),
        today=day,
        now=now,
    )


def _replaced(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    old = _piece(story, told["was"])
    supersede_evidence(actor=replay.actor(story, told), old=old, content=_content(told, day), today=day, now=now)


def _withdrawn(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    piece = _piece(story, told["was"])
    withdraw_evidence(actor=replay.actor(story, told), evidence=piece, reason=told["reason"], now=now)


def _content(told: dict[str, Any], day: date) -> Content:
    """What the step holds: a file where it has a name, a link where it has an address, else a note."""
    kind = EvidenceKind.FILE if "file" in told else EvidenceKind.LINK if "url" in told else EvidenceKind.NOTE
    return Content(
        kind=kind,
        title=told["title"],
        note=told.get("note", ""),
        url=told.get("url", ""),
        file=_kept(told) if "file" in told else None,
        valid_until=day + timedelta(days=told["valid"]) if "valid" in told else None,
    )


def _kept(told: dict[str, Any]) -> KeptFile:
    content = bars(told["bars"]) if "bars" in told else told["text"].encode()
    return keep(ContentFile(content), name=told["file"], room=_ROOM)


def _criteria(story: "Told", slugs: list[str]) -> list[Criterion]:
    asked = {criterion.slug: criterion for criterion in criteria_asked(latest_round(story.row))}
    return [asked[slug] for slug in slugs]


def _piece(story: "Told", title: str) -> Evidence:
    return Evidence.objects.filter(pilot=story.row).get(title=title)


def bars(values: list[int]) -> bytes:
    """A picture of `values` as bars, the highest as high as the picture: a PNG in two greys."""
    width, top = len(values) * (_BAR + _GAP) + _GAP, max(values)
    rows = []
    for line in range(_HEIGHT, 0, -1):
        row = bytearray(_PAPER * width)
        for place, value in enumerate(values):
            if value * (_HEIGHT - _GAP) >= line * top:
                at = _GAP + place * (_BAR + _GAP)
                row[at : at + _BAR] = _INK * _BAR
        rows.append(b"\x00" + bytes(row))
    header = struct.pack(">IIBBBBB", width, _HEIGHT, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


HAPPENS = {"evidence": _added, "evidence_replaced": _replaced, "evidence_withdrawn": _withdrawn}
