"""A scan of 10,000 pilots: a handful of statements, seconds, and little memory.

Run by `make bench`, or `pytest -s bench/test_bench_scan.py`; prints what it measured.
"""

import time
import tracemalloc
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gates.demo.loading import load_portfolio
from gates.demo.showing import silently
from gates.models import Flag
from gates.scanning import scan

TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
PILOTS = 10_000


def measured(label: str) -> tuple[int, float]:
    """Scan once; print and return how many statements and seconds it took."""
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as statements:
        report = scan(actor=None, today=TODAY, now=NOW)
    seconds = time.perf_counter() - began
    print(f"\n{label}: {report} {len(statements)} statements, {seconds:.2f} s.")
    return len(statements), seconds


def mebibytes() -> float:
    """Scan once, undo it, print and return the most memory that Python held for it."""
    tracemalloc.start()
    with transaction.atomic():
        scan(actor=None, today=TODAY, now=NOW)
        transaction.set_rollback(True)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(f"\nMemory: {peak:.0f} MiB at its peak.")
    return peak


@pytest.mark.django_db
def test_a_scan_of_ten_thousand_pilots() -> None:
    load_portfolio(count=PILOTS, seed=1, today=TODAY, progress=silently)

    assert mebibytes() < 64
    statements, seconds = measured("First scan")
    assert statements <= 16
    assert seconds < 20

    flags = Flag.objects.count()
    statements, seconds = measured("Nothing new")
    assert statements <= 8
    assert seconds < 5
    assert Flag.objects.count() == flags > PILOTS // 10
