"""Look for drift."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from tqdm import tqdm

from audit.jobs import job_run
from gates.open_flags import open_by_rule
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
        width = max(len(rule.title) for rule in BY_ID.values())
        line = f"{{:<{width}}}  {{:>7}}  {{:>7}}  {{:>7}}  {{:>7}}"
        self.stdout.write(line.format("Rule", "opened", "changed", "closed", "open"))
        for rule, counts in report.by_rule.items():
            title = BY_ID[rule].title if rule in BY_ID else rule
            figures = (counts.opened, counts.changed, counts.closed, totals.get(rule, 0))
            self.stdout.write(line.format(title, *figures))
        self.stdout.write(f"{report} Open now: {sum(totals.values())}.")


def _advance(bar: "tqdm[Any]", done: int) -> None:
    bar.update(done - bar.n)
