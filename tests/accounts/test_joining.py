"""Opening accounts and accepting invitations."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from accounts.joining import accept_invitation, open_account
from accounts.models import Invitation, User
from accounts.naming import make_invitation, name_person, note_leaving
from accounts.obstacles import RefusedError
from audit.models import Event

PASSWORD = "seven green ships"


@pytest.fixture
def dana(db, now):
    return name_person(actor=None, email="Dana@Example.org", now=now)


def accept(token, now, **changed):
    details = {"name": "Dana", "time_zone": "Europe/Rome", "password": PASSWORD, **changed}
    return accept_invitation(token=token, now=now, **details)


def test_an_account_comes_with_a_password_and_one_verified_address(dana, now):
    open_account(actor=None, person=dana, password=PASSWORD, now=now)
    dana.refresh_from_db()
    assert dana.check_password(PASSWORD)
    address = EmailAddress.objects.get(user=dana)
    assert (address.email, address.verified, address.primary) == ("dana@example.org", True, True)


def test_an_account_is_opened_once(dana, now):
    open_account(actor=None, person=dana, password=PASSWORD, now=now)
    with pytest.raises(RefusedError) as refused:
        open_account(actor=None, person=dana, password="another long one", now=now)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["has_account"]


def test_who_left_gets_no_account(dana, today, now):
    note_leaving(actor=None, person=dana, left_on=today, now=now)
    with pytest.raises(RefusedError) as refused:
        open_account(actor=None, person=dana, password=PASSWORD, now=now)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["has_left"]


@pytest.mark.parametrize("weak", ["short", "1qaz2wsx3edc", "dana@example.org"])
def test_a_weak_password_opens_nothing(dana, now, weak):
    with pytest.raises(ValidationError) as refused:
        open_account(actor=None, person=dana, password=weak, now=now)
    assert list(refused.value.error_dict) == ["password"]
    dana.refresh_from_db()
    assert not dana.has_usable_password()
    assert not EmailAddress.objects.exists()


def test_the_token_is_kept_as_its_hash_only(dana, now):
    invitation, token = make_invitation(actor=None, person=dana, now=now)
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())


def test_accepting_opens_the_account_of_the_invited(dana, now):
    _, token = make_invitation(actor=None, person=dana, now=now)
    accepted = accept(token, now)
    assert accepted == dana
    assert (accepted.name, accepted.time_zone) == ("Dana", "Europe/Rome")
    assert Event.objects.get(kind="accounts.user.joined").actor == dana.ref


@pytest.mark.parametrize(
    "spoil",
    ["used", "expired", "tampered", "left", "joined otherwise", "replaced"],
)
def test_a_void_invitation_opens_nothing(dana, today, now, spoil):
    _, token = make_invitation(actor=None, person=dana, now=now)
    when = now
    if spoil == "used":
        accept(token, now)
    elif spoil == "expired":
        when = now + timedelta(days=14)
    elif spoil == "tampered":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    elif spoil == "left":
        note_leaving(actor=None, person=dana, left_on=today, now=now)
    elif spoil == "joined otherwise":
        open_account(actor=None, person=dana, password=PASSWORD, now=now)
    elif spoil == "replaced":
        make_invitation(actor=None, person=dana, now=now)
    before = User.objects.get(pk=dana.pk).password
    with pytest.raises(RefusedError) as refused:
        accept(token, when, password="yet another long one")
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["void_invitation"]
    assert User.objects.get(pk=dana.pk).password == before


def test_a_refused_password_leaves_the_invitation_open(dana, now):
    _, token = make_invitation(actor=None, person=dana, now=now)
    with pytest.raises(ValidationError):
        accept(token, now, password="short")
    assert accept(token, now).has_usable_password()
