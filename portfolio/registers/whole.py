"""A whole register: from the bytes of a file to rows with references and facts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portfolio.registers.facts import Facts
from portfolio.registers.findings import Finding
from portfolio.registers.interpreting import Interpreter
from portfolio.registers.mapping import Register
from portfolio.registers.reading import Row, Table, read_csv
from portfolio.registers.references import Keyed, keyed_rows
from portfolio.registers.workbook import is_workbook, read_workbook

#: Passes rows on one by one and shows how far it is; without one, nothing is shown.
Progress = Callable[[Sequence[Row]], Iterable[Row]]


@dataclass(frozen=True)
class Understood:
    """A row of which all was understood that has to be."""

    keyed: Keyed
    facts: Facts


@dataclass(frozen=True)
class Contents:
    """A register as one mapping understands it. Every row is among `rows` or its line among those of `refused`."""

    register: Register
    how: str
    total: int
    rows: list[Understood]
    refused: list[Finding]
    warnings: list[Finding]


def read_register(
    content: bytes,
    register: Register,
    *,
    today: date,
    unit: Sequence[str] = (),
    progress: Progress = iter,
) -> Contents:
    """Read a register; UnusableError where the file is of no use, whatever is in it.

    `unit` names columns in place of the mapping's. `today` decides what has begun and what is over.
    """
    table = _table(content, register)
    places = register.places(table.header, unit=unit)
    interpreter = Interpreter(
        register=register,
        places=places,
        width=len(table.header),
        unit_columns=tuple(unit) or register.unit,
        today=today,
    )
    refused: list[Finding] = []
    found = {}
    for row in progress(table.rows):
        interpreted = interpreter.interpret(row)
        refused += interpreted.refusals
        if interpreted.facts is not None:
            found[row.line] = (row, interpreted.facts, interpreted.warnings)
    keyed, alike = keyed_rows([row for row, _, _ in found.values()], register, places)
    rows = [Understood(one, found[one.row.line][1]) for one in keyed]
    warnings = [warning for one in keyed for warning in found[one.row.line][2]]
    return Contents(
        register=register,
        how=table.how,
        total=len(table.rows),
        rows=rows,
        refused=sorted(refused + alike, key=lambda finding: finding.line),
        warnings=warnings,
    )


def _table(content: bytes, register: Register) -> Table:
    if is_workbook(content):
        return read_workbook(content, sheet=register.sheet, fits=register.fits)
    return read_csv(content, encodings=register.encodings, separators=register.separators, fits=register.fits)
