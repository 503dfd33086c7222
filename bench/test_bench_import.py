"""Import of messy registers: 3,000 rows, twice, in seconds; and 1,000 damaged variants of one.

Run by `make bench`, or `pytest -s bench/test_bench_import.py`; prints what it measured.
"""

import random
import time
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from audit.models import Event
from portfolio.import_plan import Plan
from portfolio.importing import import_rows
from portfolio.models import Pilot, RegisterEntry, Round, Standing
from portfolio.registers.findings import UnusableError
from portfolio.registers.whole import Contents
from tests.portfolio.registers.writing import BUREAU, MESSY, NAME, as_csv, as_workbook, attempted, understood

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
ROWS, VARIANTS = 3_000, 1_000
TABLES = (Pilot, Round, RegisterEntry, Standing)


def register(count: int) -> list[dict[str, str]]:
    """Messy rows by hand, again and again, with names and bureaus of their own; every fiftieth is there twice."""
    rows = []
    for number in range(count - count // 50):
        row = MESSY[number % len(MESSY)]
        rows.append(row | {NAME: f"{row[NAME]} {number}", BUREAU: f"Bureau {number % 97}"})
    return rows + rows[: count // 50]


def bring(contents: Contents) -> Plan:
    return import_rows(actor=None, contents=contents, now=NOW)


@pytest.mark.django_db
def test_three_thousand_rows_twice() -> None:
    content = as_csv(register(ROWS))
    began = time.perf_counter()
    contents = understood(content)
    read = time.perf_counter() - began
    began = time.perf_counter()
    plan = bring(contents)
    wrote = time.perf_counter() - began
    began = time.perf_counter()
    again = bring(understood(content))
    repeated = time.perf_counter() - began
    print(
        f"\n{ROWS} rows: {len(plan.arrivals)} imported, {plan.refused_rows} refused; "
        f"read in {read:.2f} s, written in {wrote:.2f} s, read again and left alone in {repeated:.2f} s."
    )
    assert len(plan.arrivals) + plan.refused_rows == ROWS
    assert again.changes_nothing
    assert wrote < 30


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content with up to ten places overwritten, cut out, doubled, or swapped."""
    for _ in range(chance.randint(1, 10)):
        place, length = chance.randrange(len(content)), chance.choice((1, 1, 1, 2, 8, 64, 512))
        part = content[place : place + length]
        match chance.randrange(5):
            case 0:
                content = content[:place] + chance.randbytes(length) + content[place + length :]
            case 1:
                content = content[:place] + content[place + length :]
            case 2:
                content = content[:place] + part + content[place:]
            case 3:
                content = content[:place] + chance.choice((b'"', b",", b"\r\n", b"\x00", b";")) + content[place:]
            case _:
                content = content[: len(content) - length]
    return content


@pytest.mark.django_db
def test_a_thousand_damaged_variants() -> None:
    whole = (as_csv(register(60)), as_workbook(register(60)))
    chance = random.Random(24)  # noqa: S311  the same variants at every run
    came_to: Counter[str] = Counter()
    began = time.perf_counter()
    for number in range(VARIANTS):
        content = damaged(whole[number % 4 == 0], chance)
        contents = attempted(understood, content)
        if isinstance(contents, UnusableError):
            assert contents.way_out
            came_to["refused whole"] += 1
            continue
        with transaction.atomic():
            events = Event.objects.count()
            plan = bring(contents)
            assert len(contents.rows) + plan.refused_rows == contents.total
            assert {model.objects.count() for model in TABLES} == {len(plan.arrivals)}
            imported = Event.objects.filter(kind="portfolio.pilot.imported").count() - events
            assert imported == len(plan.arrivals)
            assert bring(contents).changes_nothing
            transaction.set_rollback(True)
        came_to["imported, rows refused" if plan.refused_rows else "imported whole"] += 1
    print(f"\n{VARIANTS} damaged variants in {time.perf_counter() - began:.0f} s: {dict(came_to)}.")
    assert sum(came_to.values()) == VARIANTS
