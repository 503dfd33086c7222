"""Rule: silent."""

import pytest

from gates.rules.silent import RULE
from portfolio.states import RoundState
from tests.gates.rules.building import TODAY, a_round, ago, facts


@pytest.mark.parametrize(
    ("days_silent", "threshold", "fires"),
    [(-3, 30, False), (0, 30, False), (29, 30, False), (30, 30, True), (31, 30, True), (0, 1, False), (1, 1, True),
     (0, 0, False)],
)  # fmt: skip
@pytest.mark.parametrize("sign", ["starts_on", "updated_on", "assessed_on", "ended_on", "measured_on", "evidence_on"])
@pytest.mark.parametrize("state", [RoundState.RUNNING, RoundState.AWAITING_DECISION])
def test_when_it_fires(days_silent, threshold, fires, sign, state):
    undecided = a_round(**{"starts_on": ago(max(days_silent, 300)), "state": state, sign: ago(days_silent)})
    finding = RULE.find(facts(undecided=undecided), TODAY, threshold)
    assert (finding is not None) == fires
    assert finding is None or finding.since == ago(days_silent)


def test_the_last_of_all_signs_counts():
    undecided = a_round(starts_on=ago(300), updated_on=ago(50), assessed_on=ago(40), ended_on=ago(45))
    assert RULE.find(facts(undecided=undecided), TODAY, 30).since == ago(40)


def test_it_tells_silence_from_the_start_from_falling_silent():
    never = RULE.find(facts(undecided=a_round(starts_on=ago(40))), TODAY, 30)
    once = RULE.find(facts(undecided=a_round(starts_on=ago(99), updated_on=ago(40))), TODAY, 30)
    signs = "status update, assessment, measurement or evidence"
    assert never.detail == f"Round 2 has been silent from its start: no {signs}."
    assert once.detail == f"Round 2 has fallen silent: no new {signs}."


def test_a_decided_pilot_may_be_silent():
    assert RULE.find(facts(undecided=None), TODAY, 30) is None
