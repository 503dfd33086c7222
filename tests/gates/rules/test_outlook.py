"""Rules about the outlook of those who report: in doubt, and "When will this scale?" unanswered."""

from datetime import timedelta

import pytest

from gates.rules.facts import UpdateFacts, read_facts
from gates.rules.in_doubt import RULE as IN_DOUBT
from gates.rules.scale_unanswered import RULE as UNANSWERED
from portfolio.states import Confidence, Purpose
from tests import building
from tests.gates.rules.building import TODAY, a_round, ago, facts

SURE, DOUBT = Confidence.GOING_WELL, Confidence.IN_DOUBT


def updates(*said) -> tuple[UpdateFacts, ...]:
    """The newest first, ten days apart; each is a confidence, or a pair of it and whether the question was answered."""
    pairs = [one if isinstance(one, tuple) else (one, False) for one in said]
    return tuple(UpdateFacts(ago(10 * n), confidence, answered) for n, (confidence, answered) in enumerate(pairs))


@pytest.mark.parametrize(
    ("said", "threshold", "since"),
    [
        ((), 2, None),
        ((DOUBT,), 2, None),
        ((DOUBT, DOUBT), 2, ago(10)),
        ((DOUBT, DOUBT, DOUBT, SURE), 2, ago(20)),
        ((SURE, DOUBT, DOUBT), 2, None),
        ((DOUBT, "", DOUBT), 2, None),
        ((DOUBT, DOUBT), 3, None),
        ((DOUBT, DOUBT, DOUBT), 3, ago(20)),
    ],
)
def test_in_doubt(said, threshold, since):
    finding = IN_DOUBT.find(facts(undecided=a_round(updates=updates(*said))), TODAY, threshold)
    assert (finding and finding.since) == since


@pytest.mark.parametrize(
    ("said", "threshold", "since"),
    [
        ((SURE, SURE), 3, None),
        ((SURE, DOUBT, SURE), 3, ago(20)),
        (((SURE, True), SURE, SURE, SURE), 3, None),
        ((SURE, SURE, SURE, (SURE, True)), 3, ago(20)),
        ((SURE, SURE, ""), 3, None),  # the oldest is from before it was asked
        ((SURE, SURE), 2, ago(10)),
    ],
)
def test_when_will_this_scale(said, threshold, since):
    finding = UNANSWERED.find(facts(undecided=a_round(updates=updates(*said))), TODAY, threshold)
    assert (finding and finding.since) == since


def test_what_they_say():
    undecided = facts(undecided=a_round(updates=updates(DOUBT, DOUBT, DOUBT)))
    assert IN_DOUBT.find(undecided, TODAY, 2).detail == "3 updates in a row doubt that round 2 keeps its promise."
    assert UNANSWERED.find(undecided, TODAY, 2).detail == "3 updates in a row do not say when round 2 could scale."


def test_research_has_no_plan_to_scale_and_a_decided_round_no_outlook():
    said = updates(DOUBT, DOUBT, DOUBT)
    assert UNANSWERED.find(facts(undecided=a_round(purpose=Purpose.RESEARCH, updates=said)), TODAY, 3) is None
    assert [rule.find(facts(), TODAY, 2) for rule in (IN_DOUBT, UNANSWERED)] == [None, None]


@pytest.mark.requirement(48, page="/drift/")
def test_what_updates_said_is_read_the_newest_first(cast, today, now):
    pilot = building.running(cast, today=today, now=now)
    building.report(cast, pilot, now=now - timedelta(days=9))
    building.report(cast, pilot, now=now - timedelta(days=4), confidence=DOUBT, because="The data is late.")
    building.report(cast, pilot, now=now, confidence=SURE, scale_when="In spring.")
    [read] = read_facts([pilot.pk])
    assert read.undecided.updates == (
        UpdateFacts(today, SURE, answered=True),
        UpdateFacts(today - timedelta(days=4), DOUBT, answered=False),
        UpdateFacts(today - timedelta(days=9), "", answered=False),
    )
