"""Digests of a portfolio of 10,000 pilots: seconds, statements and memory."""

import time
import tracemalloc
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Mail
from gates.composing import BATCH, compose_due, digests_due
from gates.demo.loading import load_portfolio
from gates.models import DigestRun

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
PILOTS = 10_000


@pytest.mark.django_db
def test_digests_of_ten_thousand_pilots() -> None:
    load_portfolio(count=PILOTS, seed=1, today=NOW.date())
    tracemalloc.start()
    for _ in digests_due(now=NOW):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    began = time.perf_counter()
    with CaptureQueriesContext(connection) as statements:
        report = compose_due(now=NOW)
    seconds = time.perf_counter() - began

    runs = DigestRun.objects.count()
    print(f"\n{report}, {runs} people, {len(statements)} statements, {seconds:.1f} s, {most / 2**20:.0f} MiB at most")
    assert Mail.objects.count() == report.queued > 0
    assert len(statements) <= 5 + 24 * -(-runs // BATCH)
    assert seconds < 60
    assert most < 100 * 2**20
