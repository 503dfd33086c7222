"""Dates as registers spell them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.registers.dates import DateReader, ReadDate, months_after

FEDERAL = DateReader(
    ["{month}/{day}/{year}", "{yy}-{month_name}", "{year}-{month}", "Q{quarter}FY{fiscal_yy}", "{year}"],
    fiscal_year_starts=10,
    spreadsheet_years=True,
    remarks=True,
)


@pytest.mark.parametrize(
    ("cell", "day", "code"),
    [
        ("10/1/2023", date(2023, 10, 1), ""),
        ("2023-10-01", date(2023, 10, 1), ""),
        (" 4/10/1998 ", date(1998, 4, 10), ""),
        ("24-Aug", date(2024, 8, 1), "date_month_only"),
        ("18-february", date(2018, 2, 1), "date_month_only"),
        ("2022-08", date(2022, 8, 1), "date_month_only"),
        ("2022-08 (estimated)", date(2022, 8, 1), "date_with_remark"),
        ("2024-02-15 (start); 2024-08-23 (signed)", date(2024, 2, 15), "date_with_remark"),
        ("Q4FY25", date(2025, 7, 1), "date_quarter_only"),
        ("Q1FY25", date(2024, 10, 1), "date_quarter_only"),
        ("2024", date(2024, 1, 1), "date_year_only"),
        ("7/16/1905", date(2024, 1, 1), "date_spreadsheet_year"),
        ("7/7/1905", date(2015, 1, 1), "date_spreadsheet_year"),
    ],
)
def test_spellings_of_the_mapping_are_read_and_what_was_taken_for_granted_is_said(cell, day, code):
    found = FEDERAL.read(cell)
    assert (found.day, found.code) == (day, code)
    assert bool(found.what) == bool(code)


@pytest.mark.parametrize(
    "cell",
    [
        "10/12023", "2015-2022", "Pre-2021", "Current model: 2019-2023", "Scheduled for FY2025", "2/30/2024",
        "13/1/2024", "24-Abc", "1/1/1905", "1/1/0099", "1/1/2999", "N/A -Consolidated into another use case.", "",
        "2019 to 2023", "10/1/2023x", "0", "Q5FY25",
    ],
)  # fmt: skip
def test_what_no_spelling_fits_is_not_guessed(cell):
    assert FEDERAL.read(cell) is None


def test_months_can_have_names_of_another_language():
    french = DateReader(
        ["{day} {month_name} {year}", "T{quarter} {year}"],
        month_names=["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
                     "novembre", "décembre"],
    )  # fmt: skip
    assert french.read("3 Juillet 2025") == ReadDate(date(2025, 7, 3))
    assert french.read("1 déc. 2025") == ReadDate(date(2025, 12, 1))
    assert french.read("3 jui 2025") is None  # June or July
    assert french.read("T2 2025").day == date(2025, 4, 1)


def test_a_whole_fiscal_year_is_read_as_its_first_day():
    assert DateReader(["FY{fiscal_year}"], fiscal_year_starts=10).read("FY2025").day == date(2024, 10, 1)
    assert DateReader(["FY{fiscal_year}"]).read("FY2025").day == date(2025, 1, 1)


def test_a_spelling_without_a_year_is_refused():
    with pytest.raises(ValueError, match="names no year"):
        DateReader(["{day}/{month}"])


@given(st.text(max_size=40))
def test_no_cell_breaks_the_reader(cell):
    FEDERAL.read(cell)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_months_after_lands_in_the_right_month(day, months):
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


def test_months_after_the_last_of_a_month():
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2025, 12, 31), 2) == date(2026, 2, 28)
