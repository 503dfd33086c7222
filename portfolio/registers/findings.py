"""What is said about a register: a row refused, a cell not understood, a file of no use. A leaf."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


class UnusableError(Exception):
    """The file or the mapping cannot be used at all: nothing was imported. `way_out` says what to do."""

    def __init__(self, what: str, way_out: str = "") -> None:
        self.what, self.way_out = what, way_out
        super().__init__(f"{what} {way_out}".strip())


@dataclass(frozen=True)
class Finding:
    """One thing found in a row. As a refusal it keeps the row out; as a warning the row comes in without it."""

    #: First line of the row in the file (of a workbook: its row), counted from 1.
    line: int
    #: Name of the column, or nothing where it is about the whole row.
    column: str
    #: Short name of the reason, the same for every row with it.
    code: str
    #: The reason in words.
    what: str
    way_out: str = ""


def by_reason(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Return the reasons with their counts, the most frequent first."""
    counts = Counter(finding.code for finding in findings)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
