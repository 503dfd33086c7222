"""Seed the demo portfolio."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from gates.demo.seeding import is_empty, seed_portfolio
from portfolio.models import Pilot


class Command(BaseCommand):
    help = (
        "Seed the demo portfolio, which was written by hand, into an empty installation. "
        "Exit status 0: seeded; 1: refused; 2: unusable input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, metavar="ISO-DATE", help="the day on which history ends"
        )
        parser.add_argument("--force", action="store_true", help="seed a production installation too")

    def handle(self, *, today: date | None, force: bool, **_: Any) -> None:
        if not (settings.TRIAL or force):
            raise CommandError("This is a production installation. Add --force if you mean it.", returncode=1)
        if not is_empty():
            raise CommandError(
                "The demo is seeded into an empty installation only; this one has people or pilots.", returncode=1
            )
        today = today or timezone.localdate()
        seed_portfolio(today=today, progress=lambda steps: tqdm(steps, "Telling two years", disable=None))
        self.stdout.write(f"{Pilot.objects.count()} pilots.")
