"""From rows to facts, by a mapping: what a row says, what of it was not understood, why it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolio.registers.cleaning import alike, amount, clean, is_nothing, one_line, shorten
from portfolio.registers.facts import Facts
from portfolio.registers.findings import Finding
from portfolio.registers.living import Life, life_of
from portfolio.registers.mapping import DAYS, Register, StageRule
from portfolio.registers.reading import Row
from portfolio.states import RiskClass

TITLE_LENGTH, NAME_LENGTH = 200, 160
_MAX_LEVELS = 6


@dataclass(frozen=True)
class Interpreted:
    """A row as it was understood. It is refused where `refusals` holds anything; then there are no `facts`."""

    facts: Facts | None
    warnings: list[Finding]
    refusals: list[Finding]


@dataclass(frozen=True)
class Interpreter:
    """Reads rows of one table by one mapping. `today` decides what has begun and what is over."""

    register: Register
    #: Where each column stands.
    places: Mapping[str, int]
    #: How many columns the header names.
    width: int
    unit_columns: tuple[str, ...]
    today: date

    def interpret(self, row: Row) -> Interpreted:
        """Return what `row` says."""
        return _Reading(self, row).interpreted()


class _Reading:
    """The reading of one row; gathers what is found on the way."""

    def __init__(self, interpreter: Interpreter, row: Row) -> None:
        self._by, self._register, self._row = interpreter, interpreter.register, row
        self._warnings: list[Finding] = []
        self._refusals: list[Finding] = []

    def interpreted(self) -> Interpreted:
        self._check_width()
        title, full_title = self._title()
        unit_path = self._unit_path()
        rule = self._stage_rule()
        life = self._life(rule)
        facts = Facts(
            title=title,
            summary=self._summary(full_title),
            unit_path=unit_path,
            risk_class=self._risk_class(),
            technology=self._name("technology"),
            vendor=self._name("vendor"),
            monthly_cost=self._amount("monthly_cost"),
            cost_so_far=self._amount("cost_so_far"),
            **life.facts(),
        )
        return Interpreted(None if self._refusals else facts, self._warnings, self._refusals)

    def _cell(self, column: str) -> str:
        place = self._by.places.get(column)
        if place is None or place >= len(self._row.cells):
            return ""
        cell = self._row.cells[place]
        return "" if is_nothing(cell, self._register.nothing) else cell

    def _warn(self, column: str, code: str, what: str, way_out: str = "") -> None:
        self._warnings.append(Finding(self._row.line, column, code, what, way_out))

    def _refuse(self, column: str, code: str, what: str, way_out: str) -> None:
        self._refusals.append(Finding(self._row.line, column, code, what, way_out))

    def _check_width(self) -> None:
        cells, width = len(self._row.cells), self._by.width
        if any(self._row.cells[width:]):
            self._refuse(
                "",
                "too_many_cells",
                f"This row has {cells} cells, the header names {width} columns"
                + (f"; it runs to line {self._row.last_line}." if self._row.last_line > self._row.line else "."),
                "Look for a separator or a quotation mark too many.",
            )
        elif cells < width:
            self._warn("", "short_row", f"This row ends after {cells} of {width} cells; the rest is taken as blank.")

    def _title(self) -> tuple[str, str]:
        """Return the title, and the full one where it had to be cut."""
        column = self._register.title_column
        full = one_line(self._cell(column))
        if not full:
            self._refuse(column, "no_title", "The pilot has no name.", f"Fill in {column!r}.")
        title = shorten(full, TITLE_LENGTH)
        if title == full:
            return title, ""
        self._warn(
            column, "title_cut", f"The name has {len(full)} characters; it was cut, and stands in full in the summary."
        )
        return title, full

    def _summary(self, full_title: str) -> str:
        parts = [full_title] if full_title else []
        parts += [
            f"{part.label}: {text}" if part.label else text
            for part in self._register.summary
            if (text := self._cell(part.column))
        ]
        return "\n\n".join(parts)

    def _unit_path(self) -> tuple[str, ...]:
        path: list[str] = []
        for column in self._by.unit_columns[:_MAX_LEVELS]:
            full = one_line(self._cell(column))
            name = shorten(full, NAME_LENGTH)
            if name != full:
                self._warn(column, "name_cut", f"The name has {len(full)} characters; it was cut.")
            if name and (not path or alike(name) != alike(path[-1])):
                path.append(name)
        if not path:
            columns = self._by.unit_columns
            self._refuse(
                columns[0], "no_unit", "No unit is named.", f"Fill in {columns[0]!r}, or name another --unit-column."
            )
        return tuple(path)

    def _risk_class(self) -> RiskClass:
        column, default = self._register.risk_column, self._register.risk_default
        text = self._cell(column)
        if found := self._register.risk_values.get(alike(text)):
            return found
        if column and text:
            self._unknown_word(column, "risk_unknown", text, f"taken as {default.label.lower()} risk")
        elif column:
            self._warn(column, "risk_blank", f"No risk class is given; taken as {default.label.lower()} risk.")
        return default

    def _stage_rule(self) -> StageRule:
        column, default = self._register.stage_column, self._register.stage_default
        text = self._cell(column)
        if found := self._register.stage_rules.get(alike(text)):
            return found
        taken = f"taken as {default.stage.label.lower()}"
        if column and text:
            self._unknown_word(column, "stage_unknown", text, taken)
        elif column:
            self._warn(column, "stage_blank", f"No stage is given; {taken}.")
        return default

    def _unknown_word(self, column: str, code: str, text: str, taken: str) -> None:
        self._warn(
            column, code, f"{shorten(one_line(text), 80)!r} is not in the mapping; {taken}.", "Add it to the mapping."
        )

    def _name(self, fact: str) -> str:
        column = self._register.facts.get(fact, "")
        full = one_line(self._cell(column))
        name = shorten(full, NAME_LENGTH)
        if name != full:
            self._warn(column, "name_cut", f"The text has {len(full)} characters; it was cut.")
        return name

    def _amount(self, fact: str) -> Decimal | None:
        column = self._register.facts.get(fact, "")
        text = one_line(self._cell(column))
        if not text:
            return None
        value = amount(text, decimal_sign=self._register.decimal_sign)
        if value is None:
            self._warn(
                column,
                "amount_unreadable",
                f"{shorten(text, 60)!r} is not read as an amount; left blank.",
                f"Write it in figures, with {self._register.decimal_sign!r} before the cents.",
            )
        return value

    def _life(self, rule: StageRule) -> Life:
        columns = {name: rule.days.get(name, self._register.days.get(name, ())) for name in DAYS}
        days = {name: self._day(of) for name, of in columns.items()}
        for name in sorted(self._register.required_days):
            if days[name] is None:
                self._refuse(_first(columns[name]), "day_required", "This date is required.", "Write the day in full.")
        life, remarks = life_of(rule, days, today=self._by.today, assumed_months=self._register.assumed_due_months)
        for code, name, what in remarks:
            self._warn(_first(columns[name]), code, what)
        return life

    def _day(self, columns: Sequence[str]) -> date | None:
        """Return the first day that can be read among `columns`; what cannot be read is warned of."""
        for column in columns:
            text = clean(self._cell(column))
            if not text:
                continue
            found = self._register.date_reader.read(text)
            if found is None:
                self._warn(
                    column,
                    "date_unreadable",
                    f"{shorten(one_line(text), 60)!r} is not read as a date; left blank.",
                    "Write the day in full, as 2026-11-16, or add its spelling to the mapping.",
                )
                continue
            if found.code:
                self._warn(column, found.code, found.what[:1].upper() + found.what[1:] + ".")
            return found.day
        return None


def _first(columns: Sequence[str]) -> str:
    return columns[0] if columns else ""
