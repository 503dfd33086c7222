"""Telling rows apart: the lasting reference of each row, and what happens where a name comes twice."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portfolio.registers.cleaning import alike
from portfolio.registers.findings import Finding
from portfolio.registers.mapping import Register
from portfolio.registers.reading import Row

#: Longest reference that is kept in full; a longer one is cut and ends in its SHA-256.
_LONGEST = 160


@dataclass(frozen=True)
class Keyed:
    """A row with its references: the plain one, and the one with a mark of what tells it from its namesakes."""

    row: Row
    plain: str
    marked: str


def keyed_rows(rows: Sequence[Row], register: Register, places: dict[str, int]) -> tuple[list[Keyed], list[Finding]]:
    """Return the rows with their references, and refusals of those that cannot be told apart.

    The reference is made of the mapping's reference columns. Of rows that are the same word for word, the first
    stands for all. Rows with the same reference are marked by the SHA-256 of their `tell_apart` columns; where
    those are equal too, the first stays and the others are refused.
    """
    kept: list[Keyed] = []
    refused: list[Finding] = []
    whole: dict[tuple[str, ...], int] = {}
    marks: dict[str, int] = {}
    for row in rows:
        words = _words(row)
        plain = _joined([_cell(words, places, name) for name in register.reference])
        marked = _marked(plain, [_cell(words, places, name) for name in register.tell_apart])
        if not plain.strip(" |"):
            refused.append(_nameless(row, register))
        elif words in whole:
            refused.append(_repeated(row, whole[words]))
        elif marked in marks:
            refused.append(_alike(row, marks[marked], register))
        else:
            kept.append(Keyed(row, plain, marked))
        whole.setdefault(words, row.line)
        marks.setdefault(marked, row.line)
    return kept, refused


def settled(rows: Sequence[Keyed], known: Collection[str]) -> list[str]:
    """Return the reference of each row, given those that are `known` from earlier imports.

    A row whose marked reference is known keeps it; of the rest, the first with a plain reference takes it as it
    is and the others are marked. So a row keeps its reference when a namesake joins it or the order changes.
    """
    taken: set[str] = set()
    references = []
    for keyed in rows:
        reference = keyed.marked if keyed.marked in known or keyed.plain in taken else keyed.plain
        taken.add(reference)
        references.append(reference)
    return references


def _words(row: Row) -> tuple[str, ...]:
    words = [alike(cell) for cell in row.cells]
    while words and not words[-1]:
        words.pop()
    return tuple(words)


def _cell(words: tuple[str, ...], places: dict[str, int], name: str) -> str:
    place = places.get(name, len(words))
    return words[place] if place < len(words) else ""


def _joined(parts: Sequence[str]) -> str:
    full = " | ".join(part.replace("|", "||") for part in parts)
    if len(full) <= _LONGEST:
        return full
    return f"{full[: _LONGEST - 33]}~{hashlib.sha256(full.encode()).hexdigest()[:32]}"


def _marked(plain: str, parts: Sequence[str]) -> str:
    return f"{plain} #{hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()[:16]}"


_SEPARATOR = "\x1f"


def _nameless(row: Row, register: Register) -> Finding:
    return Finding(
        row.line,
        register.reference[0],
        "no_reference",
        "Nothing names this row, so it could not be found again at the next import.",
        f"Fill in at least one of: {', '.join(register.reference)}.",
    )


def _repeated(row: Row, first: int) -> Finding:
    return Finding(
        row.line,
        "",
        "same_row",
        f"This row is the same, word for word, as the one on line {first}, which stands for both.",
        "Nothing to do, unless one of the two was meant to say something else.",
    )


def _alike(row: Row, first: int, register: Register) -> Finding:
    return Finding(
        row.line,
        register.reference[0],
        "not_told_apart",
        f"This row has the name of the one on line {first}, and nothing that the mapping reads tells them apart.",
        "Give one of them another name, or add a column in which they differ to tell_apart in the mapping.",
    )
