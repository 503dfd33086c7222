"""Look for drift."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from tqdm import tqdm

from audit.jobs import job_run
from gates.open_flags import open_by_rule
from gates.rules.contract_gaps import FAMILY_TITLE
from gates.rules.registry import BY_ID
from gates.scanning import JOB, ScanReport, scan
from portfolio.models import Pilot


class Command(BaseCommand):
    help = (
        "Ask every drift rule about every pilot: flags open, change and close. "
        "Exit status 0: no flag is open; 1: some are; 2: unusable input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            metavar="ISO-DATE",
            help="the day to judge by; without it, each pilot's own, in the time zone of its committee",
        )

    def handle(self, *, today: date | None, **_: Any) -> None:
        with job_run(JOB) as outcome, tqdm(total=Pilot.objects.count(), desc="Looking", disable=None) as bar:
            report = scan(actor=None, today=today, now=timezone.now(), progress=lambda done: _advance(bar, done))
            outcome.update(report.outcome)
        totals = open_by_rule()
        self._print(report, totals)
        if totals:
            raise SystemExit(1)

    def _print(self, report: ScanReport, totals: dict[str, int]) -> None:
        rows = _rows(report, totals)
        width = max(len(title) for title in rows)
        line = f"{{:<{width}}}  {{:>7}}  {{:>7}}  {{:>7}}  {{:>7}}"
        self.stdout.write(line.format("Rule", "opened", "changed", "closed", "open"))
        for title, figures in rows.items():
            self.stdout.write(line.format(title, *figures))
        self.stdout.write(f"{report} Open now: {sum(totals.values())}.")


def _rows(report: ScanReport, totals: dict[str, int]) -> dict[str, list[int]]:
    """Opened, changed, closed and open by title; the rules of a family are one row."""
    rows: dict[str, list[int]] = {}
    for rule, counts in report.by_rule.items():
        known = BY_ID.get(rule)
        title = rule if known is None else FAMILY_TITLE if known.family else known.title
        figures = (counts.opened, counts.changed, counts.closed, totals.get(rule, 0))
        rows[title] = [sum(pair) for pair in zip(rows.get(title, (0, 0, 0, 0)), figures, strict=True)]
    return rows


def _advance(bar: "tqdm[Any]", done: int) -> None:
    bar.update(done - bar.n)
