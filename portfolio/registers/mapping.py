"""Mappings: what the columns of a register mean, as data (TOML). See docs/real-register.md for how to write one."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portfolio.registers.cleaning import alike
from portfolio.registers.dates import DateReader
from portfolio.registers.findings import UnusableError
from portfolio.states import RiskClass, Stage

#: Mappings that ship with the product, by name.
SHIPPED = Path(__file__).resolve().parent.parent / "mappings"
#: Days of a pilot and its round that a register may give.
DAYS = ("starts_on", "planned_end", "decision_due", "ended_on", "launched_on", "retired_on")
#: Stages that a register may give. Research needs a learning goal and a review date, which only a decision sets.
STAGES = tuple(stage for stage in Stage if stage != Stage.RESEARCH)


@dataclass(frozen=True)
class SummaryPart:
    """A column whose text goes into the summary, behind its label."""

    column: str
    label: str = ""


@dataclass(frozen=True)
class StageRule:
    """What one or several words of the register's stage column mean."""

    stage: Stage
    #: Columns of days that hold for these words only, in place of those of the mapping.
    days: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Draft until the first day of `starts_on`; running from it.
    runs_once_started: bool = False


@dataclass(frozen=True)
class Register:
    """A mapping, checked: how rows of one register become pilots."""

    source: str
    title: str
    title_column: str
    reference: tuple[str, ...]
    unit: tuple[str, ...]
    date_reader: DateReader
    tell_apart: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()
    separators: tuple[str, ...] = ()
    sheet: str = ""
    nothing: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    required_days: frozenset[str] = frozenset()
    summary: tuple[SummaryPart, ...] = ()
    #: Columns of plain facts: technology, vendor, monthly_cost, cost_so_far.
    facts: Mapping[str, str] = field(default_factory=dict)
    decimal_sign: str = "."
    risk_column: str = ""
    risk_values: Mapping[str, RiskClass] = field(default_factory=dict)
    risk_default: RiskClass = RiskClass.LIMITED
    stage_column: str = ""
    stage_rules: Mapping[str, StageRule] = field(default_factory=dict)
    stage_default: StageRule = field(default_factory=lambda: StageRule(Stage.DRAFT))
    days: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Months after the start at which a decision is taken to be due where the register gives no day; 0: none.
    assumed_due_months: int = 0

    def columns(self) -> list[str]:
        """Every column that this mapping names, each once, in its order."""
        rules = (*self.stage_rules.values(), self.stage_default)
        groups: tuple[Iterable[str], ...] = (
            self.reference,
            (self.title_column,),
            self.unit,
            self.tell_apart,
            (part.column for part in self.summary),
            self.facts.values(),
            (self.risk_column, self.stage_column),
            *self.days.values(),
            *(columns for rule in rules for columns in rule.days.values()),
        )
        return list(dict.fromkeys(name for group in groups for name in group if name))

    def places(self, header: Sequence[str], *, unit: Sequence[str] = ()) -> dict[str, int]:
        """Return where each named column stands in `header`; UnusableError that names the missing and the nearest.

        `unit` takes the place of the mapping's columns of the unit.
        """
        found: dict[str, list[int]] = {}
        for place, name in enumerate(header):
            found.setdefault(alike(name), []).append(place)
        wanted = [name for name in self.columns() if not unit or name not in self.unit or name in self.reference]
        places, problems = {}, []
        for name in dict.fromkeys([*wanted, *unit]):
            match found.get(alike(name), []):
                case [place]:
                    places[name] = place
                case []:
                    if name not in self.optional:
                        problems.append(_missing(name, header))
                case several:
                    numbers = ", ".join(str(place + 1) for place in several)
                    problems.append(f"{name!r} is the name of several columns ({numbers}).")
        if problems:
            raise UnusableError(
                f"The columns do not fit the mapping {self.source}: " + " ".join(problems),
                "Choose another mapping, name the columns so, or write a mapping for this register.",
            )
        return places

    def fits(self, cells: Sequence[str]) -> int:
        """Count the named columns among `cells`, to find the header."""
        here = {alike(cell) for cell in cells}
        return sum(alike(name) in here for name in self.columns())


def shipped() -> list[str]:
    """Names of the mappings that ship with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def mapping_text(name_or_path: str) -> str:
    """Return the text of a shipped mapping by its name, or of a .toml file; UnusableError where there is none."""
    if name_or_path in shipped():
        return (SHIPPED / f"{name_or_path}.toml").read_text(encoding="utf-8")
    if not name_or_path.endswith(".toml"):
        near = difflib.get_close_matches(name_or_path, shipped(), n=1, cutoff=0.4)
        hint = f" Nearest: {near[0]}." if near else ""
        raise UnusableError(
            f"There is no mapping {name_or_path!r}.{hint}",
            f"Shipped: {', '.join(shipped())}. Or give the path of a .toml file.",
        )
    try:
        return Path(name_or_path).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise UnusableError(
            f"The mapping {name_or_path} cannot be read.", "It must be a TOML file in UTF-8."
        ) from error


def toml(text: str) -> dict[str, Any]:
    """Return the content of a mapping's text; UnusableError where it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnusableError(f"The mapping is not valid TOML: {error}.", "Compare it with one that ships.") from error


def _missing(name: str, header: Sequence[str]) -> str:
    near = difflib.get_close_matches(alike(name), [alike(cell) for cell in header if cell], n=1, cutoff=0.5)
    if not near:
        return f"{name!r} is missing."
    spelled = next(cell for cell in header if alike(cell) == near[0])
    return f"{name!r} is missing; the nearest is {' '.join(spelled.split())!r}."
