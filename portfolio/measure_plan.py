"""What a sheet of measurements would add to what is there: new, here already, or refused."""

import hashlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.dateformat import format as formatted

from portfolio.measure_sheet import Entry
from portfolio.models import Measurement, Round
from portfolio.progress import figure
from portfolio.registers.findings import Finding

#: Rounds of which nothing says when they began take measurements from this day on.
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class MeasurePlan:
    """What would be added, what is here already, and what is refused because of what is here."""

    new: list[Entry]
    here: list[Entry]
    refused: list[Finding]

    @property
    def mark(self) -> str:
        """A short name of what would be added: another one, once that is no longer the same."""
        text = "\n".join(f"{entry.number} {entry.on} {entry.value} {entry.note} {entry.source}" for entry in self.new)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan_entries(round_: Round, entries: Sequence[Entry], *, today: date) -> MeasurePlan:
    """Hold the entries against what stands. One criterion has one value a day: another one is a correction.

    The same value on the same day is here already, so that a file brought twice adds nothing. One query.
    """
    standing: dict[tuple[int, date], Decimal] = {}
    replaced: set[tuple[int, date, Decimal]] = set()
    rows = Measurement.objects.filter(criterion__round=round_).order_by("pk")
    for number, on, value, withdrawn, later in rows.values_list(
        "criterion__number", "on", "value", "withdrawn", "superseded_by"
    ):
        if withdrawn or later:
            replaced.add((number, on, value))
        else:
            standing[number, on] = value
    plan = MeasurePlan([], [], [])
    for entry in entries:
        there = standing.get((entry.number, entry.on))
        if there == entry.value:
            plan.here.append(entry)
        elif refusal := _refusal(round_, entry, there, replaced, today=today):
            plan.refused.append(refusal)
        else:
            standing[entry.number, entry.on] = entry.value
            plan.new.append(entry)
    return plan


def _refusal(
    round_: Round,
    entry: Entry,
    there: Decimal | None,
    replaced: AbstractSet[tuple[int, date, Decimal]],
    *,
    today: date,
) -> Finding | None:
    column = f"Criterion {entry.number}"
    if outside := day_refused(round_, entry.on, today=today):
        return Finding(entry.line, "Date", *outside)
    if there is not None:
        what = f"{figure(entry.value)} on {_on(entry.on)}, but there is {figure(there)} on that day."
        return Finding(entry.line, column, "other_value", what, "Correct the one that is there, or leave out the row.")
    if (entry.number, entry.on, entry.value) in replaced:
        what = f"{figure(entry.value)} on {_on(entry.on)} was corrected or withdrawn."
        return Finding(entry.line, column, "replaced", what, "Leave out the row; or enter it by hand if it is right.")
    return None


def day_refused(round_: Round, on: date, *, today: date) -> tuple[str, str, str] | None:
    """Why no measurement of this round can be of that day, if so: code, reason, way out."""
    if on > today:
        return "day_to_come", f"{_on(on)} is still to come.", "Write the day on which it was measured."
    earliest = round_.starts_on or EARLIEST
    if on < earliest:
        what = f"{_on(on)} is before the start of the round on {_on(earliest)}."
        if round_.starts_on is None:
            what = f"{_on(on)} is before anything that is kept here."
        return (
            "day_before_start",
            what,
            "What was measured before the start is the baseline; it belongs to the contract.",
        )
    return None


def _on(on: date) -> str:
    return formatted(on, "j F Y")
