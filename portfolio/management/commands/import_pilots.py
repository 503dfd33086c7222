"""Import a register of pilots from a file."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from portfolio.import_plan import Plan, plan_import
from portfolio.import_report import finding_lines, findings_csv, summary_lines
from portfolio.importing import import_rows
from portfolio.registers.findings import UnusableError
from portfolio.registers.mapping import shipped
from portfolio.registers.mapping_file import load_register
from portfolio.registers.reading import Row, read_bytes
from portfolio.registers.whole import read_register
from portfolio.registry import committees

_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Import a register of pilots (CSV, XLSX). What was imported before is brought up to date; twice the same file "
        "changes nothing. Exit status 0: all rows taken; 1: rows were refused; 2: the input is of no use, nothing done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the register, .csv or .xlsx")
        parser.add_argument(
            "--mapping",
            default="generic",
            metavar="NAME|FILE.toml",
            help=f"what its columns mean: one of {', '.join(shipped())}, or a file (default: generic)",
        )
        parser.add_argument(
            "--unit-column",
            action="append",
            default=[],
            metavar="COLUMN",
            help="column of the unit, in place of the mapping's; repeat it for units below units",
        )
        parser.add_argument("--committee", default="", metavar="SLUG", help="committee that is to decide new pilots")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--refused", type=Path, metavar="FILE.csv", help="write the refused rows there")
        parser.add_argument("--warnings", type=Path, metavar="FILE.csv", help="write the warnings there")

    def handle(self, *, file: Path, committee: str, dry_run: bool, **options: Any) -> None:
        try:
            plan = self._plan(file, committee=committee, dry_run=dry_run, **options)
        except UnusableError as error:
            raise CommandError(str(error), returncode=2) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        for line in summary_lines(plan, written=not dry_run):
            self.stdout.write(line)
        for line in finding_lines(plan.contents.refused, _SHOWN):
            self.stderr.write(line)
        warnings = [*plan.contents.warnings, *plan.left]
        self._keep(options["refused"], findings_csv(plan.contents.refused), len(plan.contents.refused))
        self._keep(options["warnings"], findings_csv([], taken=warnings), len(warnings))
        if plan.refused_rows:
            raise SystemExit(1)

    def _plan(
        self, file: Path, *, mapping: str, unit_column: list[str], committee: str, dry_run: bool, **_: Any
    ) -> Plan:
        if committee and committee not in dict(committees()):
            raise UnusableError(f"There is no committee {committee!r}.", f"Known: {', '.join(dict(committees()))}.")
        contents = read_register(
            read_bytes(file),
            load_register(mapping),
            today=timezone.localdate(),
            unit=unit_column,
            progress=_shown if sys.stderr.isatty() else iter,
        )
        if dry_run:
            return plan_import(contents)
        return import_rows(actor=None, contents=contents, now=timezone.now(), committee_slug=committee)

    def _keep(self, path: Path | None, table: str, count: int) -> None:
        if path is None:
            return
        try:
            path.write_text(table, encoding="utf-8-sig", newline="")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", returncode=2) from error
        self.stdout.write(f"{count:,} written to {path}.")


def _shown(rows: Sequence[Row]) -> Iterable[Row]:
    return tqdm(rows, desc="Reading", unit=" rows")
