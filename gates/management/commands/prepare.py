"""Bring an installation to where it can be used."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gates.demo.seeding import TRIAL_PASSWORD, is_empty, seed_portfolio, sign_ins
from gates.demo.showing import bar
from gates.models import GateSet
from gates.publishing import first_set, publish_gate_set


class Command(BaseCommand):
    help = (
        "Publish gate set 1 where there is none; with --demo, fill an empty installation with the demo portfolio. "
        "Doing it again changes nothing. Exit status 0: ready; 1: refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="seed the demo if the installation is empty")
        parser.add_argument("--force", action="store_true", help="allow the demo in a production installation")

    def handle(self, *, demo: bool, force: bool, **_: Any) -> None:
        if demo and not (settings.TRIAL or force):
            raise CommandError("This is a production installation. Add --force if you mean it.", returncode=1)
        if demo and is_empty():
            self.stdout.write("Telling the two years of the demo portfolio ...")
            today = timezone.localdate()
            seed_portfolio(today=today, progress=bar)
        if not GateSet.objects.exists():
            publish_gate_set(actor=None, content=first_set(), now=timezone.now())
            self.stdout.write("Gate set 1 is published.")
        if demo:
            self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        known = sign_ins()
        if not known:
            return
        width = max(len(email) for email, _ in known)
        self.stdout.write(f"Sign in as one of these; the password of each is {TRIAL_PASSWORD}")
        for email, shows in known:
            self.stdout.write(f"  {email:<{width}}  {shows}")
