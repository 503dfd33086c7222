"""Write the digests that are due."""

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from accounts.transport import as_bytes
from gates.composing import Due, compose_due, digests_due, due_people

_PLAIN = re.compile(r"[^A-Za-z0-9.@+-]")


def _moment(text: str) -> datetime:
    """A moment in ISO 8601; without an offset, in the organisation's time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment such as 2026-11-16T09:00") from error
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class Command(BaseCommand):
    help = (
        "Put the digests that are due into the outbox, once per person and period; the worker sends them. "
        "Exit status 0: done; 1: a digest could not be written; 2: unusable input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", type=_moment, metavar="ISO-DATETIME", help="compose as at this moment (default: now)"
        )
        parser.add_argument(
            "--to",
            type=Path,
            metavar="DIR",
            help="write .eml files into this folder instead of queueing; also of digests that were sent before",
        )

    def handle(self, *, now: datetime | None, to: Path | None, **_: Any) -> None:
        now = now or timezone.now()
        with tqdm(total=sum(1 for _ in due_people(now=now)), desc="Digests", disable=None) as bar:
            if to is None:
                report = compose_due(now=now, step=bar.update)
                words = f"{report.queued} queued, {report.nothing_to_say} had nothing to say"
                refused = report.refused
            else:
                written, refused = self._write(to, now, bar)
                words = f"{written} written to {to}"
        self.stdout.write(f"Digests: {words}, {refused} could not be written.")
        if refused:
            raise SystemExit(1)

    def _write(self, folder: Path, now: datetime, bar: "tqdm[Any]") -> tuple[int, int]:
        written = refused = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for due, mail in digests_due(now=now, step=bar.update):
                if mail is None:
                    refused += 1
                else:
                    (folder / file_name(due)).write_bytes(as_bytes(mail))
                    written += 1
        except OSError as error:
            raise CommandError(f"{folder} cannot be written to: {error.strerror}", returncode=2) from error
        return written, refused


def file_name(due: Due) -> str:
    """The name of a digest's file: period, number and address of its recipient, nothing that leads elsewhere."""
    return f"{due.period}-{due.person.pk}-{_PLAIN.sub('_', due.person.email)}.eml"
