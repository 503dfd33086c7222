"""What a register says of one pilot and its round, ready to be written."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portfolio.states import DueBasis, RiskClass, RoundState, Stage


@dataclass(frozen=True)
class Facts:
    """One pilot as a register describes it. Nothing is in here that the register does not say or the mapping assume."""

    title: str
    summary: str
    unit_path: tuple[str, ...]
    risk_class: RiskClass
    technology: str
    vendor: str
    monthly_cost: Decimal | None
    cost_so_far: Decimal | None
    stage: Stage
    launched_on: date | None
    retired_on: date | None
    state: RoundState
    starts_on: date | None
    planned_end: date | None
    decision_due: date | None
    due_basis: DueBasis
    ended_on: date | None

    def plain(self) -> dict[str, Any]:
        """Return the facts as JSON holds them, to be compared with what the register says next time."""
        return {name: _plain(value) for name, value in asdict(self).items()}


#: Facts of the file, each followed by itself.
FILE_FACTS = ("title", "summary", "risk_class", "technology", "vendor", "monthly_cost", "cost_so_far")
#: Facts of the life of the pilot and of its round, followed together or not at all.
LIFE_OF_PILOT = ("stage", "launched_on", "retired_on")
LIFE_OF_ROUND = ("state", "starts_on", "planned_end", "decision_due", "due_basis", "ended_on")
LIFE = LIFE_OF_PILOT + LIFE_OF_ROUND


def _plain(value: object) -> object:
    match value:
        case None:
            return None
        case tuple():
            return list(value)
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def plain_fact(value: object) -> object:
    """Return one fact as JSON holds it."""
    return _plain(value)
