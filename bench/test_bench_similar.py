"""Pilots like a proposed one among 10,000: within 50 ms, by the indexes.

Run by `make bench`, or `pytest -s bench/test_bench_similar.py`; prints what it measured.
"""

import time
from datetime import date

import pytest
from django.db import connection

from accounts.models import User
from gates.demo.loading import load_portfolio
from gates.demo.showing import silently
from portfolio.models import Pilot
from portfolio.similar import similar_pilots

TODAY = date(2026, 11, 16)
PILOTS = 10_000
#: A title of common words, one that is misspelt, and one with a long summary.
TYPED = (
    ("Reading claim letters and invoices for customers", ""),
    ("Forcast of stafing", ""),
    (
        "Answers to customers",
        "Proposes an answer to each letter of a customer, which a colleague reads and sends. " * 10,
    ),
)


@pytest.mark.django_db
def test_similar_pilots_among_ten_thousand() -> None:
    load_portfolio(count=PILOTS, seed=1, today=TODAY, progress=silently)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE portfolio_pilot")
    reader = User.objects.filter(is_active=True).order_by("pk").last()
    titles = [title for (title,) in Pilot.objects.order_by("?").values_list("title")[:20]]
    took = []
    for title, summary in (*TYPED, *((title, "") for title in titles)):
        similar_pilots(title=title, summary=summary, reader=reader)
        began = time.perf_counter()
        found = similar_pilots(title=title, summary=summary, reader=reader)
        took.append(time.perf_counter() - began)
        if (title, summary) in TYPED:
            print(f"\n{took[-1] * 1000:.1f} ms: {title!r} -> {[one.title for one in found]}")
    slowest, middle = max(took) * 1000, sorted(took)[len(took) // 2] * 1000
    print(f"\n{len(took)} searches: slowest {slowest:.1f} ms, middle {middle:.1f} ms.")
    assert sorted(took)[int(len(took) * 0.95)] < 0.05
    assert {"portfolio_pilot_words", "portfolio_pilot_title"} <= indexes_used("Forcast of stafing")


def indexes_used(title: str) -> set[str]:
    """Names of the indexes in the plans of a search, which are printed."""
    words = " | ".join(f"'{word}'" for word in title.lower().split())
    plans: list[str] = []
    with connection.cursor() as cursor:
        for condition, given in (("words @@ %s::tsquery", words), ("upper(title) %% upper(%s)", title)):
            cursor.execute(f"EXPLAIN SELECT id FROM portfolio_pilot WHERE {condition}", [given])  # noqa: S608
            plans += [line for (line,) in cursor.fetchall()]
    print("\n".join(["", *plans]))
    return {name for line in plans for name in ("portfolio_pilot_words", "portfolio_pilot_title") if name in line}
