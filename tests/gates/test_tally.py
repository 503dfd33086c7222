"""How votes are counted, rule by rule."""

import pytest

from gates.states import MajorityRule
from gates.tally import Why, tally

SIMPLE, TWO_THIRDS, UNANIMOUS, CHAIR = MajorityRule.values
#: The first letter of the string is the chair's vote: + for, - against, 0 abstained, . has not voted.
SAID = {"+": "for", "-": "against", "0": "abstain"}


def counted(rule, votes, quorum=2, *, chair=True):
    said = {key: SAID[letter] for key, letter in enumerate(votes) if letter in SAID}
    found = tally(rule=rule, quorum=quorum, votes=said, chair=0 if chair else None)
    return found.carried, found.why


@pytest.mark.parametrize(
    ("rule", "votes", "carried", "why"),
    [
        (SIMPLE, "++-", True, Why.CARRIED),
        (SIMPLE, "+--", False, Why.REFUSED),
        (SIMPLE, "+00", True, Why.CARRIED),
        (SIMPLE, "+-", True, Why.CHAIR_BROKE_TIE),
        (SIMPLE, "-+", False, Why.CHAIR_BROKE_TIE),
        (SIMPLE, "0+-", False, Why.TIE),
        (SIMPLE, ".+-", False, Why.TIE),
        (SIMPLE, "00", False, Why.TIE),
        (SIMPLE, "+..", False, Why.NO_QUORUM),
        (SIMPLE, "...", False, Why.NO_QUORUM),
        (TWO_THIRDS, "++-", True, Why.CARRIED),
        (TWO_THIRDS, "+++--", False, Why.REFUSED),
        (TWO_THIRDS, "++++--", True, Why.CARRIED),
        (TWO_THIRDS, "+0", True, Why.CARRIED),
        (TWO_THIRDS, "00", False, Why.REFUSED),
        (UNANIMOUS, "+++", True, Why.CARRIED),
        (UNANIMOUS, "++0", True, Why.CARRIED),
        (UNANIMOUS, "++-", False, Why.REFUSED),
        (UNANIMOUS, "000", False, Why.REFUSED),
        (CHAIR, "+--", True, Why.CHAIR),
        (CHAIR, "-++", False, Why.CHAIR),
        (CHAIR, "0++", False, Why.CHAIR),
        (CHAIR, "+.", False, Why.NO_QUORUM),
    ],
)
def test_each_rule(rule, votes, carried, why):
    assert counted(rule, votes) == (carried, why)


@pytest.mark.parametrize(("voted", "carried"), [(2, False), (3, True)])
def test_abstentions_count_towards_the_quorum(voted, carried):
    assert counted(SIMPLE, "+" + "0" * (voted - 1), quorum=3)[0] is carried


def test_a_tie_is_lost_where_the_chair_may_not_vote():
    assert counted(SIMPLE, "+-", chair=False) == (False, Why.TIE)
