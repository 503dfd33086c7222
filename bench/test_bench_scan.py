"""A scan of 10,000 pilots, and of 100,000, beside the same rules written by hand in SQL: time, memory, statements.

Run by `make bench ARGS='-s -k scan'`; prints what it measured. `BENCH_PILOTS=1000` for a tenth of both. The hundred
thousand are the ten thousand ten times over, since inventing them would take longer than all the rest.
"""

import gc
import os
import time
import tracemalloc
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.multiplying import freshen_statistics, multiply
from bench.raw_rules import RAW, RAW_GAPS
from gates.demo.loading import load_portfolio
from gates.models import Flag
from gates.rules.registry import RULES
from gates.scanning import scan

ZONE = "Europe/Paris"
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo(ZONE))
TODAY = date(2026, 11, 16)
PILOTS = int(os.environ.get("BENCH_PILOTS", "10000"))
TIMES = 10


def scanned(label: str) -> tuple[int, float]:
    """Scan once; print and return how many statements and seconds it took."""
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as statements:
        report = scan(actor=None, today=TODAY, now=NOW)
    seconds = time.perf_counter() - began
    # The savepoint stands for the transaction, which outside of a test is the scan's own.
    count = sum("SAVEPOINT" not in statement["sql"] for statement in statements)
    print(f"{label}: {report} {count} statements, {seconds:.2f} s.")
    return count, seconds


def mebibytes() -> float:
    """Scan once, undo it, and return the most memory that Python held for it."""
    tracemalloc.start()
    with transaction.atomic():
        scan(actor=None, today=TODAY, now=NOW)
        transaction.set_rollback(True)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return peak


def by_hand(*, keep: bool) -> float:
    """Find the same in plain SQL and compare it with the open flags; return the seconds.

    With `keep`, open a flag for each, too, in the real table with its indexes and foreign keys, and take that back.
    """
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS raw_found")
        cursor.execute("CREATE TEMP TABLE raw_found (pilot_id bigint, rule text)")
        for rule, sql in RAW.items():
            cursor.execute(
                f"INSERT INTO raw_found SELECT id, '{rule}' FROM ({sql}) f",  # noqa: S608  our own words
                {"day": TODAY, "zone": ZONE},
            )
        cursor.execute(f"INSERT INTO raw_found {RAW_GAPS}", {"day": TODAY})
        cursor.execute(
            "SELECT count(*) FROM raw_found n FULL JOIN (SELECT * FROM gates_flag WHERE closed_on IS NULL) f "
            "ON f.pilot_id = n.pilot_id AND f.rule = n.rule WHERE f.pilot_id IS NULL OR n.pilot_id IS NULL"
        )
        if keep:
            cursor.execute(
                "INSERT INTO gates_flag (pilot_id, rule, severity, detail, since, opened_on) "
                "SELECT pilot_id, rule, 2, 'It is so.', %s, %s FROM raw_found",
                [TODAY, TODAY],
            )
            seconds = time.perf_counter() - began
            transaction.set_rollback(True)
            return seconds
    return time.perf_counter() - began


def disagreements() -> list[tuple[object, ...]]:
    """Of each rule, on how many pilots only the product, or only the SQL, finds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(n.rule, f.rule), count(f.pilot_id) - count(*) FILTER (WHERE n.rule IS NOT NULL AND "
            "f.rule IS NOT NULL), count(*) FILTER (WHERE f.rule IS NULL) FROM raw_found n FULL JOIN "
            "(SELECT * FROM gates_flag WHERE closed_on IS NULL) f ON f.pilot_id = n.pilot_id AND f.rule = n.rule "
            "WHERE f.pilot_id IS NULL OR n.pilot_id IS NULL GROUP BY 1 ORDER BY 1"
        )
        return cursor.fetchall()


@pytest.mark.django_db
def test_a_scan_beside_the_same_rules_by_hand() -> None:
    # As in a worker (config.celery).
    gc.freeze()
    began = time.perf_counter()
    load_portfolio(count=PILOTS, seed=1, today=TODAY)
    freshen_statistics()
    with connection.cursor() as cursor:
        # What the load has put off would be checked within what is measured.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    print(f"\n{PILOTS} pilots, loaded in {time.perf_counter() - began:.0f} s.")
    with transaction.atomic():
        small = measured(PILOTS)
        transaction.set_rollback(True)

    began = time.perf_counter()
    multiply(TIMES)
    print(f"\n{PILOTS * TIMES} pilots, copied in {time.perf_counter() - began:.0f} s.")
    large = measured(PILOTS * TIMES)
    print(f"\n{TIMES} times as many pilots take {large / small:.1f} times as long.")
    assert large / small <= 1.2 * TIMES


def measured(pilots: int) -> float:
    """Scan twice, and find the same by hand; print both; return the seconds of the first scan."""
    memory = mebibytes()
    raw_first = min(by_hand(keep=True) for _ in range(2))
    statements, first = scanned("First scan")
    assert statements <= 15
    raw_again = min(by_hand(keep=False) for _ in range(2))
    assert disagreements() == []
    flags = Flag.objects.count()
    statements, again = scanned("Nothing new")
    assert statements <= 15
    assert Flag.objects.count() == flags > pilots // 10
    silent = {rule.id for rule in RULES} - set(Flag.objects.values_list("rule", flat=True))
    print(
        f"The same rules by hand, {len(RAW) + 1} statements without words, locks and trail: "
        f"first {raw_first:.2f} s, again {raw_again:.2f} s; "
        f"ours takes {first / raw_first:.1f} and {again / raw_again:.1f} times that. "
        f"Most memory {memory:.0f} MiB. Rules that found nothing: {', '.join(sorted(silent)) or 'none'}."
    )
    return first
