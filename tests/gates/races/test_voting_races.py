"""The last two who may vote do so, or keep out, at the same moment: the vote closes, once, and counts both."""

import pytest

from audit.models import Event
from gates import voting
from gates.models import Committee, Proposal, Vote
from gates.states import MajorityRule, VoteChoice
from gates.voting import cast_vote, recuse
from tests.gates.deciding_for import put_to_vote
from tests.gates.races.racing import race, undecided

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def voted(cast, today, now):
    """Return a function that lets Bob and Carol be the last on so many proposals; Carol keeps out of each second."""
    Committee.objects.update(majority_rule=MajorityRule.SIMPLE, quorum=1)

    def run(count: int) -> list[tuple[object, object]]:
        proposals = [put_to_vote(cast, pilot, today=today, now=now) for pilot in undecided(cast, count, today=today)]

        def act(_pilot, number, which):
            when = {"today": today, "now": now}
            if which and number % 2:
                return recuse(actor=cast.carol, proposal=proposals[number], reason="My sister sells it.", **when)
            person = cast.carol if which else cast.bob
            return cast_vote(actor=person, proposal=proposals[number], choice=VoteChoice.FOR, reason="", **when)

        return race(proposals, act)

    return run


def test_every_vote_closes_once_with_what_both_said(voted):
    pairs = voted(24)
    assert [pair for pair in pairs if any(isinstance(one, Exception) for one in pair)] == []
    assert not Proposal.objects.open().exists()
    assert Event.objects.filter(kind="gates.proposal.closed").count() == 24
    counted = Proposal.objects.order_by("pk").values_list("result", "count__for_", "count__entitled")
    assert list(counted) == [("carried", 2, 2), ("carried", 1, 1)] * 12
    assert Vote.objects.count() == 36


def test_control_with_the_lock_off_some_votes_never_close(voted, monkeypatch):
    def unlocked(proposal):
        found = Proposal.objects.select_related("committee", "round__pilot").get(pk=proposal.pk)
        return found.round.pilot, found

    monkeypatch.setattr(voting, "_locked", unlocked)
    voted(16)
    assert Proposal.objects.open().exists()
