"""The audit trail: written with its change, in one chain."""

import itertools
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import note
from accounts.organising import add_unit
from audit.models import Event, Head
from audit.models.event import GENESIS
from audit.recording import OutsideVerbError, canonical_json, chained, record, verb
from portfolio.proposing import edit_pilot
from tests import building


def test_a_verb_leaves_its_events_in_a_chain(cast, today, now):
    building.running(cast, today=today, now=now)
    events = list(Event.objects.order_by("sequence"))
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert bytes(events[0].previous_hash) == GENESIS
    for earlier, later in itertools.pairwise(events):
        assert bytes(later.previous_hash) == bytes(earlier.hash)
        assert bytes(later.hash) == chained(bytes(earlier.hash), bytes(later.canonical))
    head = Head.objects.get()
    assert (head.sequence, bytes(head.hash)) == (len(events), bytes(events[-1].hash))


def test_a_refused_verb_leaves_none(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    before = Event.objects.count()
    with pytest.raises(ValidationError):
        edit_pilot(actor=cast.alice, pilot=pilot, seen=99, now=now, title="Other")
    assert Event.objects.count() == before


def test_a_verb_inside_a_verb_joins_it_and_takes_its_events_along_when_it_fails(cast, now):
    @verb
    def outer(*, actor, now):
        add_unit(actor=actor, name="Kept", now=now)
        with pytest.raises(ValidationError):
            inner(actor=actor, now=now)

    @verb
    def inner(*, actor, now):
        add_unit(actor=actor, name="Dropped", now=now)
        raise ValidationError("no")

    before = Event.objects.count()
    outer(actor=cast.administrator, now=now)
    written = list(Event.objects.filter(sequence__gt=before))
    assert [event.data["name"] for event in written] == ["Kept"]


def test_nothing_is_recorded_outside_a_verb(cast, now):
    with pytest.raises(OutsideVerbError):
        record(actor="system", kind="accounts.unit.added", subject=cast.unit, at=now)


def test_a_kind_that_no_room_registered_is_refused(cast, now):
    @verb
    def act(*, actor, now):
        note(actor, "accounts.unit.sung-to", cast.unit, now=now)

    with pytest.raises(LookupError):
        act(actor=None, now=now)


def test_the_trail_names_people_by_number_only(cast, today, now):
    building.awaiting(cast, today=today, now=now)
    assert not [event for event in Event.objects.all() if b"@example.org" in bytes(event.canonical)]


def test_canonical_json_has_one_spelling():
    assert canonical_json({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    with pytest.raises(TypeError):
        canonical_json({"a": object()})
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json({"a": float("nan")})
    assert json.loads(canonical_json([None, True])) == [None, True]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_rolls_back_takes_its_events_along(now):
    with pytest.raises(RuntimeError), transaction.atomic():
        add_unit(actor=None, name="Gone", now=now)
        raise RuntimeError
    assert Event.objects.count() == 0
