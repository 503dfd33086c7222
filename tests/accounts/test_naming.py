"""Naming people, correcting their address, inviting whoever is new."""

import pytest
from django.core.exceptions import ValidationError

from accounts.inviting import name_and_invite
from accounts.joining import open_account
from accounts.models import Invitation, Mail, User
from accounts.naming import change_person, make_invitation, name_person
from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from tests.accounts.conftest import PASSWORD


def test_an_address_names_one_person_in_any_case(db, now):
    first = name_person(actor=None, email=" Dana@Example.org ", name="Dana", now=now)
    assert name_person(actor=None, email="dana@EXAMPLE.org", name="Somebody else", now=now) == first
    assert (first.email, first.name, first.has_usable_password()) == ("dana@example.org", "Dana", False)


@pytest.mark.parametrize("email", ["", "dana", "dana@", "dana@example.org\nbcc: eve@example.org"])
def test_what_is_no_address_names_nobody(db, now, email):
    with pytest.raises(ValidationError):
        name_person(actor=None, email=email, now=now)
    assert not User.objects.exists()


def test_whoever_is_new_is_invited_once(cast, now):
    for _ in range(2):
        dana = name_and_invite(actor=cast.alice, email="dana@example.org", name="Dana", now=now)
    assert Mail.objects.get().recipient == dana
    assert Invitation.objects.get().invited_by == cast.alice


def test_whoever_is_known_is_not_invited_again(cast, now):
    assert name_and_invite(actor=cast.alice, email="Bob@example.org", now=now) == cast.bob
    assert not Mail.objects.exists()


def test_who_has_joined_changes_their_address_themselves(cast, now):
    open_account(actor=None, person=cast.bob, password=PASSWORD, now=now)
    with pytest.raises(RefusedError) as refused:
        change_person(actor=cast.administrator, person=cast.bob, seen=None, email="eve@example.org", now=now)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["email"]


def test_a_corrected_address_ends_what_went_to_the_old_one(cast, now):
    invitation, _ = make_invitation(actor=None, person=cast.bob, now=now)
    change_person(actor=None, person=cast.bob, seen=None, email="Robert@example.org", now=now)
    invitation.refresh_from_db()
    assert invitation.expires_at == now
    assert User.objects.get(pk=cast.bob.pk).email == "robert@example.org"


def test_an_invitation_stays_when_other_details_change(cast, now):
    invitation, _ = make_invitation(actor=None, person=cast.bob, now=now)
    change_person(actor=None, person=cast.bob, seen=None, name="Robert", now=now)
    invitation.refresh_from_db()
    assert invitation.expires_at > now


def test_the_trail_says_which_fields_changed_and_never_what_they_say(cast, now):
    change_person(actor=cast.administrator, person=cast.bob, seen=1, name="Robert", function="", now=now)
    event = Event.objects.get(kind="accounts.user.changed")
    assert event.data == {"fields": ["name"]}
    assert b"Robert" not in bytes(event.canonical)


def test_a_change_by_who_saw_an_older_one_is_refused(cast, now):
    change_person(actor=None, person=cast.bob, seen=1, name="Robert", now=now)
    with pytest.raises(StaleError):
        change_person(actor=None, person=cast.bob, seen=1, name="Bertie", now=now)
