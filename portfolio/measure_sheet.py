"""Measurements as a table: pasted from a spreadsheet, or a file. Every row is taken, or refused with its reason.

Two shapes are understood. *Long*: date, criterion, value, with a note and a source if there are any. *Wide*: date,
and a column for each criterion. Where all is about one criterion, date and value are enough, with or without names.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from portfolio.registers.cleaning import alike, bare, one_line
from portfolio.registers.figures import FigureError, Spelling, order_of, read_day, read_figure
from portfolio.registers.findings import Finding, UnusableError
from portfolio.registers.reading import Row, Table, read_csv
from portfolio.registers.workbook import is_workbook, read_workbook

#: The most that a page takes: what a person can look through, and a request can write.
MAX_SHEET_MEGABYTES = 2
MAX_SHEET_BYTES = MAX_SHEET_MEGABYTES * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_NOTE = 1_000
MAX_SOURCE = 200
_LONGEST = {"note": MAX_NOTE, "source": MAX_SOURCE}

_KNOWN = {
    "day": {"date", "day", "on", "measured on", "measured"},
    "criterion": {"criterion", "success criterion", "metric", "measure", "number"},
    "value": {"value", "figure", "actual", "actuals", "result", "measurement", "measured value"},
    "note": {"note", "notes", "comment", "remark"},
    "source": {"source", "where from"},
}
_COLUMN = {word: column for column, words in _KNOWN.items() for word in words}
_SIGNS = {".": "point", ",": "comma"}
_SHAPES = (
    "Begin with a row of column names: Date, Criterion, Value, and Note if you like; "
    "or Date and a column named after each criterion."
)


@dataclass(frozen=True)
class Asked:
    """A criterion that a sheet may name, by its number or its metric."""

    number: int
    metric: str
    unit: str


@dataclass(frozen=True)
class Entry:
    """One measurement that a sheet holds."""

    line: int
    number: int
    on: date
    value: Decimal
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Sheet:
    """What a sheet holds: its measurements, what was refused, and how it was read."""

    entries: list[Entry]
    refused: list[Finding]
    how: str
    #: Columns that name nothing here.
    left_out: list[str]


@dataclass(frozen=True)
class _Shape:
    """Which column holds what."""

    columns: dict[str, int]
    values: dict[int, Asked]
    left_out: list[str]
    #: The one criterion that all of it is about, where no column says so.
    only: Asked | None = None


class _Cell(NamedTuple):
    """A value as it was written, and what it is about."""

    line: int
    text: str
    criterion: Asked
    on: date


def read_sheet(content: bytes, asked: Sequence[Asked], *, spelling: Spelling, only: int | None = None) -> Sheet:
    """Read a sheet about the criteria `asked`; UnusableError where it is of no use at all.

    `only` is the number of the criterion that all of it is about. Days and numbers that could be meant in two ways are
    refused, unless `spelling` or the sheet itself says which one.
    """
    table = _table(content, asked)
    shape, rows = _shaped(table, asked, only)
    if len(rows) * max(1, len(shape.values)) > MAX_ENTRIES:
        raise UnusableError(
            f"The table holds more than {MAX_ENTRIES:,} values.",
            "Bring it in parts, or a value a week instead of a day.",
        )
    sign = spelling.sign or _sign(rows, shape, plain=is_workbook(content))
    spelling = Spelling(sign, spelling.day_first)
    mixed = _contradicts(rows, shape, day_first=spelling.day_first)
    entries: list[Entry] = []
    refused: list[Finding] = []
    for row in rows:
        for entry in _entries(row, shape, asked, spelling, mixed=mixed):
            (refused if isinstance(entry, Finding) else entries).append(entry)  # type: ignore[arg-type]
    how = f"{table.how}, numbers with a decimal {_SIGNS[sign]}" if sign in _SIGNS else table.how
    return Sheet(entries, refused, how, shape.left_out)


def _table(content: bytes, asked: Sequence[Asked]) -> Table:
    if len(content) > MAX_SHEET_BYTES:
        raise UnusableError(
            f"The table has {len(content) / 1024 / 1024:.1f} MB; at most {MAX_SHEET_MEGABYTES} MB are read.",
            "Leave out columns that are not needed, or bring it in parts.",
        )

    def fits(cells: Sequence[str]) -> int:
        return sum(alike(cell) in _COLUMN or _named(cell, asked) is not None for cell in cells) or int(_is_day(cells))

    if is_workbook(content):
        return read_workbook(content, sheet="", fits=fits)
    # Where there are tabs, they separate, and a comma belongs to a number.
    separators = ("\t",) if b"\t" in content else (";", "|", ",")
    return read_csv(content, encodings=("cp1252",), separators=separators, fits=fits)


def _is_day(cells: Sequence[str]) -> bool:
    return bool(cells) and _day(cells[0], day_first=True) is not None


def _day(text: str, *, day_first: bool) -> date | None:
    for way in (day_first, not day_first):
        try:
            return read_day(text, day_first=way)
        except FigureError:
            continue
    return None


def _shaped(table: Table, asked: Sequence[Asked], only: int | None) -> tuple[_Shape, list[Row]]:
    """Say which column holds what, and return the rows below the column names, of which there may be none."""
    about = next((one for one in asked if one.number == only), asked[0] if len(asked) == 1 else None)
    if _is_day(table.header):
        names = ("day", "value", "note", "source") if about else ("day", "criterion", "value", "note", "source")
        columns = {name: at for at, name in enumerate(names[: len(table.header)])}
        shape, rows = _Shape(columns, {}, [], about), [Row(1, table.header, 1), *table.rows]
    else:
        shape, rows = _headed(table.header, asked, about), table.rows
    missing = [
        words
        for there, words in (
            ("day" in shape.columns, "a column of dates"),
            ("value" in shape.columns or shape.values, "a column of values, or one named after a criterion"),
            (
                shape.values or "criterion" in shape.columns or shape.only,
                "a column that says which criterion each value is about",
            ),
        )
        if not there
    ]
    if missing:
        raise UnusableError(f"The table lacks {' and '.join(missing)}.", _SHAPES)
    return shape, rows


def _headed(header: Sequence[str], asked: Sequence[Asked], about: Asked | None) -> _Shape:
    columns: dict[str, int] = {}
    values: dict[int, Asked] = {}
    left_out = []
    for at, cell in enumerate(header):
        kind, criterion = _COLUMN.get(alike(cell)), _named(cell, asked)
        if criterion and criterion not in values.values():
            values[at] = criterion
        elif kind and kind not in columns:
            columns[kind] = at
        elif cell:
            left_out.append(one_line(cell)[:80])
    if "criterion" in columns or "value" in columns:
        left_out += [one_line(header[at])[:80] for at in values]
        values = {}
    return _Shape(columns, values, left_out, None if "criterion" in columns or values else about)


def _named(cell: str, asked: Sequence[Asked]) -> Asked | None:
    """The criterion that a cell names: "2", "Criterion 2", its metric, or both, with or without the unit."""
    name = alike(cell)
    for one in asked:
        metric, unit, number = alike(one.metric), alike(one.unit), str(one.number)
        spelled = {metric, f"{metric} ({unit})", f"{metric} {unit}", f"{metric}, {unit}"}
        if name in {number, f"criterion {number}", *spelled, *(f"{number} {each}" for each in spelled)}:
            return one
    return None


def _cell(row: Row, at: int | None) -> str:
    return row.cells[at] if at is not None and at < len(row.cells) else ""


def _valued(row: Row, shape: _Shape) -> Iterator[tuple[str, int]]:
    places = list(shape.values) or [shape.columns["value"]]
    yield from ((_cell(row, at), at) for at in places)


def _sign(rows: Sequence[Row], shape: _Shape, *, plain: bool) -> str:
    """The sign before decimals, where the sheet itself leaves no doubt; numbers of a workbook have a point.

    No doubt means: some number can only be read with the one sign, and none with the other.
    """
    if plain:
        return "."
    signs: Counter[str] = Counter()
    for row in rows:
        for cell, _ in _valued(row, shape):
            signs.update(sign for sign in ",." if _only_with(cell, sign))
    return next(iter(signs)) if len(signs) == 1 else ""


def _only_with(cell: str, sign: str) -> bool:
    def reads(way: str) -> bool:
        try:
            read_figure(cell, sign=way)
        except FigureError:
            return False
        return True

    return sign in cell and reads(sign) and not reads("." if sign == "," else ",")


def _contradicts(rows: Sequence[Row], shape: _Shape, *, day_first: bool) -> bool:
    """Whether some day can only be meant the other way round; then those that could be either are in doubt."""
    other = "month" if day_first else "day"
    return any(order_of(_cell(row, shape.columns["day"])) == other for row in rows)


def _entries(
    row: Row, shape: _Shape, asked: Sequence[Asked], spelling: Spelling, *, mixed: bool
) -> Iterator[Entry | Finding]:
    """Every value of a row, or why it is refused. A blank cell in a wide table is no value, and nothing is said."""
    try:
        on = _checked_day(_cell(row, shape.columns["day"]), spelling, mixed=mixed)
    except FigureError as error:
        yield Finding(row.line, "Date", error.code, error.what, error.way_out)
        return
    texts = {name: one_line(bare(_cell(row, shape.columns.get(name)))) for name in _LONGEST}
    for name, text in texts.items():
        if len(text) > _LONGEST[name]:
            what, way_out = f"It has {len(text):,} characters.", f"At most {_LONGEST[name]:,} are kept."
            yield Finding(row.line, name.capitalize(), "too_long", what, way_out)
            return
    named = _named(bare(_cell(row, shape.columns.get("criterion"))), asked)
    for cell, at in _valued(row, shape):
        criterion = shape.values.get(at) or shape.only or named
        if criterion is None:
            yield _unknown(row, shape, asked)
        elif cell:
            yield _read(_Cell(row.line, cell, criterion, on), spelling.sign, texts)
        elif not shape.values:
            yield Finding(row.line, "Value", "no_value", "There is no value.", "Write one, or leave out the row.")


def _read(cell: _Cell, sign: str, texts: dict[str, str]) -> Entry | Finding:
    try:
        value = read_figure(cell.text, sign=sign, unit=cell.criterion.unit)
    except FigureError as error:
        way_out = error.way_out
        if error.code == "number_ambiguous":
            way_out += " Or say how numbers are written."
        return Finding(cell.line, cell.criterion.metric, error.code, error.what, way_out)
    return Entry(cell.line, cell.criterion.number, cell.on, value, **texts)


def _checked_day(cell: str, spelling: Spelling, *, mixed: bool) -> date:
    if not cell:
        raise FigureError("no_day", "There is no date.", "Write the day on which it was measured.")
    if mixed and order_of(cell) == "either":
        raise FigureError(
            "day_ambiguous",
            f"\u201c{one_line(cell)}\u201d could be meant day first or month first; other rows are written both ways.",
            "Write the days of all rows as 2026-11-03.",
        )
    return read_day(cell, day_first=spelling.day_first)


def _unknown(row: Row, shape: _Shape, asked: Sequence[Asked]) -> Finding:
    named = one_line(_cell(row, shape.columns.get("criterion")))[:80]
    what = f"There is no criterion \u201c{named}\u201d." if named else "It does not say which criterion it is about."
    known = "; ".join(f"{one.number} {one.metric}" for one in asked[:8])
    return Finding(row.line, "Criterion", "criterion_unknown", what, f"There are: {known}.")
