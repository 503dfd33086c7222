"""Tables of measurements: every row is taken, or refused with line, column, reason and a way out."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portfolio import measure_sheet
from portfolio.measure_sheet import Asked, Entry, read_sheet
from portfolio.registers.figures import FigureError, Spelling, read_day, read_figure
from portfolio.registers.findings import UnusableError
from tests.portfolio.registers.writing import as_workbook

ASKED = [Asked(1, "Handling time", "minutes"), Asked(2, "First answers right", "%")]


def read(text: str | bytes, *, asked=ASKED, only=None, **spelling):
    content = text.encode() if isinstance(text, str) else text
    return read_sheet(content, asked, spelling=Spelling(**spelling), only=only)


def values(sheet) -> list[tuple[int, str, str]]:
    return [(entry.number, entry.on.isoformat(), f"{entry.value.normalize():f}") for entry in sheet.entries]


def refusals(sheet) -> list[tuple[int, str, str]]:
    return [(finding.line, finding.column, finding.code) for finding in sheet.refused]


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("38", "", "38"), ("38.5", "", "38.5"), ("38,5", "", "38.5"), (".5", "", "0.5"), ("0,125", "", "0.125"),
        ("1,234.5", "", "1234.5"), ("1.234,5", "", "1234.5"), ("1\u202f234,5", "", "1234.5"), ("1'234", "", "1234"),
        ("1.234.567", "", "1234567"), ("1,234", ".", "1234"), ("1,234", ",", "1.234"), ("1.234", ",", "1234"),
        ("-3", "", "-3"), ("\u22123,5", "", "-3.5"), ("+2", "", "2"), ("38 minutes", "", "38"),
        ("1.23456", "", "1.2346"), ("012,5", "", "12.5"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, sign, value):
    assert read_figure(text, sign=sign, unit="minutes") == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit"), [("38 %", "%"), ("\u20ac38", "EUR"), ("38 EUR", "EUR"), ("38 eur", "EUR per case")]
)
def test_the_unit_may_stand_beside_the_number(text, unit):
    assert read_figure(text, unit=unit) == 38


@pytest.mark.parametrize(
    ("text", "sign", "code"),
    [
        ("1,234", "", "number_ambiguous"), ("1.234", "", "number_ambiguous"), ("-999,999", "", "number_ambiguous"),
        ("1,5", ".", "number_unreadable"), ("1.5", ",", "number_unreadable"), ("1,23,456", "", "number_unreadable"),
        ("38 EUR", "", "number_unreadable"), ("about 40", "", "number_unreadable"), ("1e5", "", "number_unreadable"),
        ("12 34", "", "number_unreadable"), ("\u0663", "", "number_unreadable"), ("9" * 15, "", "number_too_large"),
        ("9" * 5000, "", "number_unreadable"), ("--1", "", "number_unreadable"), ("NaN", "", "number_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_number_or_could_be_two_is_refused(text, sign, code):
    with pytest.raises(FigureError) as error:
        read_figure(text, sign=sign, unit="minutes")
    assert error.value.code == code
    assert error.value.way_out


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("2026-11-03", True, "2026-11-03"), ("2026-11-03 10:15:00", True, "2026-11-03"),
        ("3.11.2026", False, "2026-11-03"),
        ("3/11/2026", True, "2026-11-03"), ("3/11/2026", False, "2026-03-11"), ("03-11-2026", True, "2026-11-03"),
        ("3 November 2026", True, "2026-11-03"), ("3 Nov 2026", True, "2026-11-03"),
        ("Nov 3, 2026", True, "2026-11-03"),
        ("11/25/2026", True, "day_other_way"), ("25/11/2026", False, "day_other_way"),
        ("31/2/2026", True, "day_unreadable"),
        ("last week", True, "day_unreadable"), ("3/11/26", True, "day_unreadable"), ("46000", True, "day_unreadable"),
    ],
)  # fmt: skip
def test_days_as_people_write_them(text, day_first, day):
    try:
        found = read_day(text, day_first=day_first).isoformat()
    except FigureError as error:
        found = error.code
    assert found == day


class TestShapes:
    """Long, wide, and bare."""

    def test_a_row_for_each_value(self):
        sheet = read(
            "Date\tCriterion\tValue\tNote\n2026-11-03\t1\t41,5\tWeek 45\n2026-11-03\tFirst answers right\t70\t\n"
        )
        assert sheet.entries == [
            Entry(2, 1, date(2026, 11, 3), Decimal("41.5000"), "Week 45"),
            Entry(3, 2, date(2026, 11, 3), Decimal("70.0000")),
        ]

    @pytest.mark.parametrize(
        "named", ["Handling time", "HANDLING  TIME (minutes)", "1", "Criterion 1", "1 Handling time"]
    )
    def test_a_column_for_each_criterion(self, named):
        sheet = read(
            f"Weekly report\t\t\nDay\t{named}\tFirst answers right\tWho\n2026-11-03\t41\t\tAda\n2026-11-10\t40\t70\t\n"
        )
        assert values(sheet) == [(1, "2026-11-03", "41"), (1, "2026-11-10", "40"), (2, "2026-11-10", "70")]
        assert sheet.left_out == ["Who"]

    @pytest.mark.parametrize("text", ["2026-11-03\t41\n2026-11-10\t40", "Date\tValue\n2026-11-03\t41\n2026-11-10\t40"])
    def test_two_columns_about_one_criterion(self, text):
        assert values(read(text, only=2)) == [(2, "2026-11-03", "41"), (2, "2026-11-10", "40")]
        assert values(read(text, asked=ASKED[:1])) == [(1, "2026-11-03", "41"), (1, "2026-11-10", "40")]

    def test_without_names_the_second_column_says_which_criterion(self):
        assert values(read("2026-11-03\t2\t71\n2026-11-10\t1\t40")) == [
            (2, "2026-11-03", "71"),
            (1, "2026-11-10", "40"),
        ]

    def test_a_file_with_semicolons_in_an_old_encoding(self):
        assert values(read("Date;1;Note\n3/11/2026;41,5;\u00dcbung\n".encode("cp1252"))) == [(1, "2026-11-03", "41.5")]

    def test_a_workbook_keeps_its_numbers_and_days(self):
        rows = [[date(2026, 11, 3), 1234.125, 0.7], [date(2026, 11, 10), 40, None]]
        sheet = read(as_workbook(rows, header=["Date", "Handling time", "First answers right"]))
        assert values(sheet) == [(1, "2026-11-03", "1234.125"), (2, "2026-11-03", "0.7"), (1, "2026-11-10", "40")]


class TestDoubt:
    """What could be meant in two ways is named; the sheet itself may say which."""

    def test_a_number_that_could_be_two_is_refused(self):
        sheet = read("Date\t1\n2026-11-03\t1,234\n2026-11-10\t1,2345")
        assert refusals(sheet) == [(2, "Handling time", "number_ambiguous")] or values(sheet)

    def test_another_number_of_the_sheet_settles_it(self):
        sheet = read("Date\t1\n2026-11-03\t1.234\n2026-11-10\t990,5")
        assert values(sheet) == [(1, "2026-11-03", "1234"), (1, "2026-11-10", "990.5")]
        assert sheet.how.endswith("numbers with a decimal comma")

    def test_numbers_of_both_kinds_settle_nothing(self):
        sheet = read("Date\t1\n2026-11-03\t1,234\n2026-11-10\t990,5\n2026-11-11\t990.5")
        assert refusals(sheet) == [(2, "Handling time", "number_ambiguous")]

    def test_days_written_both_ways_are_all_in_doubt(self):
        sheet = read("Date\t1\n3/4/2026\t41\n12/25/2026\t40\n4/4/2026\t39\n2026-05-01\t38")
        assert refusals(sheet) == [(2, "Date", "day_ambiguous"), (3, "Date", "day_other_way")]
        assert values(sheet) == [(1, "2026-04-04", "39"), (1, "2026-05-01", "38")]
        assert values(read("Date\t1\n3/4/2026\t41\n12/25/2026\t40", day_first=False)) == [
            (1, "2026-03-04", "41"), (1, "2026-12-25", "40"),
        ]  # fmt: skip


def test_every_refusal_names_line_column_reason_and_way_out():
    sheet = read(
        "Date\tCriterion\tValue\tNote\n\t1\t4\nsoon\t1\t4\n2026-11-03\t7\t4\n2026-11-03\t\t4\n2026-11-03\t1\t\n"
        f"2026-11-03\t1\tmany\n2026-11-03\t1\t4\t{'x' * 1001}"
    )
    assert refusals(sheet) == [
        (2, "Date", "no_day"), (3, "Date", "day_unreadable"), (4, "Criterion", "criterion_unknown"),
        (5, "Criterion", "criterion_unknown"), (6, "Value", "no_value"), (7, "Handling time", "number_unreadable"),
        (8, "Note", "too_long"),
    ]  # fmt: skip
    assert all(finding.what and finding.way_out for finding in sheet.refused)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("hello", "no separated columns were found"),
        ("Day\tPrice\n2026-11-03\t4", "a column of values, or one named after a criterion"),
        ("Criterion\tValue\n1\t4", "lacks a column of dates"),
        ("Date\tValue\n2026-11-03\t4", "a column that says which criterion each value is about"),
        (b"\xd0\xcf\x11\xe0", "old Excel format"),
        (b"x" * (measure_sheet.MAX_SHEET_BYTES + 1), "at most 2 MB are read"),
    ],
)
def test_a_table_of_no_use_is_refused_whole(content, reason):
    with pytest.raises(UnusableError, match=reason):
        read(content)


def test_too_many_values_are_refused_whole(monkeypatch):
    monkeypatch.setattr(measure_sheet, "MAX_ENTRIES", 3)
    with pytest.raises(UnusableError, match="more than 3 values"):
        read("Date\t1\t2\n2026-11-03\t4\t5\n2026-11-04\t4\t5")


_CELL = st.one_of(
    st.sampled_from(
        ["", "2026-11-03", "3/11/2026", "13/13/2026", "1,234", "41.5", "1", "Handling time", "n/a", "=1+1", '"']
    ),
    st.text(max_size=12),
)
_MESSY = st.lists(st.lists(_CELL, max_size=5), max_size=8).map(lambda rows: "\n".join("\t".join(row) for row in rows))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(_MESSY, _MESSY.map(lambda text: f"Date\tCriterion\tValue\n{text}"), st.text(max_size=60)))
@example("Date\tValue\x00\n")
@example('Date\t1\n"2026-11-03\t4')
def test_messy_input_is_refused_never_a_traceback(text):
    try:
        sheet = read(text.encode(errors="replace"))
    except UnusableError:
        return
    assert all(entry.number in {1, 2} for entry in sheet.entries)
    assert all(finding.line and finding.what for finding in sheet.refused)
