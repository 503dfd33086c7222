"""Amounts as people write them: 1 200,50 and 1,200.50 alike; what can be read in two ways is named, not guessed."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.formats import get_format

#: Blanks of every width and the apostrophe of Switzerland set thousands apart everywhere.
_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}'\N{RIGHT SINGLE QUOTATION MARK}_]")
_PLAIN = re.compile(r"[+-]?\d+([.,]\d+)*")
_GROUPS = re.compile(r"\d{1,3}(\D\d{3})+")


def read_amount(text: str) -> Decimal | None:
    """Return the amount that `text` says, None for nothing; ValidationError names what cannot be read.

    The last of two different signs is the decimal one. A single one before exactly three digits is read as the
    reader's language writes thousands; where it does not, it could be either, and the reader is asked.
    """
    said = _SPACES.sub("", text).removeprefix(settings.CURRENCY).removesuffix(settings.CURRENCY)
    if not said:
        return None
    if not _PLAIN.fullmatch(said):
        raise ValidationError("“%(said)s” is not an amount. Write it as 1200 or 1200.50.", "invalid", {"said": text})
    sign, digits = ("-", said[1:]) if said[0] == "-" else ("", said.lstrip("+"))
    whole, cents = _parts(digits, text)
    if len(cents) > 2:
        raise ValidationError("Write at most two digits after the decimal sign.", "decimals")
    return Decimal(f"{sign}{whole}.{cents or 0}")


def show_amount(amount: Decimal | None) -> str:
    """Return an amount as the reader's language writes it, cents only where there are any."""
    if amount is None:
        return ""
    places = 0 if amount == amount.to_integral_value() else 2
    return formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)


def _parts(digits: str, text: str) -> tuple[str, str]:
    """Split into whole units and cents."""
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return digits, ""
    last = marks[-1]
    if len(set(marks)) == 2:
        whole, _, cents = digits.rpartition(last)
        return _ungrouped(whole, text), cents
    if len(marks) > 1:
        return _ungrouped(digits, text), ""
    whole, _, rest = digits.partition(last)
    if len(rest) != 3 or len(whole) > 3 or whole == "0":
        return whole, rest
    if last == get_format("THOUSAND_SEPARATOR"):
        return whole + rest, ""
    raise ValidationError(
        "“%(said)s” can be read as %(thousands)s or as %(cents)s. Write %(thousands)s or %(whole)s.%(two)s.",
        "ambiguous",
        {"said": text.strip(), "thousands": whole + rest, "cents": f"{whole}.{rest}", "whole": whole, "two": rest[:2]},
    )


def _ungrouped(digits: str, text: str) -> str:
    if any(mark in digits for mark in ".,") and not _GROUPS.fullmatch(digits):
        raise ValidationError("The thousands of “%(said)s” are not in threes.", "groups", {"said": text.strip()})
    return re.sub(r"\D", "", digits)


class AmountField(forms.Field):
    """An amount in the installation's currency, read and shown in the reader's format."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "amount"})
        super().__init__(**{"widget": widget, "required": False, **kwargs})

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        return read_amount(str(value))

    def prepare_value(self, value: Any) -> Any:
        return show_amount(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
