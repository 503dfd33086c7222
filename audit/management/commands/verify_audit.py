"""Verify the audit trail."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from audit.models import Event
from audit.verifying import verify


class Command(BaseCommand):
    help = "Work out every hash of the audit trail again. Exit status 0: as written; 1: damaged."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchors",
            type=Path,
            default=settings.AUDIT_ANCHORS,
            help="file of anchors kept outside the database",
        )

    def handle(self, *, anchors: Path, **_: Any) -> None:
        damages = list(verify(anchors))
        for damage in damages:
            self.stdout.write(f"{damage.sequence}: {damage.problem}")
        count = Event.objects.count()
        if damages:
            self.stderr.write(f"The trail of {count} events is damaged in {len(damages)} place(s).")
            raise SystemExit(1)
        self.stdout.write(f"{count} events verified: the trail is as it was written.")
