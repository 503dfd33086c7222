"""Dates as registers spell them. A mapping lists the spellings; nothing is guessed beyond them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

#: What a spelling is made of: "{month}/{day}/{year}", "Q{quarter}FY{fiscal_yy}".
_PIECES = {
    "day": r"(?P<day>\d{1,2})",
    "month": r"(?P<month>\d{1,2})",
    "year": r"(?P<year>\d{4})",
    "yy": r"(?P<yy>\d{2})",
    "quarter": r"(?P<quarter>[1-4])",
    "fiscal_year": r"(?P<fiscal_year>\d{4})",
    "fiscal_yy": r"(?P<fiscal_yy>\d{2})",
}
_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ISO = "{year}-{month}-{day}"
_EARLIEST, _LATEST = date(1950, 1, 1), date(2100, 1, 1)
#: Day 0 of spreadsheets: a year typed into a cell of dates becomes a day of the summer of 1905.
_SPREADSHEET_DAY_0 = date(1899, 12, 30)


@dataclass(frozen=True)
class ReadDate:
    """A date that was read, and what of it was not in the cell: "" where all of it was."""

    day: date
    #: Code of what had to be taken for granted, and its words.
    code: str = ""
    what: str = ""


class DateReader:
    """Reads cells by the spellings of one register."""

    def __init__(
        self,
        formats: Sequence[str] = (),
        *,
        month_names: Sequence[str] = (),
        fiscal_year_starts: int = 1,
        spreadsheet_years: bool = False,
        remarks: bool = False,
    ) -> None:
        """Compile the spellings; ValueError for one that cannot give a date. ISO 8601 is always read.

        `spreadsheet_years`: days of 1905 are years that a spreadsheet mistook for day counts.
        `remarks`: words after a date are left out.
        """
        self._months = _numbered(month_names or _ENGLISH)
        self._patterns = [self._compiled(spelling) for spelling in (_ISO, *formats)]
        self._fiscal_start = fiscal_year_starts
        self._spreadsheet_years = spreadsheet_years
        self._remarks = remarks

    def read(self, cell: str) -> ReadDate | None:
        """Return the date in a cell, or None where it cannot be read or is no date of our times."""
        text = " ".join(cell.split())
        for pattern in self._patterns:
            if found := pattern.fullmatch(text):
                return self._dated(found, "", "")
        if self._remarks:
            for pattern in self._patterns:
                found = pattern.match(text)
                if found and {"month", "month_name"} & pattern.groupindex.keys() and _ends(text, found.end()):
                    rest = text[found.end() :].strip(" ,;")
                    return self._dated(found, "date_with_remark", f"the words after the date were left out: {rest}")
        return None

    def _compiled(self, spelling: str) -> re.Pattern[str]:
        names = "|".join(sorted(map(re.escape, self._months), key=len, reverse=True))
        pieces = _PIECES | {"month_name": rf"(?P<month_name>{names})\.?"}
        source = ""
        for part in re.split(r"(\{\w+\})", spelling):
            name = part[1:-1]
            source += pieces[name] if part.startswith("{") and name in pieces else re.escape(part)
        pattern = re.compile(source.replace(r"\ ", r"\s?"), re.IGNORECASE)
        if not {"year", "yy", "fiscal_year", "fiscal_yy"} & pattern.groupindex.keys():
            raise ValueError(f"the spelling {spelling!r} names no year")
        return pattern

    def _dated(self, found: re.Match[str], code: str, what: str) -> ReadDate | None:
        parts = {name: value for name, value in found.groupdict().items() if value is not None}
        try:
            day, exact = self._day(parts)
        except ValueError:
            return None
        if self._spreadsheet_years and day.year == 1905 and exact == "day":
            code, what = "date_spreadsheet_year", f"a year that a spreadsheet turned into {day}; read as its first day"
            day = date((day - _SPREADSHEET_DAY_0).days, 1, 1)
        if not _EARLIEST <= day < _LATEST:
            return None
        if exact != "day" and not code:
            code, what = f"date_{exact}_only", f"only the {exact} is given; read as its first day"
        return ReadDate(day, code, what)

    def _day(self, parts: dict[str, str]) -> tuple[date, str]:
        if fiscal := _year(parts, "fiscal_year", "fiscal_yy"):
            months = self._fiscal_start - 1 + 3 * (int(parts.get("quarter", 1)) - 1)
            year = fiscal - (1 if self._fiscal_start > 1 else 0) + months // 12
            return date(year, months % 12 + 1, 1), "quarter" if "quarter" in parts else "fiscal year"
        year = _year(parts, "year", "yy")
        if "quarter" in parts:
            return date(year, 3 * int(parts["quarter"]) - 2, 1), "quarter"
        month = self._month(parts)
        if month is None:
            return date(year, 1, 1), "year"
        if "day" in parts:
            return date(year, month, int(parts["day"])), "day"
        return date(year, month, 1), "month"

    def _month(self, parts: dict[str, str]) -> int | None:
        if "month_name" in parts:
            return self._months[parts["month_name"].casefold()]
        return int(parts["month"]) if "month" in parts else None


def months_after(day: date, months: int) -> date:
    """Return the day so many months later; the last of the month where it has no such day."""
    total = day.year * 12 + day.month - 1 + months
    first = date(total // 12, total % 12 + 1, 1)
    last = (date((total + 1) // 12, (total + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return first.replace(day=min(day.day, last))


def _numbered(names: Sequence[str]) -> dict[str, int]:
    """Number the months by their names and, where no two share them, by their first three letters."""
    full = {name.casefold(): number for number, name in enumerate(names, start=1)}
    short = Counter(name[:3] for name in full)
    return {name[:3]: number for name, number in full.items() if short[name[:3]] == 1} | full


def _year(parts: dict[str, str], full: str, short: str) -> int:
    if full in parts:
        return int(parts[full])
    if short not in parts:
        return 0
    return datetime.strptime(parts[short], "%y").year  # noqa: DTZ007  the rule of the century, no moment


def _ends(text: str, at: int) -> bool:
    return at < len(text) and text[at] in " ,;("
