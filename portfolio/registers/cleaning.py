"""Cleaning cells: blanks, control characters, words that mean nothing, amounts."""

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_TRAILING = re.compile(r"[^\S\n]+\n")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--")
_MONEY_SIGNS = re.compile(r"[^\S\n]|[\u00a0\u202f'\u2019]|[A-Z]{3}(?![A-Za-z])|[$\u00a3\u20ac\u00a5]")
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: The largest amount that the columns of a pilot hold.
LARGEST_AMOUNT = Decimal("9999999999.99")


def clean(cell: str) -> str:
    """Return a cell without control characters, with plain line ends, trimmed."""
    if not cell:
        return ""
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", cell))
    return _TRAILING.sub("\n", text).strip()


def one_line(cell: str) -> str:
    """Return a cell as one line, its blanks made single."""
    return " ".join(clean(cell).split())


def alike(text: str) -> str:
    """Return the form in which two spellings of the same words are equal: blanks, case and quotes evened out."""
    return " ".join(unicodedata.normalize("NFKC", clean(text)).translate(_QUOTES).casefold().split())


def is_nothing(text: str, nothing_words: Collection[str]) -> bool:
    """Whether a cell holds nothing, or a word that stands for nothing; `nothing_words` as `alike` gives them."""
    return not text.strip() or alike(text) in nothing_words


def shorten(text: str, length: int) -> str:
    """Return `text` in at most `length` characters, cut between words where that is possible."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    between = cut.rfind(" ")
    return (cut[:between] if between > length // 2 else cut).rstrip(" ,;:") + "\N{HORIZONTAL ELLIPSIS}"


def harmless(cell: str) -> str:
    """Return a cell of words that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def bare(cell: str) -> str:
    """Return a cell without what `harmless` put before it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def amount(text: str, *, decimal_sign: str) -> Decimal | None:
    """Return an amount of money to the cent, or None where it cannot be read, is negative or too large.

    `decimal_sign` is "." or ","; the other one may stand between thousands. Currency signs are left out.
    """
    grouping = "." if decimal_sign == "," else ","
    plain = _MONEY_SIGNS.sub("", text)
    spelling = rf"-?(\d{{1,3}}(\{grouping}\d{{3}})+|\d+)(\{decimal_sign}\d+)?"
    if not re.fullmatch(spelling, plain, re.ASCII):
        return None
    value = Decimal(plain.replace(grouping, "").replace(decimal_sign, "."))
    return value.quantize(Decimal("0.01")) if 0 <= value <= LARGEST_AMOUNT else None
