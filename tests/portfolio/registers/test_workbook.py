"""Reading workbooks."""

import io
import zipfile
from datetime import date, datetime, time
from time import monotonic

import openpyxl
import pytest
from defusedxml.common import EntitiesForbidden
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.registers.findings import UnusableError
from portfolio.registers.workbook import is_workbook, read_workbook
from tests.portfolio.registers.writing import as_workbook, attempted

HEADER = ("Name", "Unit", "Started")
HALF_PAST_NINE = datetime.combine(date(2025, 3, 1), time(9, 30))


def read(content, *, sheet=""):
    return read_workbook(content, sheet=sheet, fits=lambda cells: sum(cell in HEADER for cell in cells))


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, part)
    return file.getvalue()


def test_a_sheet_gives_the_same_table_as_a_csv_would():
    content = as_workbook(
        [["Bees", None, date(2025, 3, 1)], [None, None, None], ["Frost\nwarnings", 12, HALF_PAST_NINE],
         [True, 12.5, 7.0]],
        header=HEADER,
        above=[["Register of 2026"]],
    )  # fmt: skip
    assert is_workbook(content)
    table = read(content)
    assert table.header == HEADER
    assert [(row.line, row.cells) for row in table.rows] == [
        (3, ("Bees", "", "2025-03-01")),
        (5, ("Frost\nwarnings", "12", "2025-03-01 09:30:00")),
        (6, ("TRUE", "12.5", "7")),
    ]


def test_the_sheet_with_the_header_is_found_unless_one_is_named():
    book = openpyxl.load_workbook(io.BytesIO(as_workbook([["Bees", "x", None]], header=HEADER, sheet="Second")))
    cover = book.create_sheet("Cover", 0)
    cover.append(["How to read this register"])
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()).rows[0].cells[0] == "Bees"
    with pytest.raises(UnusableError, match="no sheet 'Third'; its sheets: Cover, Second"):
        read(file.getvalue(), sheet="Third")


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = with_part(
        as_workbook([["a", "b", "c"]], header=HEADER), "xl/sharedStrings.xml", b"<sst>" + b" " * 400_000_000
    )
    assert len(bomb) < 600_000
    began = monotonic()
    with pytest.raises(UnusableError, match="would unpack to"):
        read(bomb)
    assert monotonic() - began < 1


def test_too_many_parts_are_refused():
    file = io.BytesIO(as_workbook([], header=HEADER))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/part{number}", b"")
    with pytest.raises(UnusableError, match="parts"):
        read(file.getvalue())


def test_entities_are_not_expanded():
    sheet = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    with pytest.raises(UnusableError, match="is damaged") as refused:
        read(with_part(as_workbook([], header=HEADER), "xl/worksheets/sheet1.xml", sheet))
    assert isinstance(refused.value.__cause__.__cause__, EntitiesForbidden)


def test_a_sheet_that_claims_to_be_endless_is_not_believed():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>far away</t></is></c></row></sheetData></worksheet>'
    )
    began = monotonic()
    table = read(with_part(as_workbook([], header=HEADER), "xl/worksheets/sheet1.xml", sheet))
    assert (table.header, table.rows) == (("Name",), [])
    assert monotonic() - began < 2


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
NAMES = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (number, number) for number in range(2, 5_000)),
        (b"<row>" + b"<c/>" * 1_000 + b"</row>") * 5_000,
    ],
    ids=["far to the right", "five million blank ones"],
)
def test_cells_beyond_counting_are_refused_in_time(rows):
    content = with_part(as_workbook([], header=HEADER), "xl/worksheets/sheet1.xml", SHEET % (NAMES + rows))
    began = monotonic()
    with pytest.raises(UnusableError, match="more than 2,000,000 cells"):
        read(content)
    assert monotonic() - began < 5


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04" + b"\x00" * 50, "damaged archive"),
        (as_workbook([["a", "b", "c"]], header=HEADER)[:-200], "damaged archive"),
        (with_part(as_workbook([], header=HEADER), "xl/worksheets/sheet1.xml", b"<worksheet"), "is damaged"),
        (with_part(as_workbook([], header=HEADER), "xl/workbook.xml", b"no xml"), "is damaged"),
        (as_workbook([], header=[]), "is empty"),
    ],
)
def test_what_is_no_workbook_is_refused(content, what):
    with pytest.raises(UnusableError, match=what):
        read(content)


def test_another_archive_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("register.csv", "Name,Unit")
    with pytest.raises(UnusableError, match="an archive, not a workbook"):
        read(file.getvalue())


WHOLE = as_workbook([["Bees", "x", date(2025, 3, 1)]] * 5, header=HEADER)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(4, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_workbook_with_wrong_bytes_is_read_or_refused(changes):
    content = bytearray(WHOLE)
    for place, byte in changes:
        content[place] = byte
    found = attempted(read, bytes(content))
    assert found.way_out if isinstance(found, UnusableError) else found.header
