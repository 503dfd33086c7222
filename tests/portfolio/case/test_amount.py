"""Amounts as people write them, read without guessing."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from portfolio.forms.amount import AmountField, read_amount, show_amount


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("", None), ("  ", None), ("0", "0"), ("1200", "1200"), ("1,200", "1200"), ("1,200.50", "1200.50"),
        ("1 200,50", "1200.50"), ("1\N{NARROW NO-BREAK SPACE}200,5", "1200.5"), ("1.200,50", "1200.50"),
        ("1.234.567", "1234567"), ("1,234,567.8", "1234567.8"), ("1'200.50", "1200.50"), ("12,5", "12.5"),
        ("EUR 1,200", "1200"), ("1200 EUR", "1200"), ("-3", "-3"), ("+3", "3"), ("0.50", "0.50"),
        ("1234,56", "1234.56"),
    ],
)  # fmt: skip
def test_reads(said, amount):
    assert read_amount(said) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("1.200", "ambiguous"), ("twelve", "invalid"), ("1,2,3", "groups"), ("12,34.5", "groups"),
        ("1.2345", "decimals"),
        ("0.125", "decimals"), ("1-2", "invalid"), ("1e5", "invalid"), ("=1+1", "invalid"), (".", "invalid"),
    ],
)  # fmt: skip
def test_names_what_cannot_be_read(said, code):
    with pytest.raises(ValidationError) as refused:
        read_amount(said)
    assert refused.value.code == code


def test_says_both_readings_of_what_could_be_either():
    with pytest.raises(ValidationError) as refused:
        read_amount("1.200")
    assert refused.value.messages == ["“1.200” can be read as 1200 or as 1.200. Write 1200 or 1.20."]


def test_reads_and_shows_as_the_reader_writes():
    """The same text, for a reader whose thousands are set apart by a point."""
    with translation.override("de"):
        assert read_amount("1.200") == 1200
        assert show_amount(Decimal("1200.50")) == "1.200,50"
        with pytest.raises(ValidationError):
            read_amount("1,200")
    assert show_amount(Decimal("1200.50")) == "1,200.50"
    assert show_amount(Decimal(1200)) == "1,200"


@pytest.mark.parametrize(("saved", "typed", "differs"), [
    (Decimal("1200.00"), "1,200", False), (Decimal(1200), "1,201", True), (None, "", False), ("1,200", "abc", True),
])  # fmt: skip
def test_the_same_amount_in_another_spelling_is_no_change(saved, typed, differs):
    assert AmountField().has_changed(saved, typed) is differs
