"""The decision log as a file: CSV and XLSX, with no cell that a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.writer.excel import save_workbook

from gates.models import Condition, Decision

#: Columns of both files, in order.
COLUMNS = (
    "Number", "Decided on", "Pilot", "Title", "Round", "Decision", "Why", "Committee", "Decided by", "Authority",
    "Dissent", "Override", "Learned", "Reason", "Conditions", "Look again on", "Superseded by",
)  # fmt: skip
#: A cell that begins so would be worked out by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_of(decisions: Iterable[Decision]) -> Iterator[list[str]]:
    """One row of text for each decision. One query for the conditions of all."""
    found = list(decisions)
    conditions: dict[int | None, list[str]] = {}
    for condition in Condition.objects.filter(decision__in=found).select_related("owner").order_by("due", "pk"):
        said = f"{condition.text} ({condition.owner}, until {condition.due:%Y-%m-%d}, {condition.state_in_words})"
        conditions.setdefault(condition.decision_id, []).append(said)
    for one in found:
        yield [safe(value) for value in _row(one, conditions.get(one.pk, []))]


def as_csv(decisions: Iterable[Decision]) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read its accents."""
    into = io.StringIO()
    writer = csv.writer(into)
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(decisions))
    return into.getvalue().encode("utf-8-sig")


def as_xlsx(decisions: Iterable[Decision]) -> bytes:
    """One sheet of text cells."""
    into, book = io.BytesIO(), Workbook(write_only=True)
    sheet = book.create_sheet("Decisions")
    sheet.freeze_panes = "A2"
    sheet.append(COLUMNS)
    for row in rows_of(decisions):
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", value) for value in row])
    save_workbook(book, into)
    return into.getvalue()


def safe(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula: an apostrophe stands before what would start one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(one: Decision, conditions: list[str]) -> list[Any]:
    pilot = one.round.pilot
    later, again = getattr(one, "superseded_by", None), one.look_again_on or one.next_due
    return [
        one.number,
        one.decided_on.isoformat(),
        pilot.code,
        pilot.title,
        one.round.number,
        one.get_outcome_display(),
        one.rationale,
        one.committee or "",
        one.deciders,
        one.get_authority_path_display(),
        one.dissent,
        one.override_reason,
        one.learnings,
        one.get_stop_reason_display() if one.stop_reason else "",
        "\n".join(conditions),
        again.isoformat() if again else "",
        later.number if later else "",
    ]
