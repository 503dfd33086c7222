"""Two hands on one gate at the same moment: one effect, and the other hand is told. Switched off, the lock matters."""

import contextlib
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates import preparing, reviewing
from gates.models import Claim, GateReview
from gates.preparing import save_claim
from gates.reviewing import conclude_review
from gates.states import Finding
from portfolio.models import Pilot
from portfolio.states import LampState
from tests import building
from tests.gates.preparing_for import submitted
from tests.gates.reviewing_for import all_required, first

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene():
    now, today = timezone.now(), timezone.localdate()
    building.gate_set(now=now)
    cast = building.cast(today=today, now=now)
    return cast, building.running(cast, today=today, now=now, risk_class="low"), today, now


def at_once(*acts) -> Counter:
    """Let every act happen at the same moment, each on a connection of its own; return how they ended."""
    gate = threading.Barrier(len(acts))

    def run(act):
        try:
            gate.wait()
            act()
        except (RefusedError, StaleError) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def unlocked(monkeypatch, module) -> None:
    """Take the locks away, and let both hands read before either writes."""
    met = threading.Barrier(2)

    def meet() -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(timeout=2)

    def review(row):
        found = GateReview.objects.select_related("gate", "round__pilot").get(pk=row.pk)
        meet()
        return found

    monkeypatch.setattr(module, "locked_review", review)
    for one in (reviewing, preparing):
        monkeypatch.setattr(one, "locked_pilot", lambda pilot: Pilot.objects.get(pk=pilot.pk))


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: without locks"])
def test_two_conclude_at_once(scene, monkeypatch, locked):
    cast, pilot, today, now = scene
    review = submitted(cast, pilot, today=today, now=now)
    all_required(cast, pilot, today=today, now=now)
    if not locked:
        unlocked(monkeypatch, reviewing)
    seen = GateReview.objects.get().version

    def conclude(state, words):
        return lambda: conclude_review(
            actor=cast.reviewer, review=review, state=state, conclusion=words, seen=seen, today=today, now=now
        )

    ends = at_once(conclude(LampState.PASSED, ""), conclude(LampState.NOT_PASSED, "No log."))
    concluded = Event.objects.filter(kind="gates.review.concluded").count()
    if locked:
        assert (ends, concluded) == (Counter(done=1, StaleError=1), 1)
    else:
        assert concluded == 2


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: without locks"])
def test_two_editors_on_one_claim(scene, monkeypatch, locked):
    cast, pilot, _today, now = scene
    save_claim(actor=cast.alice, pilot=pilot, criterion=first(), text="Before.", view="", seen=0, now=now)
    if not locked:
        unlocked(monkeypatch, preparing)
    seen = Claim.objects.get().pk

    def write(text):
        return lambda: save_claim(
            actor=cast.alice, pilot=pilot, criterion=first(), text=text, view=Finding.MET, seen=seen, now=now
        )

    ends = at_once(write("From this desk."), write("From that desk."))
    if locked:
        assert (ends, Claim.objects.count()) == (Counter(done=1, StaleError=1), 2)
    else:
        assert Claim.objects.count() == 3
