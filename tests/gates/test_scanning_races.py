"""Scans that run at once, and decisions that come in between; each with its lock switched off, too."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, connection

from gates import scanning
from gates.deciding import Terms, record_decision
from gates.models import Flag
from gates.rules.facts import read_facts
from gates.scanning import scan
from portfolio.models import Standing
from portfolio.states import Outcome
from tests import building

pytestmark = pytest.mark.django_db(transaction=True)

STOP = Terms(stop_reason="users_do_not_need_it", learnings="The team sorts letters faster by hand.")


def together(*acts: Callable[[], object]) -> list[BaseException]:
    """Run `acts` in threads of their own; return what they raised."""
    raised: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  whatever comes is what the test asks about
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


@dataclass
class Patience:
    """How long one scan waits for the other; where a lock keeps the other back, it waits in vain."""

    seconds: float = 1


@pytest.fixture
def meeting_before_writing(monkeypatch):
    """Let both scans come to the point at which they write before either does, if nothing keeps one of them back."""
    barrier, patience = threading.Barrier(2), Patience()
    write = scanning._reconcile

    def meet(judged):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=patience.seconds)
        return write(judged)

    monkeypatch.setattr(scanning, "_reconcile", meet)
    return patience


def two_scans(today, now) -> list[BaseException]:
    return together(lambda: scan(actor=None, today=today, now=now), lambda: scan(actor=None, today=today, now=now))


def test_two_scans_at_once_open_each_flag_once(cast, today, now, meeting_before_writing):
    pilots = [building.awaiting(cast, today=today, now=now, title=f"Pilot {n}") for n in range(3)]
    assert two_scans(today, now) == []
    assert Flag.objects.filter(closed_on=None).count() == len(pilots)


def test_the_rows_of_the_pilots_alone_would_hold_too(cast, today, now, meeting_before_writing, monkeypatch):
    monkeypatch.setattr(scanning, "_take_the_lock", lambda: None)
    building.awaiting(cast, today=today, now=now)
    assert two_scans(today, now) == []
    assert Flag.objects.filter(closed_on=None).count() == 1


def test_without_any_lock_two_scans_collide(cast, today, now, meeting_before_writing, monkeypatch):
    monkeypatch.setattr(scanning, "_take_the_lock", lambda: None)
    monkeypatch.setattr(scanning, "_lock_pilots", lambda _pilots: None)
    meeting_before_writing.seconds = 30
    building.awaiting(cast, today=today, now=now)
    [collision] = two_scans(today, now)
    assert isinstance(collision, IntegrityError)
    assert "gates_flag_one_open" in str(collision)


@pytest.fixture
def decided_in_between(cast, today, now, monkeypatch):
    """A pilot on which the chair decides after a scan has read the facts and before it writes."""
    pilot = building.awaiting(cast, today=today, now=now)
    lock = scanning._lock_pilots

    def decide_first(pilots):
        decide = lambda: record_decision(  # noqa: E731  one line of the story
            actor=cast.bob, pilot=pilot, outcome=Outcome.STOP, rationale="Too few letters.", terms=STOP, seen=None,
            today=today, now=now,
        )  # fmt: skip
        assert together(decide) == []
        lock(pilots)

    monkeypatch.setattr(scanning, "_lock_pilots", decide_first)
    return pilot


def test_a_decision_in_between_is_heeded(decided_in_between, today, now):
    scan(actor=None, today=today, now=now)
    assert not Flag.objects.exists()
    assert Standing.objects.get(pilot=decided_in_between).open_flags == 0


def test_facts_that_are_not_read_again_flag_what_is_decided(decided_in_between, today, now, monkeypatch):
    stale = list(read_facts(None))
    monkeypatch.setattr(scanning, "read_facts", lambda _pilots: iter(stale))
    scan(actor=None, today=today, now=now)
    assert Flag.objects.filter(closed_on=None, rule="decision-overdue").exists()
