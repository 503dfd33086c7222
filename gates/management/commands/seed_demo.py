"""Seed the demo portfolio, or a synthetic one of any size."""

import argparse
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gates.demo.loading import load_portfolio
from gates.demo.seeding import is_empty, seed_portfolio
from gates.demo.showing import bar
from portfolio.models import Pilot


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


class Command(BaseCommand):
    help = (
        "Seed the demo portfolio, which was written by hand, into an empty installation; with --scale, add synthetic "
        "pilots to whatever is there. Exit status 0: seeded; 1: refused; 2: unusable input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=_count, metavar="N", help="add N synthetic pilots with their history")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same pilots (default: 1)")
        parser.add_argument(
            "--today", type=date.fromisoformat, metavar="ISO-DATE", help="the day on which history ends"
        )
        parser.add_argument("--force", action="store_true", help="seed a production installation too")

    def handle(self, *, scale: int | None, seed: int, today: date | None, force: bool, **_: Any) -> None:
        if not (settings.TRIAL or force):
            raise CommandError("This is a production installation. Add --force if you mean it.", returncode=1)
        if scale is None and not is_empty():
            raise CommandError(
                "The demo is seeded into an empty installation only; this one has people or pilots.", returncode=1
            )
        today = today or timezone.localdate()
        if scale is None:
            seed_portfolio(today=today, progress=bar)
        else:
            load_portfolio(count=scale, seed=seed, today=today, progress=bar)
        self.stdout.write(f"There are {Pilot.objects.count()} pilots now.")
        if scale is not None:
            self.stdout.write("Run scan_drift to raise the flags of the synthetic ones.")
