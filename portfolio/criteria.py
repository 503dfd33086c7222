"""Reading the success criteria of rounds: as they were agreed, and as amendments have made them since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from portfolio.models import Amendment, SuccessCriterion
from portfolio.states import AmendmentKind, Direction, MetricKind

_FIELDS = {field.name: field for field in SuccessCriterion._meta.fields}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a criterion says, at one time."""

    metric: str
    unit: str
    kind: str
    direction: str
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    method: str
    source: str
    measured_by: date | None

    @classmethod
    def of(cls, criterion: SuccessCriterion) -> Self:
        """The terms that a row holds."""
        return cls(**{name: getattr(criterion, name) for name in TERMS})

    def amended(self, changes: Mapping[str, Any]) -> Self:
        """These terms after an amendment's changes."""
        return replace(self, **{name: _FIELDS[name].to_python(to["new"]) for name, to in changes.items()})

    @property
    def kind_label(self) -> str:
        return MetricKind(self.kind).label

    @property
    def direction_label(self) -> str:
        return Direction(self.direction).label


#: Names of what a criterion says.
TERMS = tuple(field.name for field in fields(Terms))


@dataclass(frozen=True)
class AgreedCriterion:
    """A criterion of a round: the row as it was agreed, what holds now, and how it came to that."""

    original: SuccessCriterion
    now: Terms
    #: Oldest first.
    amendments: tuple[Amendment, ...] = ()

    @property
    def number(self) -> int:
        return self.original.number

    @property
    def withdrawn(self) -> bool:
        """Whether an amendment took it back. It stays on record and counts for nothing."""
        return any(amendment.kind == AmendmentKind.WITHDRAWN for amendment in self.amendments)

    @property
    def added(self) -> bool:
        """Whether it was added after the start."""
        return any(amendment.kind == AmendmentKind.ADDED for amendment in self.amendments)

    @property
    def last_amendment(self) -> int:
        """Number of the last amendment, 0 where there is none: what a form of it has seen."""
        return self.amendments[-1].number if self.amendments else 0


def agreed_criteria(round_ids: Collection[int]) -> dict[int, list[AgreedCriterion]]:
    """The criteria of each of the rounds, by number, withdrawn ones included. Two queries, however many rounds."""
    found: dict[int, list[AgreedCriterion]] = {key: [] for key in round_ids}
    rows = list(SuccessCriterion.objects.filter(round__in=found).order_by("round", "number"))
    amendments: dict[int | None, list[Amendment]] = {}
    about = Amendment.objects.filter(round__in=found, criterion__isnull=False)
    for amendment in about.select_related("approver", "made_by").order_by("number"):
        amendments.setdefault(amendment.criterion_id, []).append(amendment)
    for row in rows:
        found[row.round_id].append(folded(row, amendments.get(row.pk, ())))
    return found


def folded(criterion: SuccessCriterion, amendments: Collection[Amendment]) -> AgreedCriterion:
    """Fold amendments, oldest first, into what was agreed."""
    now = Terms.of(criterion)
    for amendment in amendments:
        now = now.amended(amendment.changes)
    return AgreedCriterion(criterion, now, tuple(amendments))
