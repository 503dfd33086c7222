"""Reading a file as a table: encodings, separators, line breaks in cells, size limits."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from portfolio.registers.cleaning import clean
from portfolio.registers.findings import UnusableError

#: The most that is read of any file. A page says so before the upload.
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 1_000
#: Cells in all, blank ones included: what a few seconds can read. The real register has 132,246.
MAX_CELLS = 2_000_000
#: Among so many first rows the header is looked for; registers often begin with a title.
HEADER_WITHIN = 10

_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEPARATORS = tuple(_NAMES)
_ENCODING_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What a file begins with that is no text, and what to do about it.
_OTHER_KINDS = (
    (b"\xd0\xcf\x11\xe0", "This is a workbook in the old Excel format.", "Save it as .xlsx or as CSV."),
    (b"%PDF", "This is a PDF, not a table.", "Export the register as CSV or XLSX."),
    (b"\x89PNG", "This is a picture, not a table.", "Export the register as CSV or XLSX."),
    (b"\xff\xd8\xff", "This is a picture, not a table.", "Export the register as CSV or XLSX."),
    (b"\x1f\x8b", "This file is compressed.", "Unpack it first."),
)
_NO_TABLE = "Export the register as CSV (UTF-8) or XLSX, with one row of column names."


@dataclass(frozen=True)
class Row:
    """One row of the table, its cells cleaned, and the lines of the file that it takes."""

    line: int
    cells: tuple[str, ...]
    last_line: int


@dataclass(frozen=True)
class Table:
    """A register as it was read."""

    header: tuple[str, ...]
    rows: list[Row]
    #: How it was read, in words: "Windows-1252, separated by commas".
    how: str


#: Says whether a row of cells can be the header; gets the cells as they stand.
HeaderTest = Callable[[Sequence[str]], int]


def read_bytes(path: Path) -> bytes:
    """Return the content of a file; UnusableError where there is none, or too much."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise too_large(path.stat().st_size)
        content = path.read_bytes()
    except OSError as error:
        raise UnusableError(f"{path} cannot be read: {error.strerror}.", "Check the name of the file.") from error
    if not content.strip():
        raise UnusableError(f"{path.name} is empty.", _NO_TABLE)
    return content


def too_large(size: int) -> UnusableError:
    """Return the refusal of a file of `size` bytes."""
    return UnusableError(
        f"The file has {size / 1024 / 1024:.1f} MB; at most {MAX_BYTES // 1024 // 1024} MB are read.",
        "Split it, or leave out columns that no mapping names.",
    )


def too_many_cells() -> UnusableError:
    """Return the refusal of a table with cells beyond counting."""
    return UnusableError(
        f"The table has more than {MAX_CELLS:,} cells, blank ones included.",
        "Leave out blank rows and columns, or import it in parts.",
    )


def decode(content: bytes, encodings: Sequence[str]) -> tuple[str, str]:
    """Return the text and the encoding that it was read by.

    Tried in turn: a byte order mark, UTF-8, the declared encodings, the best guess over the whole file. An encoding
    counts only if every byte can be read by it.
    """
    for start, what, way_out in _OTHER_KINDS:
        if content.startswith(start):
            raise UnusableError(what, way_out)
    marked = [name for mark, name in _MARKS if content.startswith(mark)]
    for name in (*marked, "utf-8", *encodings):
        text = _decoded(content, name)
        if text is not None and "\x00" not in text:
            return text, name
    guessed = _guess(content)
    text = _decoded(content, guessed)
    if text is None or "\x00" in text:
        raise UnusableError("The file is not text.", _NO_TABLE)
    return text, guessed


def read_csv(content: bytes, *, encodings: Sequence[str], separators: Sequence[str], fits: HeaderTest) -> Table:
    """Read a table of separated values. `fits` counts the wanted columns in a row, which finds header and separator."""
    text, encoding = decode(content, encodings)
    candidates = [(separator, *_header(text, separator, fits)) for separator in separators or _SEPARATORS]
    separator, at, wanted, width = max(candidates, key=lambda found: (found[2], found[3]))
    if not wanted and width < 2:
        raise UnusableError("The file is not a table: no separated columns were found.", _NO_TABLE)
    rows = _parsed(text, separator)
    for _ in range(at):
        next(rows)
    header = next(rows)
    if len(header.cells) > MAX_COLUMNS:
        raise UnusableError(f"The table has more than {MAX_COLUMNS} columns.", _NO_TABLE)
    return Table(
        header=header.cells,
        rows=limited(rows),
        how=f"read as {_ENCODING_NAMES.get(encoding, encoding)}, separated by {_NAMES.get(separator, separator)}",
    )


def limited(rows: Iterator[Row]) -> list[Row]:
    """Return the rows that hold anything; UnusableError where they, or their cells, are too many."""
    kept: list[Row] = []
    cells = 0
    for row in rows:
        cells += len(row.cells)
        if cells > MAX_CELLS:
            raise too_many_cells()
        if not any(row.cells):
            continue
        if len(kept) == MAX_ROWS:
            raise UnusableError(f"The table has more than {MAX_ROWS:,} rows.", "Import it in parts.")
        kept.append(row)
    return kept


def _guess(content: bytes) -> str:
    """Return the encoding that the bytes look most like; among equals the most common one; "" for none."""
    matches = list(from_bytes(content))
    if not matches:
        return ""
    equals = [match.encoding for match in matches if match.chaos == matches[0].chaos]
    return "cp1252" if "cp1252" in equals else matches[0].encoding


def header_rank(found: tuple[int, int, int]) -> tuple[int, bool, int]:
    """Rank a row as header: most wanted columns, then any cells at all, then the earliest."""
    at, wanted, width = found
    return wanted, width > 0, -at


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _header(text: str, separator: str, fits: HeaderTest) -> tuple[int, int, int]:
    """Find the header among the first rows: its place, how many wanted columns it has, and how many in all."""
    best = (0, 0, 0)
    try:
        for at, row in enumerate(islice(_parsed(text, separator), HEADER_WITHIN)):
            best = max(best, (at, fits(row.cells), sum(map(bool, row.cells))), key=header_rank)
    except UnusableError:
        return best
    return best


def _parsed(text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    before = 0
    try:
        for cells in reader:
            yield Row(before + 1, tuple(map(clean, cells)), reader.line_num)
            before = reader.line_num
    except csv.Error as error:
        raise UnusableError(
            f"The row that begins on line {before + 1} cannot be read: {error}.",
            "Most often a quotation mark is opened there and never closed.",
        ) from error
