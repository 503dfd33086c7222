"""Inviting, and the page to which an invitation leads."""

import re
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.test import Client
from django.utils import timezone

from accounts.inviting import bring_in, send_invitation
from accounts.joining import open_account
from accounts.models import Invitation, Mail, User
from accounts.naming import change_person, note_leaving
from accounts.states import MailKind, Role
from tests.accounts.conftest import PASSWORD

DETAILS = {"name": "Bob B.", "time_zone": "Asia/Tokyo", "password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture
def link(cast) -> str:
    """The path in the mail that the administrator had sent to Bob, who has no account yet."""
    send_invitation(actor=cast.administrator, person=cast.bob, now=timezone.now())
    return path_in(Mail.objects.latest("pk"))


def path_in(mail: Mail) -> str:
    found = re.search(r"^https?://[^/]+(/invitation/\S+)$", mail.text, re.MULTILINE)
    assert found
    return found[1]


class TestMail:
    def test_says_who_invites_whom_until_when_and_bears_the_link_in_both_parts(self, cast, link):
        mail = Mail.objects.get()
        assert (mail.kind, mail.recipient, mail.to_address) == (MailKind.INVITATION, cast.bob, "bob@example.org")
        assert mail.subject == "Your invitation to Pilotage"
        for part in (mail.text, mail.html):
            assert "Administrator invites you" in part
            assert link in part
            assert "bob@example.org" in part
        assert 'style="' in mail.html
        assert not getattr(django_mail, "outbox", None)

    def test_a_name_with_markup_stays_text(self, cast):
        change_person(
            actor=None, person=cast.administrator, seen=None, name="<script>alert(1)</script>", now=timezone.now()
        )
        cast.administrator.refresh_from_db()
        send_invitation(actor=cast.administrator, person=cast.bob, now=timezone.now())
        assert "<script" not in Mail.objects.get().html


class TestPage:
    def test_looking_changes_nothing(self, cast, link):
        for _ in range(2):
            page = Client().get(link)
            assert page.status_code == 200
        text = page.content.decode()
        assert "bob@example.org" in text
        assert "Administrator invites" in text
        assert Invitation.objects.get().used_at is None

    def test_accepting_opens_the_account_and_signs_in(self, cast, link):
        client = Client()
        answer = client.post(link, DETAILS)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        cast.bob.refresh_from_db()
        assert (cast.bob.name, cast.bob.time_zone) == ("Bob B.", "Asia/Tokyo")
        assert client.get("/account/").context["user"] == cast.bob

    def test_posted_twice_it_has_one_effect_and_one_answer(self, cast, link):
        client, key = Client(), {"form_key": "5e2c3c60-6a86-4d2f-8f37-6b8ce1f1c001"}
        first = client.post(link, {**DETAILS, **key})
        second = client.post(link, {**DETAILS, **key, "name": "Somebody else"})
        assert (second.status_code, second.headers.get("Location")) == (first.status_code, first.headers["Location"])
        cast.bob.refresh_from_db()
        assert cast.bob.name == "Bob B."

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"password": "bob@example.org", "password_again": "bob@example.org"}, "password"),
            ({"password_again": "other"}, "password_again"),
            ({"time_zone": "Mars/Base"}, "time_zone"),
            ({"name": " "}, "name"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field_and_the_link_still_works(self, cast, link, changed, field):
        refused = Client().post(link, {**DETAILS, **changed})
        assert refused.status_code == 422
        assert list(refused.context["form"].errors) == [field]
        assert Client().post(link, DETAILS).status_code == 302

    @pytest.mark.parametrize(
        ("spoil", "status", "says"),
        [
            ("used", 410, "This invitation was used"),
            ("joined otherwise", 410, "This invitation was used"),
            ("expired", 410, "This invitation has expired"),
            ("replaced", 410, "This invitation has expired"),
            ("left", 410, "This invitation has expired"),
            ("address corrected", 410, "This invitation has expired"),
            ("tampered", 404, "This link leads nowhere"),
        ],
    )
    def test_a_void_link_says_kindly_what_to_do_and_opens_nothing(
        self, cast, link, today, time_machine, spoil, status, says
    ):
        now = timezone.now()
        if spoil == "used":
            Client().post(link, DETAILS)
        elif spoil == "joined otherwise":
            open_account(actor=None, person=cast.bob, password=PASSWORD, now=now)
        elif spoil == "expired":
            time_machine.move_to(now + timedelta(days=14, seconds=1))
        elif spoil == "replaced":
            send_invitation(actor=None, person=cast.bob, now=now)
        elif spoil == "left":
            note_leaving(actor=None, person=cast.bob, left_on=today, now=now)
        elif spoil == "address corrected":
            change_person(actor=None, person=cast.bob, seen=None, email="robert@example.org", now=now)
        elif spoil == "tampered":
            link = link[:-2] + ("x" if link[-2] != "x" else "y") + "/"
        password = User.objects.get(pk=cast.bob.pk).password
        for answer in (Client().get(link), Client().post(link, {**DETAILS, "password": "x" * 20})):
            assert answer.status_code == status
            assert says in answer.content.decode()
        assert User.objects.get(pk=cast.bob.pk).password == password

    def test_somebody_else_who_is_signed_in_is_told_so_and_cannot_take_it(self, cast, link, sign_in):
        client = sign_in(cast.charlie)
        assert "for somebody else" in client.get(link).content.decode()
        client.post(link, DETAILS)
        assert Invitation.objects.get().used_at is None
        assert client.get("/account/").context["user"] == cast.charlie


class TestBringingIn:
    def test_names_grants_and_invites_at_once(self, cast, today, now):
        erin = bring_in(
            actor=cast.administrator, email="Erin@Example.org", name="Erin", function="legal",
            role=Role.AUDITOR, invite=True, today=today, now=now,
        )  # fmt: skip
        assert erin.email == "erin@example.org"
        assert [(grant.role, grant.since) for grant in erin.grants.all()] == [(Role.AUDITOR, today)]
        assert Mail.objects.get().recipient == erin

    def test_can_leave_the_invitation_for_later(self, cast, today, now):
        bring_in(
            actor=None, email="erin@example.org", name="", function="", role=None, invite=False, today=today, now=now
        )
        assert not Mail.objects.exists()
        assert not Invitation.objects.exists()
