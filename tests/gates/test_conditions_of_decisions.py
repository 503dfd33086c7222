"""Conditions of a decision: met with evidence by their owner, accepted or returned by the chair, told of in digests."""

from datetime import timedelta

import pytest

from accounts.obstacles import RefusedError
from gates.conditioning import ConditionTerms, accept_condition, meet_condition, return_condition
from gates.models import Committee, Condition
from gates.pending import tasks_of
from gates.states import MajorityRule
from gates.voting import cast_vote
from portfolio.states import Outcome, Part
from tests import building
from tests.gates.deciding_for import decide, put_to_vote
from tests.gates.evidence.adding import add_note


@pytest.fixture
def condition(cast, gate_set, today, now) -> Condition:
    pilot = building.awaiting(cast, today=today, now=now)
    term = ConditionTerms("Keep the letters.", cast.alice, today + timedelta(days=10))
    decide(cast, pilot, Outcome.STOP, today=today, now=now, conditions=[term])
    return Condition.objects.get()


def waits_on(person, now) -> list[str]:
    found = tasks_of([person], now=now, sees=lambda _person, _pilot: True)
    return [f"{task.what} | {task.action}" for task in found.get(person.pk, ())]


@pytest.mark.requirement(53, page="/pilots/P-0001/conditions/1/")
def test_from_its_owner_to_the_chair_and_back(cast, condition, sign_in, today, now):
    pilot = condition.decision.round.pilot
    url = f"/pilots/{pilot.code}/conditions/{condition.pk}/"
    piece = add_note(cast, pilot, today=today, now=now)
    assert waits_on(cast.alice, now) == ["Condition: Keep the letters. | Say that it is met"]
    alice, bob = sign_in(cast.alice), sign_in(cast.bob)
    refused = alice.post(f"{url}meet/", {"proof": "", "version": 1})
    assert (refused.status_code, "Say what shows that it is met." in refused.content.decode()) == (422, True)
    assert alice.post(f"{url}meet/", {"proof": "The log.", "evidence": piece.pk, "version": 1}).url == url
    assert (waits_on(cast.alice, now), waits_on(cast.bob, now)) == (
        [], ["Said to be met: Keep the letters. | Accept or return it"],
    )  # fmt: skip
    assert "Waits for the chair" in sign_in(cast.viewer).get(url).content.decode()
    assert alice.post(f"{url}accept/", {"version": 2}).status_code == 403
    assert bob.post(f"{url}return/", {"returned_reason": "Half of it.", "version": 2}).url == url
    stale = bob.post(f"{url}return/", {"returned_reason": "Half of it.", "version": 2})
    assert stale.status_code == 409
    assert alice.post(f"{url}meet/", {"proof": "All of it.", "version": 3}).url == url
    assert bob.post(f"{url}accept/", {"version": 4}).url == url
    text = alice.get(url).content.decode()
    assert ("All of it." in text, "Accepted by Bob" in text) == (True, True)
    assert not Condition.objects.open().exists()


def test_it_is_accepted_only_by_a_chair_without_a_part_and_once(cast, condition, today, now):
    with pytest.raises(RefusedError) as refused:
        accept_condition(actor=cast.carol, condition=condition, seen=None, now=now)
    assert [one.code for one in refused.value.obstacles] == ["not_met", "not_chair"]
    meet_condition(actor=cast.alice, condition=condition, proof="The log.", seen=None, now=now)
    with pytest.raises(RefusedError) as refused:
        return_condition(actor=cast.bob, condition=condition, reason=" ", seen=None, now=now)
    assert [one.code for one in refused.value.obstacles] == ["returned_reason"]
    pilot = condition.decision.round.pilot
    building.assign_part(actor=None, pilot=pilot, person=cast.bob, part=Part.CHAMPION, since=today, now=now)
    with pytest.raises(RefusedError) as refused:
        accept_condition(actor=cast.bob, condition=condition, seen=None, now=now)
    assert [one.code for one in refused.value.obstacles] == ["own_pilot"]


def test_a_vote_waits_on_those_who_have_not_voted_and_may(cast, gate_set, today, now, django_assert_max_num_queries):
    Committee.objects.update(majority_rule=MajorityRule.SIMPLE)
    first, second = (building.awaiting(cast, today=today, now=now) for _ in range(2))
    proposal = put_to_vote(cast, first, today=today, now=now)
    put_to_vote(cast, second, today=today, now=now)
    building.assign_part(actor=None, pilot=second, person=cast.carol, part=Part.CHAMPION, since=today, now=now)
    assert waits_on(cast.carol, now) == ["Your vote: stop | Vote"]
    cast_vote(actor=cast.carol, proposal=proposal, choice="for", reason="", today=today, now=now)
    with django_assert_max_num_queries(14):
        found = tasks_of([cast.carol, cast.bob], now=now, sees=lambda _person, _pilot: True)
    assert (len(found.get(cast.carol.pk, ())), len(found[cast.bob.pk])) == (0, 2)
