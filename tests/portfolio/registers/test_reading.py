"""Reading files as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.registers import reading
from portfolio.registers.findings import UnusableError
from portfolio.registers.reading import decode, read_bytes, read_csv
from tests.portfolio.registers.writing import as_csv, attempted

WORDS = "Name,Höhe\r\nErste,“groß”\r\n"


def read(content, *, encodings=(), separators=(), wanted=("Name",)):
    return read_csv(
        content, encodings=encodings, separators=separators, fits=lambda cells: sum(cell in wanted for cell in cells)
    )


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("utf-16", ()),
        ("cp1252", ("cp1252",)),
        ("utf-16-le", ("utf-16-le",)),
        ("mac-roman", ("mac-roman",)),
    ],
)
def test_every_usual_encoding_gives_the_same_table(encoding, declared):
    table = read(WORDS.encode(encoding), encodings=declared)
    assert table.header == ("Name", "Höhe")
    assert [row.cells for row in table.rows] == [("Erste", "“groß”")]


def test_utf_8_goes_before_what_is_declared():
    assert decode("Höhe".encode(), ["cp1252"]) == ("Höhe", "utf-8")


def test_an_encoding_that_nobody_declared_is_guessed():
    text = "Nom,Unité\r\n" + "Réponses aux élèves déçus,Bureau des forêts\r\n" * 20
    table = read(text.encode("cp1252"), wanted=("Nom",))
    assert table.rows[0].cells == ("Réponses aux élèves déçus", "Bureau des forêts")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_separators_and_line_ends_are_found(separator, line_end):
    content = as_csv([["A, b; c", "d"]], header=["Name", "Unit"], separator=separator, line_end=line_end)
    table = read(content)
    assert table.header == ("Name", "Unit")
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("A, b; c", "d"))]


def test_rows_know_their_lines_in_spite_of_line_breaks_in_cells_and_blank_lines():
    table = read(b'Name,Unit\n"A\nb\nc",x\n\n,\nD,y\n')
    assert [(row.line, row.last_line, row.cells) for row in table.rows] == [
        (2, 4, ("A\nb\nc", "x")),
        (7, 7, ("D", "y")),
    ]


def test_the_header_may_stand_below_a_title():
    table = read(b"Register of the year 2026\n\nName,Unit\nA,x\n")
    assert table.header == ("Name", "Unit")
    assert [row.line for row in table.rows] == [4]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"\x00\x01\x02\x03" * 50, "not text"),
        (b"just some words\nand more of them\n", "not a table"),
    ],
)
def test_what_is_no_table_is_refused_with_a_way_out(tmp_path, content, what):
    path = tmp_path / "register.csv"
    path.write_bytes(content)
    with pytest.raises(UnusableError, match=what) as refused:
        read(read_bytes(path))
    assert refused.value.way_out


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(UnusableError, match="cannot be read"):
            read_bytes(path)


def test_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    path = tmp_path / "register.csv"
    path.write_bytes(b"x" * 11)
    with pytest.raises(UnusableError, match="at most"):
        read_bytes(path)
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    with pytest.raises(UnusableError, match="more than 2 rows"):
        read(b"Name,Unit\na,b\nc,d\ne,f\n")
    monkeypatch.setattr(reading, "MAX_CELLS", 3)
    with pytest.raises(UnusableError, match="more than 3 cells"):
        read(b"Name,Unit\na,b\nc,d\n")
    monkeypatch.setattr(reading, "MAX_COLUMNS", 1)
    with pytest.raises(UnusableError, match="more than 1 columns"):
        read(b"Name,Unit\na,b\n")


def test_a_quotation_mark_that_is_never_closed_is_named_with_its_line():
    content = b'Name,Unit\na,b\n"c,d\n' + b"e,f\n" * 50_000
    with pytest.raises(UnusableError, match="begins on line 3"):
        read(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content):
    found = attempted(read, content)
    assert found.what if isinstance(found, UnusableError) else found.header
