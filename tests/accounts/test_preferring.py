"""Wishes for digests."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Preference
from accounts.naming import change_person
from accounts.obstacles import StaleError
from accounts.preferring import change_preference, preference_of, unsubscribe, version_of, wishes_of
from accounts.states import DigestRhythm
from audit.models import Event

DAILY_AT_SIX = {"rhythm": "daily", "weekday": 1, "hour": 6, "time_zone": "Europe/Paris", "language": "en-gb"}


def test_without_a_row_the_defaults_hold_and_nothing_is_written(cast):
    wishes = wishes_of(cast.alice)
    assert (wishes.rhythm, wishes.weekday, wishes.hour) == (DigestRhythm.WEEKLY, 1, 8)
    assert not Preference.objects.exists()


def test_the_row_is_made_once_with_a_key_that_nobody_guesses(cast):
    first, second = preference_of(cast.alice), preference_of(cast.alice)
    assert first.pk == second.pk
    assert len(first.unsubscribe_key) == 43
    assert preference_of(cast.bob).unsubscribe_key != first.unsubscribe_key


def test_changing_writes_both_rows_and_one_event(cast, now):
    before = version_of(wishes_of(cast.alice))
    change_preference(
        actor=cast.alice, person=cast.alice, seen=before, now=now, **{**DAILY_AT_SIX, "time_zone": "Asia/Tokyo"}
    )
    cast.alice.refresh_from_db()
    kept = preference_of(cast.alice)
    assert (kept.rhythm, kept.hour, cast.alice.time_zone) == ("daily", 6, "Asia/Tokyo")
    event = Event.objects.get(kind="accounts.preference.changed")
    assert (event.actor, event.data) == (cast.alice.ref, {"fields": ["rhythm", "hour", "time_zone"]})


@pytest.mark.parametrize("between", ["wishes", "person"])
def test_a_change_in_between_to_either_row_is_not_overwritten(cast, now, between):
    seen = version_of(wishes_of(cast.alice))
    if between == "wishes":
        change_preference(actor=cast.alice, person=cast.alice, seen=None, now=now, **{**DAILY_AT_SIX, "hour": 9})
    else:
        change_person(actor=cast.administrator, person=cast.alice, seen=None, now=now, time_zone="Asia/Tokyo")
    with pytest.raises(StaleError):
        change_preference(actor=cast.alice, person=cast.alice, seen=seen, now=now, **DAILY_AT_SIX)


@pytest.mark.parametrize(
    ("field", "value"),
    [("hour", 24), ("hour", -1), ("weekday", 0), ("weekday", 8), ("rhythm", "hourly"), ("time_zone", "Mars/Base")],
)
def test_impossible_wishes_are_refused_and_leave_nothing(cast, now, field, value):
    with pytest.raises(ValidationError) as refused:
        change_preference(actor=cast.alice, person=cast.alice, seen=None, now=now, **{**DAILY_AT_SIX, field: value})
    assert list(refused.value.error_dict) == [field]
    assert not Event.objects.filter(kind="accounts.preference.changed").exists()
    assert wishes_of(cast.alice).rhythm == DigestRhythm.WEEKLY


def test_unsubscribing_twice_is_unsubscribing_once(cast, now):
    key = preference_of(cast.alice).unsubscribe_key
    unsubscribe(key=key, now=now)
    unsubscribe(key=key, now=now)
    assert preference_of(cast.alice).rhythm == DigestRhythm.OFF
    assert Event.objects.filter(kind="accounts.preference.unsubscribed", actor=cast.alice.ref).count() == 1


def test_an_unknown_key_unsubscribes_nobody(cast, now):
    preference_of(cast.alice)
    with pytest.raises(Preference.DoesNotExist):
        unsubscribe(key="x" * 43, now=now)
