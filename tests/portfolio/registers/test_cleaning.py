"""Cleaning cells."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.registers.cleaning import alike, amount, clean, is_nothing, one_line, shorten


@pytest.mark.parametrize(
    ("cell", "cleaned"),
    [
        ("", ""),
        ("  a b \r\n c\x00\x07 ", "a b\n c"),
        ("a\x85b\u2028c\x0bd", "a\nb\nc\nd"),
        ("\ufefftitle\ud800", "title"),
        ("\u00a0 \t", ""),
    ],
)
def test_cells_lose_what_no_database_takes_and_keep_their_lines(cell, cleaned):
    assert clean(cell) == cleaned


@given(st.text(st.characters(exclude_categories=())))
def test_a_clean_cell_can_be_stored_and_stays_as_it_is(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")
    assert "\n" not in one_line(text)


def test_spellings_that_mean_the_same_are_alike():
    assert alike(" The AI System\u2019s\u00a0 outputs\n") == alike("the ai system's OUTPUTS")
    assert alike("2019\u20132023") == alike("2019-2023")


def test_nothing_is_blank_or_a_word_for_it():
    words = {alike("N/A"), alike("NA")}
    assert [is_nothing(cell, words) for cell in ("", " ", "\u00a0", "n/a ", "NA", "N/A - see below", "0")] == [
        True, True, True, True, True, False, False,
    ]  # fmt: skip


def test_long_texts_are_cut_between_words():
    assert shorten("short", 10) == "short"
    assert shorten("counting bees, at the hive", 16) == "counting bees…"
    assert shorten("x" * 30, 10) == "x" * 9 + "…"


@given(st.text(max_size=60), st.integers(2, 40))
def test_a_cut_text_is_never_too_long(text, length):
    assert len(shorten(text, length)) <= length


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("1200", ".", Decimal("1200.00")),
        ("1,200.50", ".", Decimal("1200.50")),
        ("1.200,50", ",", Decimal("1200.50")),
        ("€ 1 200,5", ",", Decimal("1200.50")),
        ("EUR 1200", ".", Decimal("1200.00")),
        ("0", ".", Decimal("0.00")),
        ("12.5", ",", None),  # twelve and a half in another spelling: not a hundred and twenty-five
        ("1,20", ".", None),
        ("-5", ".", None),
        ("12 to 14", ".", None),
        ("about 5k", ".", None),
        ("99999999999", ".", None),
        ("", ".", None),
        ("٣", ".", None),
    ],
)
def test_amounts_are_read_or_left(text, sign, value):
    assert amount(text, decimal_sign=sign) == value
