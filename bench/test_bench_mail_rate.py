"""Digests to 10,000 people, composed and handed to a mail server on this machine: mails a second, statements, memory.

`BENCH_MAILS` for fewer.
"""

import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.delivering import deliver_due
from accounts.models import Mail, User
from accounts.states import MailState
from accounts.transport import SmtpCourier
from config.settings.parsing import MailTransport
from gates.composing import compose_due
from gates.models import CommitteeSeat
from tests import building

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
MAILS = int(os.environ.get("BENCH_MAILS", "10000"))
PILOTS = 12


def peak() -> float:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def counting(statements: Counter[str]) -> Callable[..., object]:
    """Count statements without keeping their text, which holds whole mails."""

    def wrapper(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:  # noqa: FBT001  Django's own order
        statements[sql[:40]] += 1
        return execute(sql, params, many, context)

    return wrapper


def ten_thousand_members() -> None:
    """A committee with that many members, before whom a dozen pilots wait."""
    today = NOW.date()
    cast = building.cast(today=today, now=NOW)
    for number in range(PILOTS):
        building.awaiting(
            cast, today=today, now=NOW, due=-10 - number, title=f"Pilot {number}", monthly_cost=Decimal(900)
        )
    people = User.objects.bulk_create(
        User(email=f"member-{number}@example.org", name=f"Member {number}", password=f"!x{number}")
        for number in range(MAILS)
    )
    building.join(*people)
    CommitteeSeat.objects.bulk_create(
        CommitteeSeat(committee=cast.committee, user=person, part="member", since=today) for person in people
    )


def started(module: str, *arguments: str) -> subprocess.Popen[str]:
    """A part of the bench in a process of its own, on this test's database."""
    place = connection.settings_dict
    url = f"postgresql://{place['USER']}@/{place['NAME']}?host={quote(place['HOST'])}"
    return subprocess.Popen(  # noqa: S603  our own
        [sys.executable, "-m", module, *arguments], cwd=Path(__file__).parent.parent, text=True,
        env=os.environ | {"DATABASE_URL": url}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_digests() -> None:
    ten_thousand_members()
    at_start = peak()
    began, cpu = time.perf_counter(), time.process_time()
    statements: Counter[str] = Counter()
    with connection.execute_wrapper(counting(statements)):
        report = compose_due(now=NOW)
    composing, composing_cpu = time.perf_counter() - began, time.process_time() - cpu
    assert report.queued == MAILS
    after_composing = peak()

    sink = started("bench.sink")
    server = MailTransport(host="127.0.0.1", port=int(sink.stdout.readline()))
    began, cpu = time.perf_counter(), time.process_time()
    deliver_due(now=NOW, limit=MAILS, budget=timedelta(hours=1), courier=SmtpCourier(server))
    delivering, delivering_cpu = time.perf_counter() - began, time.process_time() - cpu
    taken, _ = sink.communicate()

    print(
        f"\n{MAILS} digests: composed in {composing:.1f} s ({MAILS / composing:.0f}/s, {composing_cpu:.1f} s of "
        f"processor), {statements.total()} statements, {statements.total() / MAILS:.3f} a mail"
        f"\nhanded over in {delivering:.1f} s ({MAILS / delivering:.0f}/s, {delivering_cpu:.1f} s of processor)"
        f"\none after the other {MAILS / (composing + delivering):.0f} mails/s; "
        f"most memory {at_start:.0f}, {after_composing:.0f}, {peak():.0f} MiB"
    )
    assert int(taken) == Mail.objects.filter(state=MailState.SENT).count() == MAILS
    if MAILS >= 5_000:
        assert statements.total() / MAILS <= 0.05


@pytest.mark.django_db(transaction=True)
def test_ten_thousand_digests_by_two_workers() -> None:
    """As in an installation: one worker composes, and the other one delivers what is there already."""
    ten_thousand_members()
    sink = started("bench.sink")
    deliverer = started("bench.deliverer", sink.stdout.readline().strip(), NOW.isoformat())

    began = time.perf_counter()
    assert compose_due(now=NOW).queued == MAILS
    composing = time.perf_counter() - began
    sent, _ = deliverer.communicate()
    both = time.perf_counter() - began
    taken, _ = sink.communicate()

    print(
        f"\n{MAILS} digests by two workers: composed after {composing:.1f} s, all sent after {both:.1f} s, "
        f"{MAILS / both:.0f}/s"
    )
    assert int(taken) == int(sent) == Mail.objects.filter(state=MailState.SENT).count() == MAILS
