"""Rebuild the projection of where each pilot stands."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from gates.standing import keep_judgements
from portfolio.standing import keep_facts


class Command(BaseCommand):
    help = "Make the standing of every pilot anew from the facts. Exit status 0: nothing differed; 1: rows were mended."

    def handle(self, **_: Any) -> None:
        with transaction.atomic():
            changed = keep_facts(None, zone=settings.TIME_ZONE) + keep_judgements(None)
        self.stdout.write(f"{changed} row(s) differed from the facts and were mended.")
        if changed:
            raise SystemExit(1)
