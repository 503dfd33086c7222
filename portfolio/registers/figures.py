"""Figures and days as people write them. What can be read in two ways is named, never guessed."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import NamedTuple

from portfolio.registers.cleaning import alike, one_line
from portfolio.registers.dates import DateReader

#: What a measurement holds: fourteen digits before the sign, four behind it.
LARGEST_FIGURE = Decimal("99999999999999.9999")
_STEP = Decimal("0.0001")

_BLANKS = "\u0020\u00a0\u2009\u202f'\u2019"
_BLANK_GROUPS = re.compile(rf"([+-]?\d{{1,3}})((?:[{_BLANKS}]\d{{3}})+)((?:[.,]\d+)?)", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_BROKEN = re.compile(r"([+-]?)(\d*)([.,])(\d+)", re.ASCII)
_GROUPED = re.compile(r"([+-]?\d{1,3})((?:([.,])\d{3})(?:\3\d{3})*)(?:(?!\3)([.,])(\d+))?", re.ASCII)
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_NUMERIC = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}", re.ASCII)
_CURRENCIES = {"eur": "\u20ac", "usd": "$", "gbp": "\u00a3", "chf": "fr."}


class FigureError(ValueError):
    """A cell that cannot be read, or can be read in two ways: the reason, and the way out."""

    def __init__(self, code: str, what: str, way_out: str = "") -> None:
        self.code, self.what, self.way_out = code, what, way_out
        super().__init__(f"{what} {way_out}".strip())


class Spelling(NamedTuple):
    """How somebody writes: the sign before the decimals ("" for as it stands), and what 3/11/2026 means."""

    sign: str = ""
    day_first: bool = True


def read_figure(text: str, *, sign: str = "", unit: str = "") -> Decimal:
    """Return a number to four decimals; FigureError where it cannot be read or could mean two numbers.

    `sign` is what stands before decimals, "." or ","; without one, a number such as 1,234 is refused. The unit may
    stand beside the number, other words may not.
    """
    plain = _without_unit(one_line(text).translate(_MINUS), unit)
    if found := _BLANK_GROUPS.fullmatch(plain):
        plain = found[1] + re.sub(rf"[{_BLANKS}]", "", found[2]) + found[3]
    value = _value(plain, sign)
    if value is None:
        raise FigureError(
            "number_unreadable",
            f"\u201c{one_line(text)[:60]}\u201d is not a number.",
            "Write the number alone, such as 41.5 or 41,5" + (f", in {unit}." if unit else "."),
        )
    if abs(value) > LARGEST_FIGURE:
        raise FigureError("number_too_large", "The number is too large to keep.", "Choose a larger unit.")
    return value.quantize(_STEP, rounding=ROUND_HALF_UP)


def _value(plain: str, sign: str) -> Decimal | None:
    if len(plain) > 60:
        return None
    if _WHOLE.fullmatch(plain):
        return Decimal(plain)
    broken, grouped = _BROKEN.fullmatch(plain), _GROUPED.fullmatch(plain)
    if broken and grouped and not sign and not broken[2].startswith("0"):
        whole = broken[1] + broken[2] + broken[4]
        raise FigureError(
            "number_ambiguous",
            f"\u201c{plain}\u201d can be read as {whole} and as {broken[1]}{broken[2]}.{broken[4]}.",
            f"Write {whole}, or {broken[1]}{broken[2]}.{broken[4]}0.",
        )
    if broken and (not sign or broken[3] == sign):
        return Decimal(f"{broken[1]}{broken[2] or '0'}.{broken[4]}")
    if grouped and sign != grouped[3] and (not sign or not grouped[4] or grouped[4] == sign):
        return Decimal(f"{grouped[1]}{grouped[2].replace(grouped[3], '')}.{grouped[5] or '0'}")
    return None


def _without_unit(text: str, unit: str) -> str:
    """Leave out the unit where it stands before or behind the number, and nothing else."""
    name = alike(unit)
    for mark in {name, name.split(" ")[0], _CURRENCIES.get(name.split(" ")[0], "")} - {""}:
        low = text.casefold()
        if low.endswith(mark) and len(text) > len(mark):
            return text[: len(text) - len(mark)].rstrip()
        if low.startswith(mark) and len(text) > len(mark):
            return text[len(mark) :].lstrip()
    return text


def read_day(text: str, *, day_first: bool = True) -> date:
    """Return the day; FigureError where there is none. ISO 8601, 3.11.2026, 3 November 2026, Nov 3, 2026, 3/11/2026."""
    plain = _TIME.sub("", one_line(text))
    if found := _reader(day_first).read(plain):
        return found.day
    other = _NUMERIC.fullmatch(plain) and _reader(not day_first).read(plain)
    if other:
        order = "month first" if day_first else "day first"
        raise FigureError(
            "day_other_way",
            f"\u201c{plain}\u201d is written {order}, and days are read {'day' if day_first else 'month'} first.",
            f"Choose that days are written {order}, or write {other.day.isoformat()}.",
        )
    raise FigureError(
        "day_unreadable", f"\u201c{plain[:60]}\u201d is not a day.", "Write it as 2026-11-03 or as 3 November 2026."
    )


def order_of(text: str) -> str:
    """Say how a day such as 25/11/2026 is meant: "day" first, "month" first, "either"; "" for other spellings."""
    plain = _TIME.sub("", one_line(text))
    if not _NUMERIC.fullmatch(plain):
        return ""
    day, month = _reader(True).read(plain), _reader(False).read(plain)  # noqa: FBT003  which of the two readers
    if day and month:
        return "" if day.day == month.day else "either"
    return "day" if day else "month" if month else ""


@cache
def _reader(day_first: bool) -> DateReader:  # noqa: FBT001  key of the cache
    numeric = ("{day}/{month}/{year}", "{day}-{month}-{year}")
    if not day_first:
        numeric = ("{month}/{day}/{year}", "{month}-{day}-{year}")
    named = ("{day} {month_name} {year}", "{month_name} {day}, {year}", "{day}-{month_name}-{year}")
    return DateReader((*numeric, "{year}/{month}/{day}", "{day}.{month}.{year}", *named))
