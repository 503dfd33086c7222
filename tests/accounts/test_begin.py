"""The first administrator."""

import contextlib
import threading

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from accounts import beginning
from accounts.beginning import begin_installation, is_begun
from accounts.models import RoleGrant, User
from accounts.naming import name_person
from accounts.obstacles import RefusedError
from accounts.permissions import roles_of
from accounts.states import Role
from audit.models import Event
from gates.permissions import committees_of
from portfolio.models import Pilot

DETAILS = {
    "name": "Ada",
    "email": "Ada@example.org",
    "password": "seven green ships",
    "password_again": "seven green ships",
}


@pytest.fixture
def fresh(db, client):
    """A visitor of an empty installation."""
    return client


class TestPage:
    def test_every_page_of_an_empty_installation_leads_there(self, fresh):
        for path in ("/", "/portfolio/", "/account/login/"):
            assert fresh.get(path).headers["Location"] == "/begin/"
        page = fresh.get("/begin/")
        assert page.status_code == 200
        assert "Europe/Paris" in page.content.decode()

    def test_makes_an_administrator_and_signs_in(self, fresh):
        answer = fresh.post("/begin/", DETAILS)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        ada = User.objects.get()
        assert (ada.email, ada.name) == ("ada@example.org", "Ada")
        assert roles_of(ada) == {Role.ADMINISTRATOR}
        assert EmailAddress.objects.get(user=ada).verified
        assert fresh.get("/settings/").status_code == 200
        assert Event.objects.filter(kind="accounts.installation.begun", actor=ada.ref).count() == 1

    def test_an_administrator_has_no_business_authority(self, fresh, today):
        fresh.post("/begin/", DETAILS)
        ada = User.objects.get()
        assert not committees_of(ada)
        assert not Pilot.objects.editable_by(ada).exists()
        assert fresh.get("/portfolio/propose/").status_code == 403

    def test_answers_no_more_once_used_not_even_after_the_role_ended(self, fresh):
        fresh.post("/begin/", DETAILS)
        RoleGrant.objects.update(until="2026-01-01", since="2026-01-01")
        for visitor in (fresh, Client()):
            assert visitor.get("/begin/").status_code == 404
            assert visitor.post("/begin/", {**DETAILS, "email": "eve@example.org"}).status_code == 404
        assert User.objects.count() == 1

    def test_answers_while_an_import_has_named_people_and_nobody_can_sign_in(self, fresh, now):
        name_person(actor=None, email="ada@example.org", now=now)
        assert fresh.post("/begin/", DETAILS).status_code == 302
        assert User.objects.get().has_usable_password()

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"password": "short", "password_again": "short"}, "password"),
            ({"password_again": "seven green boats"}, "password_again"),
            ({"email": "no address"}, "email"),
            ({"name": ""}, "name"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, fresh, changed, field):
        answer = fresh.post("/begin/", {**DETAILS, **changed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert not is_begun()

    def test_posted_twice_it_makes_one_and_answers_the_same(self, fresh):
        key = {"form_key": "5e2c3c60-6a86-4d2f-8f37-6b8ce1f1c001"}
        answers = [fresh.post("/begin/", {**DETAILS, **key}) for _ in range(2)]
        assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [(302, "/")] * 2
        assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
class TestRace:
    def begin_at_once(self, monkeypatch, today, now) -> int:
        """Two people begin at the same time, each looking before the other has written; return how many succeed."""
        both_have_looked = threading.Barrier(2, timeout=1)
        looked = beginning.is_begun

        def look_then_wait():
            seen = looked()
            with contextlib.suppress(threading.BrokenBarrierError):
                both_have_looked.wait()
            return seen

        monkeypatch.setattr(beginning, "is_begun", look_then_wait)
        outcomes = []

        def begin(email):
            try:
                begin_installation(
                    actor=None, name="A", email=email, password="seven green ships", today=today, now=now
                )
                outcomes.append(True)
            except RefusedError:
                outcomes.append(False)
            finally:
                connection.close()

        threads = [threading.Thread(target=begin, args=(f"{name}@example.org",)) for name in ("ada", "eve")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(outcomes) == 2
        return outcomes.count(True)

    def test_two_at_once_make_one(self, monkeypatch, today, now):
        assert self.begin_at_once(monkeypatch, today, now) == 1
        assert User.objects.count() == 1

    def test_without_taking_turns_they_would_make_two(self, monkeypatch, today, now):
        monkeypatch.setattr(beginning, "_take_turns", lambda: None)
        assert self.begin_at_once(monkeypatch, today, now) == 2
