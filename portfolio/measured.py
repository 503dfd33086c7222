"""Reading what was measured in a round: its criteria with every value, and as a table to take along."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from portfolio.charts import Chart, charts_of
from portfolio.measure_sheet import Asked
from portfolio.models import Measurement, Round
from portfolio.progress import CriterionProgress, Value, progress_of
from portfolio.registers.cleaning import harmless
from portfolio.states import RoundState

HEADER = (
    "Criterion", "Metric", "Unit", "Date", "Value", "Note", "Source", "Entered", "By", "Standing", "Reason",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """A criterion of a round with where it stands, drawn."""

    progress: CriterionProgress
    charts: list[Chart]


def measured_round(rounds: list[Round], wanted: int | None = None) -> Round | None:
    """The round of that number; without one the latest that has begun, or the latest. `rounds` come newest first."""
    if wanted is not None:
        return next((one for one in rounds if one.number == wanted), None)
    begun = (one for one in rounds if one.state != RoundState.DRAFT)
    return next(begun, rounds[0] if rounds else None)


def measured(round_: Round, *, today: date) -> list[Measured]:
    """Every criterion of a round, drawn. Three queries, and one more where the round is decided."""
    found = progress_of([round_.pk], today)[round_.pk]
    late = late_values(round_)
    return [
        Measured(each, charts_of(each, since=round_.starts_on, afterwards=late.get(each.agreed.original.pk, [])))
        for each in found
    ]


def late_values(round_: Round) -> dict[int, list[Value]]:
    """The values that were added after the decision, by criterion."""
    if round_.state != RoundState.DECIDED:
        return {}
    found: dict[int, list[Value]] = {}
    rows = Measurement.objects.standing().filter(criterion__round=round_, afterwards=True).order_by("on", "pk")
    for criterion, on, value in rows.values_list("criterion", "on", "value"):
        found.setdefault(criterion, []).append(Value(on, value))
    return found


def asked_in(progress: Iterable[CriterionProgress]) -> list[Asked]:
    """The criteria that a sheet may name: those that are measured still."""
    return [Asked(each.number, each.metric, each.unit) for each in progress if not each.withdrawn]


@dataclass(frozen=True)
class Line:
    """A value in the table of a criterion, and the row that corrected or withdrew it, if one did."""

    row: Measurement
    replaced: Measurement | None


def lines_of(rows: Iterable[Measurement]) -> list[Line]:
    """Set what replaced each row beside it; `rows` as `rows_of` gives them."""
    return [Line(row, getattr(row, "superseded_by", None)) for row in rows]


def rows_of(criterion: int) -> QuerySet[Measurement]:
    """Every value of a criterion, the latest day first, those that were corrected or withdrawn included."""
    rows = Measurement.objects.filter(criterion=criterion, withdrawn=False)
    return rows.select_related("recorded_by", "superseded_by__recorded_by").order_by("-on", "-pk")


def as_csv(round_: Round, progress: Iterable[CriterionProgress]) -> str:
    """Every row of a round as a spreadsheet's table. No cell starts a formula, and it can be brought back as it is."""
    names = {each.agreed.original.pk: each for each in progress}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    rows = Measurement.objects.filter(criterion__round=round_).select_related("recorded_by", "superseded_by")
    for row in rows.order_by("criterion__number", "on", "pk"):
        about = names[row.criterion_id]
        words = (row.note, row.source)
        writer.writerow(
            [
                about.number,
                harmless(about.metric),
                harmless(about.unit),
                row.on.isoformat(),
                plain_figure(row.value),
                *map(harmless, words),
                row.at.isoformat(timespec="seconds"),
                harmless(str(row.recorded_by or "")),
                _standing(row),
                harmless(row.reason),
            ]
        )
    return text.getvalue()


def plain_figure(value: Decimal) -> str:
    """A number for a table: a decimal point, no groups, and never three decimals, which could be read as a group."""
    plain = value.normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    return f"{plain:.{4 if places == 3 else places}f}"


def _standing(row: Measurement) -> str:
    if row.withdrawn:
        return "withdrawn"
    if hasattr(row, "superseded_by"):
        return "replaced"
    return "added after the decision" if row.afterwards else "counts"
