"""The last two who may vote do so, or keep out, at the same moment: the vote closes, once, and counts both.

The long form is `bench/test_bench_decisions.py`.
"""

import pytest

from gates import voting
from gates.models import Proposal
from tests.gates.races.racing import closed_once, voted

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_vote_closes_once_with_what_both_said(cast, today, now):
    closed_once(cast, 24, today=today, now=now)


def test_control_with_the_lock_off_some_votes_never_close(cast, today, now, monkeypatch):
    def unlocked(proposal):
        found = Proposal.objects.select_related("committee", "round__pilot").get(pk=proposal.pk)
        return found.round.pilot, found

    monkeypatch.setattr(voting, "_locked", unlocked)
    voted(cast, 16, today=today, now=now)
    assert Proposal.objects.open().exists()
