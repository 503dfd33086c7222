"""From the text of a mapping to a checked `Register`: every mistake is named, with its place in the file."""

import codecs
import difflib
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from portfolio.registers.cleaning import alike
from portfolio.registers.dates import DateReader
from portfolio.registers.findings import UnusableError
from portfolio.registers.mapping import DAYS, STAGES, Register, StageRule, SummaryPart, mapping_text, toml
from portfolio.states import RiskClass, Stage

T = TypeVar("T")
_PLAIN_FACTS = ("technology", "vendor", "monthly_cost", "cost_so_far")


def load_register(name_or_path: str) -> Register:
    """Return the mapping of that name (shipped) or path; UnusableError that says what is wrong with it."""
    return register_from(mapping_text(name_or_path))


def register_from(text: str) -> Register:
    """Return the mapping that `text` (TOML) describes."""
    root = _Section("", toml(text))
    pilot, dates, file = root.section("pilot"), root.section("dates"), root.section("file")
    risk, stage, reference = root.section("risk_class"), root.section("stage"), root.section("reference")
    register = Register(
        source=root.text("source", needed=True),
        title=root.text("title", needed=True),
        encodings=file.checked("encodings", _encoding),
        separators=file.checked("separators", _separator),
        sheet=file.text("sheet"),
        nothing=frozenset(map(alike, file.texts("nothing"))),
        optional=frozenset(file.texts("optional")),
        reference=reference.texts("columns", needed=True),
        tell_apart=reference.texts("tell_apart"),
        title_column=pilot.text("title", needed=True),
        unit=pilot.texts("unit", needed=True),
        summary=tuple(_summary_part(part) for part in pilot.sections("summary")),
        facts={name: column for name in _PLAIN_FACTS if (column := pilot.text(name))},
        decimal_sign=pilot.one_of("decimal_sign", (".", ","), "."),
        risk_column=risk.text("column"),
        risk_values=_risk_values(risk.section("values")),
        risk_default=RiskClass(risk.one_of("default", RiskClass.values, RiskClass.LIMITED)),
        stage_column=stage.text("column"),
        stage_default=StageRule(Stage(stage.one_of("default", [*STAGES], Stage.DRAFT))),
        stage_rules=_stage_rules(stage.sections("rule")),
        date_reader=_date_reader(dates),
        required_days=frozenset(dates.checked("required", _day_name)),
        days={name: columns for name in DAYS if (columns := dates.texts(name))},
        assumed_due_months=dates.section("assume_decision_due").number("months_after_start"),
    )
    for section in (root, pilot, dates, file, risk, stage, reference):
        section.nothing_else()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", register.source):
        raise root.wrong("source", "must be a short name of small letters, digits and dashes")
    return register


