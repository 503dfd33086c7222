"""Two hands on one gate at the same moment: one effect, and the other hand is told. Switched off, the lock matters."""

import contextlib
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates import preparing, reviewing
from gates.models import Claim, Custody, GateReview, ReviewRequest
from gates.preparing import save_claim
from gates.reviewing import conclude_review
from gates.states import Finding
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.states import LampState
from tests import building
from tests.gates.preparing_for import claimed, required, submitted
from tests.gates.reviewing_for import address_of, all_required, first, page_of

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
            answer = act()
        except (RefusedError, StaleError) as error:
            return type(error).__name__
        finally:
            connection.close()
        return answer if isinstance(answer, int) else "done"

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


def posted(person, url, **data) -> int:
    """Post a form as a browser of `person` does, on a connection of this thread; return the status."""
    client = Client()
    client.force_login(person)
    return client.post(url, data).status_code


@pytest.mark.parametrize("keyed", [True, False], ids=["with its key", "control: without a key"])
def test_fifty_submits_of_one_form_at_once(scene, keyed):
    """One effect and fifty times the answer of the first; without the key the others are told that they are late."""
    times = 50 if keyed else 8
    cast, pilot, today, now = scene
    claimed(cast, pilot, today=today, now=now)
    version, key = GateReview.objects.get().version, str(uuid.uuid4()) if keyed else ""
    page = f"{page_of(pilot)}submit/"
    ends = at_once(*[lambda: posted(cast.alice, page, version=version, form_key=key)] * times)
    assert Event.objects.filter(kind="gates.review.submitted").count() == 1
    assert Custody.objects.filter(until=None).count() == 1
    asked = ReviewRequest.objects.values_list("function", flat=True)
    assert sorted(asked) == sorted(set(asked))
    assert ends[302] == (times if keyed else 1)


def test_who_waits_too_long_for_a_lock_is_told_that_nothing_was_saved(scene):
    cast, pilot, _today, _now = scene
    page = f"{address_of(pilot, first())}claim/"
    claim = {"text": "It holds.", "view": "met", "version": 0, "round": 1}
    client = Client()
    client.force_login(cast.alice)
    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        held, done = threading.Event(), threading.Event()
        holding = pool.submit(_hold, pilot, held, done)
        held.wait(10)
        cursor.execute("SET lock_timeout = '50ms'")
        try:
            answer = client.post(page, claim)
        finally:
            cursor.execute("RESET lock_timeout")
            done.set()
        holding.result(10)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "was not saved" in answer.content.decode()
    assert not GateReview.objects.exists()
    assert client.post(page, claim).status_code == 302


def _hold(pilot, held: threading.Event, done: threading.Event) -> None:
    """Keep a pilot locked until told."""
    try:
        with transaction.atomic():
            locked_pilot(pilot)
            held.set()
            done.wait(10)
    finally:
        connection.close()


def test_the_first_claims_on_all_criteria_of_a_gate_save_at_once(scene):
    """The fields of a page that nobody saved before save by themselves: one review is opened, no claim is lost."""
    cast, pilot, _today, _now = scene
    criteria = required(pilot)
    ends = at_once(
        *(
            lambda one=one: posted(
                cast.alice, f"{address_of(pilot, one)}claim/", text="It holds.", view="met", version=0, round=1
            )
            for one in criteria
            for _ in range(2)
        )
    )
    assert ends == Counter({302: 2 * len(criteria)})
    assert (GateReview.objects.count(), Claim.objects.count()) == (1, len(criteria))
