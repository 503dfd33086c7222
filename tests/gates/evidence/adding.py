"""Adding evidence, with every choice that matters in the call."""

from django.core.files.base import ContentFile

from gates.evidencing import Content, add_evidence
from gates.filing import keep
from gates.models import Criterion, Evidence
from gates.states import EvidenceKind


def add_note(cast, pilot, *, today, now, title="Who answers for claims", criteria=(), **content) -> Evidence:
    """A note by Alice."""
    note = Content(kind=EvidenceKind.NOTE, title=title, **{"note": "Minutes of the week's talk.", **content})
    return add_evidence(actor=cast.alice, pilot=pilot, content=note, criteria=criteria, today=today, now=now)


def criterion(gate=1, number=1) -> Criterion:
    return Criterion.objects.select_related("gate").get(gate__number=gate, number=number)


def add_file(
    cast, pilot, *, today, now, data=b"Letters,Minutes\n9,34\n", name="letters.csv", criteria=(), **content
) -> Evidence:
    """A file by Alice."""
    kept = keep(ContentFile(data), name=name, room=10**9)
    piece = Content(kind=EvidenceKind.FILE, file=kept, **{"title": "Letters of a week", **content})
    return add_evidence(actor=cast.alice, pilot=pilot, content=piece, criteria=criteria, today=today, now=now)
