"""A pilot's history in plain sentences."""

import pytest

from audit.queries import history
from audit.vocabulary import kinds
from portfolio.history import told
from tests import building


def test_names_who_acted_and_who_was_spoken_of(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    assert [(one.who, one.what) for one in told(history(pilot.scope))] == [
        ("Alice", "Ended the work of round 1 and asked for a decision"),
        ("Alice", "Started round 1, decision due 6 November 2026"),
        ("Alice", "Named Sponsor: executive sponsor"),
        ("Alice", "Proposed the pilot Sorting incoming letters"),
    ]


def test_takes_one_query_for_all_names(cast, today, now, django_assert_num_queries):
    pilot = building.awaiting(cast, today=today, now=now)
    events = list(history(pilot.scope))
    with django_assert_num_queries(1):
        told(events)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_kind_of_event_completes_a_sentence(kind):
    assert kind.sentence[0].islower()
    assert not kind.sentence.endswith(".")
