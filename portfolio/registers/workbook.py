"""Reading a workbook (XLSX) as a table. Its sizes are checked before any of it is unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any

import openpyxl

from portfolio.registers import reading
from portfolio.registers.cleaning import clean, one_line
from portfolio.registers.findings import UnusableError
from portfolio.registers.reading import HEADER_WITHIN, MAX_COLUMNS, HeaderTest, Row, Table, header_rank, limited

#: What a workbook may unpack to: some fifty thousand rows of twenty columns.
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 2_000
#: Tags in all its parts: what some ten seconds can read. A cell takes about four.
MAX_TAGS = 4_000_000
#: Blank rows that are passed over before a sheet counts as ended.
_MAX_BLANK = 20_000
_AGAIN = "Save it again as .xlsx from a spreadsheet program, or export it as CSV."


def is_workbook(content: bytes) -> bool:
    """Whether the file is a zip, as workbooks are, whatever its name says."""
    return content.startswith(b"PK\x03\x04")


def read_workbook(content: bytes, *, sheet: str, fits: HeaderTest) -> Table:
    """Read one sheet: the named one, or the first with a fitting header. Dates become ISO 8601."""
    _check_sizes(content)
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("openpyxl does not use defusedxml: workbooks of others are not read")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        return _table(book, sheet, fits)
    except UnusableError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it trip over
        raise UnusableError("The workbook is damaged and cannot be read.", _AGAIN) from error


def _check_sizes(content: bytes) -> None:
    """Refuse a workbook that is too much: by the sizes in its directory, and only then by what is in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive.infolist())
            tags = sum(_tags(archive, part) for part in archive.infolist())
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise UnusableError("The file is a damaged archive, not a workbook.", _AGAIN) from error
    if tags > MAX_TAGS:
        raise reading.too_many_cells()


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Count the tags of a part, a piece at a time."""
    with archive.open(part) as stream:
        return sum(piece.count(b"<") for piece in iter(lambda: stream.read(1 << 20), b""))


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise UnusableError("The file is an archive, not a workbook.", "Unpack it, and import the table in it.")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise UnusableError(
            f"The workbook would unpack to {unpacked / 1024 / 1024:,.0f} MB in {len(parts)} parts; "
            f"at most {MAX_UNPACKED // 1024 // 1024} MB in {MAX_PARTS:,} parts are read.",
            "Export the sheet as CSV.",
        )


def _table(book: Any, sheet: str, fits: HeaderTest) -> Table:
    if sheet and sheet not in book.sheetnames:
        raise UnusableError(
            f"The workbook has no sheet {sheet!r}; its sheets: {', '.join(book.sheetnames)}.",
            "Name one of them in the mapping.",
        )
    best: tuple[int, int, int] = (0, 0, 0)
    chosen = None
    for worksheet in [book[sheet]] if sheet else book.worksheets:
        for at, row in enumerate(_first_rows(worksheet)):
            found = (at, fits(row), sum(map(bool, row)))
            if header_rank(found) > header_rank(best):
                best, chosen = found, worksheet
    if chosen is None:
        raise UnusableError("The workbook is empty.", _AGAIN)
    rows = _rows(chosen)
    for _ in range(best[0]):
        next(rows)
    header = next(rows)
    if len(header.cells) > MAX_COLUMNS:
        raise UnusableError(f"The table has more than {MAX_COLUMNS} columns.", _AGAIN)
    width = len(header.cells)
    padded = (Row(row.line, row.cells + ("",) * (width - len(row.cells)), row.line) for row in rows)
    return Table(header=header.cells, rows=limited(padded), how=f"read as a workbook, sheet {one_line(chosen.title)}")


def _first_rows(worksheet: Any) -> Iterator[Sequence[str]]:
    for number, row in enumerate(_rows(worksheet)):
        if number == HEADER_WITHIN:
            return
        yield row.cells


def _rows(worksheet: Any) -> Iterator[Row]:
    worksheet.reset_dimensions()  # what a file says of its own size is not believed
    blank = seen = 0
    for number, values in enumerate(worksheet.iter_rows(values_only=True), start=1):
        seen += len(values)
        if seen > reading.MAX_CELLS:
            raise reading.too_many_cells()
        cells = [_text(value) for value in values[: MAX_COLUMNS + 1]]
        while cells and not cells[-1]:
            cells.pop()
        blank = 0 if cells else blank + 1
        if blank > _MAX_BLANK:
            return
        yield Row(number, tuple(cells), number)


def _text(value: object) -> str:
    """Return a cell as the text that a CSV of the same table would hold."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and isfinite(value):
        return format(Decimal(repr(value)).normalize(), "f")
    return clean(str(value))
