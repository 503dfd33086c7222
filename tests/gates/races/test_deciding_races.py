"""Two hands decide the same round at the same moment: one decision, and the other hand is told kindly.

A committee has one chair, so both hands are the chair's, at two desks with different minds. Both name the round and
the version that they saw. Threads and connections are real; switched off, the lock is seen to matter.
"""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from audit.verifying import verify
from gates import deciding
from gates.models import Decision
from portfolio import starting
from portfolio.models import Pilot, Round, Standing
from portfolio.standing import keep_facts
from portfolio.states import Outcome, RoundState, Stage
from tests.gates.deciding_for import decide, terms_of

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 300
KIND = (StaleError, RefusedError)
#: What the two hands want, round by round; the next round that two of these open must not be decided by mistake.
MINDS = ((Outcome.STOP, Outcome.RESEARCH), (Outcome.RESEARCH, Outcome.RESEARCH), (Outcome.REDESIGN, Outcome.SCALE))


def undecided(cast, count, *, today) -> list[Pilot]:
    """Pilots whose round awaits its decision, made at once: the verbs that lead there are not what is raced."""
    pilots = Pilot.objects.bulk_create(
        Pilot(
            code=f"R-{number:04d}", title=f"Race {number}", unit=cast.unit, committee_slug=cast.committee.slug,
            stage=Stage.AWAITING_DECISION,
        )
        for number in range(count)
    )  # fmt: skip
    Round.objects.bulk_create(
        Round(
            pilot=pilot, number=1, state=RoundState.AWAITING_DECISION, starts_on=today, planned_end=today,
            decision_due=today, version=3,
        )
        for pilot in pilots
    )  # fmt: skip
    keep_facts(None, zone="Europe/Paris")
    return pilots


def race(pilots, act: Callable[[Pilot, int, int], object]) -> list[tuple[object, object]]:
    """Let two threads `act` on each pilot at the same moment; return what came of both, or the error."""
    together = threading.Barrier(2, timeout=60)

    def hand(which: int) -> list[object]:
        outcomes: list[object] = []
        for number, pilot in enumerate(pilots):
            together.wait()
            try:
                outcomes.append(act(pilot, number, which))
            except Exception as error:  # noqa: BLE001  what comes out is what is counted
                outcomes.append(error)
        connection.close()
        return outcomes

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(hand, (0, 1))
    return list(zip(first, second, strict=True))


def test_three_hundred_rounds_get_one_decision_each_and_the_loser_is_told_kindly(cast, today, now):
    pilots = undecided(cast, ROUNDS, today=today)

    def act(pilot, number, which):
        mind = MINDS[number % len(MINDS)][which]
        return decide(cast, pilot, mind, today=today, now=now, seen=3, seen_round=1)

    pairs = race(pilots, act)

    kinds = Counter(tuple(sorted(type(one).__name__ for one in pair)) for pair in pairs)
    assert set(kinds) <= {("Decision", kind.__name__) for kind in KIND}
    assert sum(kinds.values()) == ROUNDS
    assert Decision.objects.count() == ROUNDS
    assert set(Decision.objects.values_list("number", flat=True)) == {f"D-2026-{n:03d}" for n in range(1, ROUNDS + 1)}
    assert Round.objects.filter(state=RoundState.DECIDED).count() == ROUNDS
    assert not Round.objects.filter(number__gt=2).exists()
    assert Event.objects.filter(kind="gates.decision.recorded").count() == ROUNDS
    assert Standing.objects.exclude(last_outcome="").count() == ROUNDS
    assert list(verify()) == []


def test_with_the_lock_off_the_loser_meets_the_constraint(cast, today, now, monkeypatch):
    def unlocked(pilot):
        return Pilot.objects.select_related("unit").get(pk=pilot.pk)

    monkeypatch.setattr(deciding, "locked_pilot", unlocked)
    monkeypatch.setattr(starting, "locked_pilot", unlocked)
    pilots = undecided(cast, 60, today=today)

    def act(pilot, _number, which):
        return decide(cast, pilot, MINDS[0][which], today=today, now=now, seen=3, seen_round=1)

    pairs = race(pilots, act)
    unkind = [one for pair in pairs for one in pair if not isinstance(one, Decision | StaleError | RefusedError)]
    assert unkind
    assert {type(one) for one in unkind} == {IntegrityError}
    assert Decision.objects.count() == 60


@pytest.mark.parametrize(
    ("keyed", "answers"), [(True, {(302, 302)}), (False, {(302, 409)})], ids=["with its key", "control: without a key"]
)
def test_a_form_posted_twice_at_once_gets_the_same_answer_twice(cast, keyed, answers):
    today = timezone.localdate()
    pilots = undecided(cast, 20, today=today)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(cast.bob)
    keys = [str(uuid.uuid4()) for _ in pilots]
    said = {name: str(value) for name, value in vars(terms_of(Outcome.STOP, today)).items() if value}

    def act(pilot, number, which):
        typed = {"outcome": "stop", "rationale": "Too few letters.", "round": 1, "version": 3, **said}
        if keyed:
            typed["form_key"] = keys[number]
        response = clients[which].post(f"/pilots/{pilot.code}/decide/", typed)
        return response.status_code, response.headers.get("Location")

    pairs = race(pilots, act)
    assert {tuple(sorted(answer[0] for answer in pair)) for pair in pairs} == answers
    if keyed:
        assert all(first == second for first, second in pairs)
    assert Decision.objects.count() == len(pilots)
