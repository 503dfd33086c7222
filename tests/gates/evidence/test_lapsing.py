"""Evidence that no longer counts: what the database says of it, for the rule of drift and for gates that reopen."""

from datetime import timedelta

import pytest

from gates.evidence_library import evidence_for, lapsed
from gates.evidencing import Content, stop_using, supersede_evidence, withdraw_evidence
from gates.queries import latest_round
from gates.rules.facts import EvidenceFacts, read_facts
from gates.states import EvidenceKind
from portfolio.states import Outcome
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.evidence.adding import add_note, criterion


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.awaiting(cast, today=today, now=now)


@pytest.fixture
def shelf(cast, pilot, today, now):
    """One piece of every fate, each for criterion 1.1, which lets evidence grow 365 days old."""
    long_ago, then = today - timedelta(days=400), now - timedelta(days=400)

    def note(title, **changes):
        return add_note(
            cast, pilot, title=title, **{"criteria": [criterion()], "today": long_ago, "now": now, **changes}
        )

    note("lasts")
    note("ends today", valid_until=today)
    note("ended", valid_until=today - timedelta(days=3))
    note("grew old", now=then)
    note("ended before it grew old", valid_until=today - timedelta(days=300), now=then)
    note("unused and ended", valid_until=today - timedelta(days=3), criteria=[])
    withdraw_evidence(actor=cast.alice, evidence=note("withdrawn"), reason="Wrong.", now=now)
    stop_using(actor=cast.alice, evidence=note("detached", now=then), criterion=criterion(), now=now)
    newer = Content(kind=EvidenceKind.NOTE, title="newer", note="x")
    supersede_evidence(actor=cast.alice, old=note("replaced", now=then), content=newer, today=today, now=now)


def test_what_has_lapsed(pilot, shelf, today):
    found = {use.evidence.title: use.until and (today - use.until).days for use in lapsed(today)}
    assert found == {"ended": 3, "grew old": 35, "ended before it grew old": 300, "withdrawn": -365}


def test_the_database_and_the_page_agree(pilot, shelf, today):
    views = evidence_for([criterion()], latest_round(pilot), today=today)[criterion().pk]
    assert {use.evidence.title for use in lapsed(today)} == {view.evidence.title for view in views if not view.counts}
    assert {use.evidence.title: use.until for use in lapsed(today)} == {
        view.evidence.title: view.counts_until for view in views if not view.counts
    }


def test_the_facts_of_the_rule(pilot, shelf, today):
    [facts] = read_facts([pilot.pk])
    day = timedelta(days=1)
    assert facts.evidence == (
        EvidenceFacts("ended before it grew old", today - 300 * day),
        EvidenceFacts("grew old", today - 35 * day),
        EvidenceFacts("ended", today - 3 * day),
        EvidenceFacts("ends today", today),
        EvidenceFacts("lasts", today + 365 * day),
        EvidenceFacts("newer", today + 365 * day),
    )


def test_a_decided_round_has_nothing_that_lapses(cast, pilot, shelf, today, now):
    decide(cast, pilot, Outcome.STOP, today=today, now=now)
    [facts] = read_facts([pilot.pk])
    assert (facts.evidence, lapsed(today).count()) == ((), 0)
