"""Two hands decide the same round at the same moment: one decision, and the other hand is told kindly.

A committee has one chair, so both hands are the chair's, at two desks with different minds. Both name the round and
the version that they saw. Threads and connections are real; switched off, the lock is seen to matter. The long form
is `bench/test_bench_decisions.py`.
"""

import uuid

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from gates import deciding
from gates.models import Decision
from portfolio import starting
from portfolio.models import Pilot
from portfolio.states import Outcome
from tests.gates.deciding_for import decide, terms_of
from tests.gates.races.racing import KIND, MINDS, decided_once, race, undecided

pytestmark = pytest.mark.django_db(transaction=True)


def test_sixty_rounds_get_one_decision_each_and_the_loser_is_told_kindly(cast, today, now):
    decided_once(cast, 60, today=today, now=now)


def test_with_the_lock_off_the_loser_meets_the_constraint(cast, today, now, monkeypatch):
    def unlocked(pilot):
        return Pilot.objects.select_related("unit").get(pk=pilot.pk)

    monkeypatch.setattr(deciding, "locked_pilot", unlocked)
    monkeypatch.setattr(starting, "locked_pilot", unlocked)
    pilots = undecided(cast, 20, today=today)

    def act(pilot, _number, which):
        return decide(cast, pilot, MINDS[0][which], today=today, now=now, seen=3, seen_round=1)

    pairs = race(pilots, act)
    unkind = [one for pair in pairs for one in pair if not isinstance(one, (Decision, *KIND))]
    assert unkind
    assert {type(one) for one in unkind} == {IntegrityError}
    assert Decision.objects.count() == len(pilots)


@pytest.mark.parametrize(
    ("keyed", "answers"), [(True, {(302, 302)}), (False, {(302, 409)})], ids=["with its key", "control: without a key"]
)
def test_a_form_posted_twice_at_once_gets_the_same_answer_twice(cast, keyed, answers):
    today = timezone.localdate()
    pilots = undecided(cast, 10 if keyed else 5, today=today)
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