class _Section:
    """A table of the file, which remembers what was asked for, so that what is left is a mistake."""

    def __init__(self, name: str, content: dict[str, Any]) -> None:
        self._name, self._content = name, content
        self._asked: dict[str, None] = {}
        self._below: list[_Section] = []

    def wrong(self, key: str, what: str) -> UnusableError:
        place = f"{self._name}.{key}".strip(".")
        return UnusableError(f"The mapping's {place} {what}.", "Compare it with one that ships.")

    def nothing_else(self) -> None:
        for below in self._below:
            below.nothing_else()
        for key in self._content.keys() - self._asked.keys():
            near = difflib.get_close_matches(key, self._asked, n=1)
            raise self.wrong(key, "is not known" + (f"; the nearest is {near[0]}" if near else ""))

    def has(self, key: str) -> bool:
        return key in self._content

    def section(self, key: str) -> "_Section":
        return self._sub(self._get(key, dict, {}), f"{self._name}.{key}".strip("."))

    def sections(self, key: str) -> list["_Section"]:
        found = self._get(key, list, [])
        if not all(isinstance(part, dict) for part in found):
            raise self.wrong(key, "must be a list of tables")
        return [self._sub(part, f"{self._name}.{key} number {number}") for number, part in enumerate(found, 1)]

    def text(self, key: str, *, needed: bool = False) -> str:
        found: str = self._get(key, str, "")
        if needed and not found.strip():
            raise self.wrong(key, "is missing")
        return found

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        found = self._get(key, list, [])
        if not all(isinstance(part, str) and part for part in found):
            raise self.wrong(key, "must be a list of texts")
        if needed and not found:
            raise self.wrong(key, "is missing")
        return tuple(found)

    def number(self, key: str, default: int = 0) -> int:
        found: int = self._get(key, int, default)
        if not 0 <= found <= 1200:
            raise self.wrong(key, "must be a number from 0 to 1200")
        return found

    def flag(self, key: str) -> bool:
        return self._get(key, bool, default=False)

    def one_of(self, key: str, allowed: Iterable[str], default: str) -> str:
        found: str = self._get(key, str, default)
        choices = [str(choice) for choice in allowed]
        if found not in choices:
            raise self.wrong(key, f"must be one of: {', '.join(choices)}")
        return found

    def checked(self, key: str, is_right: Callable[[str], str]) -> tuple[str, ...]:
        for text in self.texts(key):
            if problem := is_right(text):
                raise self.wrong(key, problem)
        return self.texts(key)

    def _sub(self, content: dict[str, Any], name: str) -> "_Section":
        below = _Section(name, content)
        self._below.append(below)
        return below

    def _get(self, key: str, kind: type[T], default: T) -> T:
        self._asked[key] = None
        found = self._content.get(key, default)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            kinds = {str: "a text", list: "a list", dict: "a table", int: "a whole number", bool: "true or false"}
            raise self.wrong(key, f"must be {kinds[kind]}")
        return found


def _summary_part(section: _Section) -> SummaryPart:
    return SummaryPart(section.text("column", needed=True), section.text("label"))


def _risk_values(section: _Section) -> dict[str, RiskClass]:
    return {alike(word): risk for risk in RiskClass for word in section.texts(risk.value)}


def _stage_rules(sections: list[_Section]) -> dict[str, StageRule]:
    rules = {}
    for section in sections:
        rule = StageRule(
            stage=Stage(section.one_of("is", [*STAGES], Stage.DRAFT)),
            days={name: section.texts(name) for name in DAYS if section.has(name)},
            runs_once_started=section.flag("runs_once_started"),
        )
        if rule.runs_once_started and rule.stage != Stage.DRAFT:
            raise section.wrong("runs_once_started", "makes sense only where the stage is draft")
        rules.update({alike(word): rule for word in section.texts("says", needed=True)})
    return rules


def _date_reader(section: _Section) -> DateReader:
    months = section.texts("month_names")
    if months and len(months) != 12:
        raise section.wrong("month_names", "must be twelve names")
    starts = section.number("fiscal_year_starts", 1)
    if not 1 <= starts <= 12:
        raise section.wrong("fiscal_year_starts", "must be a month from 1 to 12")
    try:
        return DateReader(
            section.texts("formats"),
            month_names=months,
            fiscal_year_starts=starts,
            spreadsheet_years=section.flag("spreadsheet_years"),
            remarks=section.flag("remarks"),
        )
    except (ValueError, re.error) as error:
        raise section.wrong("formats", f"holds a spelling that cannot be used: {error}") from error


def _encoding(name: str) -> str:
    try:
        return "" if codecs.lookup(name)._is_text_encoding else f"names {name!r}, which is no encoding of text"  # noqa: SLF001  Python has no public name for it
    except LookupError:
        return f"names the encoding {name!r}, which is not known"


def _separator(text: str) -> str:
    return "" if len(text) == 1 and text not in '"\r\n' else "must hold single characters"


def _day_name(name: str) -> str:
    return "" if name in DAYS else f"must hold names of days: {', '.join(DAYS)}"
