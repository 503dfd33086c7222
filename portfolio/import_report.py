"""The account of an import: in figures, in words, and as a table of the rows that need somebody."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portfolio.import_plan import Plan
from portfolio.registers.cleaning import harmless
from portfolio.registers.findings import Finding, by_reason
from portfolio.states import RoundState, Stage

#: The reasons for refusals and warnings, as a person reads them.
REASONS = {
    "no_reference": "nothing names the row",
    "same_row": "the same as another row, word for word",
    "not_told_apart": "has the name of another row, and nothing tells them apart",
    "too_many_cells": "has more cells than there are columns",
    "no_title": "the pilot has no name",
    "no_unit": "no unit is named",
    "day_required": "a required date is missing",
    "short_row": "the row ends early",
    "title_cut": "the name was too long and was cut",
    "name_cut": "a text was too long and was cut",
    "risk_unknown": "a risk class that the mapping does not know",
    "risk_blank": "no risk class given",
    "stage_unknown": "a stage that the mapping does not know",
    "stage_blank": "no stage given",
    "amount_unreadable": "an amount that cannot be read",
    "date_unreadable": "a date that cannot be read",
    "date_with_remark": "words after a date, left out",
    "date_spreadsheet_year": "a year that a spreadsheet turned into a day of 1905",
    "date_month_only": "only a month given, read as its first day",
    "date_quarter_only": "only a quarter given, read as its first day",
    "date_year_only": "only a year given, read as its first day",
    "date_fiscal year_only": "only a fiscal year given, read as its first day",
    "no_start": "has begun, but without a date; kept as a draft",
    "starts_later": "begins after today; kept as a draft",
    "before_start": "a day before the start, left out",
    "days_out_of_order": "days in the wrong order, both kept",
    "day_against_stage": "a day that does not go with the stage, left out",
    "day_to_come": "a day that is still to come, left out",
    "changed_here": "changed here and in the register; what stands here was kept",
}


@dataclass(frozen=True)
class Reason:
    """A reason with how often it was met."""

    words: str
    count: int


def reasons(findings: Iterable[Finding]) -> list[Reason]:
    """The reasons in words, the most frequent first."""
    return [Reason(REASONS.get(code, code), count) for code, count in by_reason(findings)]


def examples(findings: Iterable[Finding], *, of_each: int) -> list[Finding]:
    """The first few findings of each reason, in order."""
    seen: Counter[str] = Counter()
    shown = []
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= of_each:
            shown.append(finding)
    return shown


def stages(plan: Plan) -> list[tuple[Stage, int]]:
    """How many of the rows that were taken stand at each stage."""
    counts = Counter(row.facts.stage for row in plan.contents.rows)
    return [(stage, counts[stage]) for stage in Stage if counts[stage]]


def assumed_due(plan: Plan) -> int:
    """How many undecided rounds have a due date that the mapping assumed."""
    undecided = (RoundState.RUNNING, RoundState.AWAITING_DECISION)
    return sum(row.facts.state in undecided and row.facts.due_basis == "assumed" for row in plan.contents.rows)


def summary_lines(plan: Plan, *, written: bool) -> Iterator[str]:
    """The account in lines for a terminal. Without `written` it says what would happen."""
    contents = plan.contents
    yield f"{contents.register.title}: {contents.total:,} rows, {contents.how}."
    if not written:
        yield "Dry run: nothing was written. An import would do this:"
    yield f"  imported   {len(plan.arrivals):>7,}"
    yield f"  updated    {len(plan.changes):>7,}"
    yield f"  unchanged  {plan.unchanged:>7,}"
    yield f"  refused    {plan.refused_rows:>7,}"
    for reason in reasons(contents.refused):
        yield f"    {reason.count:>7,}  {reason.words}"
    yield "Stages: " + (", ".join(f"{count:,} {stage.label.lower()}" for stage, count in stages(plan)) or "none") + "."
    if assumed := assumed_due(plan):
        yield f"Decision due: assumed for {assumed:,} undecided rounds, which are marked so."
    if contents.warnings or plan.left:
        yield f"Warnings on {plan.warned_rows:,} rows, which were taken all the same:"
        for reason in reasons([*contents.warnings, *plan.left]):
            yield f"    {reason.count:>7,}  {reason.words}"
    if plan.absent:
        yield f"{plan.absent:,} pilots of this register are not among the rows taken; they stay as they are."


def finding_lines(findings: list[Finding], most: int) -> Iterator[str]:
    """One line per finding, at most so many: where it is, what it is, and the way out."""
    for finding in findings[:most]:
        column = f", column {finding.column!r}" if finding.column else ""
        yield f"line {finding.line}{column}: {finding.what} {finding.way_out}".rstrip()
    if len(findings) > most:
        yield f"... and {len(findings) - most:,} more."


def findings_csv(refused: Iterable[Finding], *, taken: Iterable[Finding] = ()) -> str:
    """The refusals, and the warnings on rows that were taken, as a spreadsheet's table; no cell starts a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["Line", "Row was", "Column", "Reason", "What", "Way out"])
    for became, findings in (("refused", refused), ("taken", taken)):
        for finding in findings:
            words = (finding.column, REASONS.get(finding.code, finding.code), finding.what, finding.way_out)
            writer.writerow([finding.line, became, *map(harmless, words)])
    return text.getvalue()
