"""Signing in, out, and what surrounds it, on the library's pages."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse

from accounts.models import Mail, User
from accounts.naming import note_leaving, note_return
from accounts.states import MailKind
from accounts.third_party import POLICIES
from accounts.urls_sign_in import urlpatterns as library_pages
from audit.models import Event
from audit.verifying import verify
from tests.accounts.conftest import PASSWORD

NEW_PASSWORD = "eight amber boats"


def is_in(client) -> bool:
    return client.get("/account/").status_code == 200


def kinds_of(person) -> Counter:
    return Counter(Event.objects.filter(actor=person.ref).values_list("kind", flat=True))


class TestPassword:
    def test_signs_in_with_the_address_in_any_case_and_leads_home(self, joined, enter):
        client, answer = enter("ALICE@example.org")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        assert is_in(client)
        assert kinds_of(joined)["accounts.user.signed_in"] == 1

    def test_a_wrong_password_and_an_unknown_address_read_the_same(self, joined, enter):
        def said(email, password):
            _, answer = enter(email, password)
            text = re.sub(r'value="[^"]*"|X-CSRFToken": "[^"]*"', "", answer.content.decode())
            return answer.status_code, text.replace(email, "")

        assert said("alice@example.org", "not this one, no") == said("nobody@example.org", "not this one, no")

    def test_who_is_named_only_cannot_sign_in_with_any_password(self, cast, enter):
        for password in ("", "!", cast.bob.password):
            client, _ = enter("bob@example.org", password)
            assert not is_in(client)

    def test_who_left_cannot_sign_in_and_open_sessions_end_at_once(self, cast, joined, enter, today, now):
        client, _ = enter("alice@example.org")
        note_leaving(actor=None, person=joined, left_on=today, now=now)
        assert not is_in(client)
        _, answer = enter("alice@example.org")
        assert answer.headers["Location"] == reverse("account_inactive")
        note_return(actor=None, person=joined, now=now)
        client, _ = enter("alice@example.org")
        assert is_in(client)

    def test_the_session_gets_a_new_key_at_sign_in(self, joined, enter):
        client = Client()
        client.get("/account/login/")
        session = client.session
        session["planted"] = "before"
        session.save()
        client.cookies["sessionid"] = session.session_key
        enter("alice@example.org", client=client)
        assert client.cookies["sessionid"].value != session.session_key
        assert Client(headers={"cookie": f"sessionid={session.session_key}"}).get("/account/").status_code == 302

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http://127.0.0.1:9/x"],
    )
    def test_next_never_leads_to_another_host(self, joined, enter, elsewhere):
        _, answer = enter("alice@example.org", next=elsewhere)
        assert answer.headers["Location"] == "/"

    def test_next_leads_on_to_our_own_pages(self, joined, enter):
        _, answer = enter("alice@example.org", next="/drift/")
        assert answer.headers["Location"] == "/drift/"

    def test_guessing_is_stopped_even_for_the_right_password(self, joined, enter):
        for _ in range(5):
            enter("alice@example.org", "a wrong guess here")
        client, _ = enter("alice@example.org")
        assert not is_in(client)

    def test_signing_out_takes_a_post(self, joined, enter):
        client, _ = enter("alice@example.org")
        client.get("/account/logout/")
        assert is_in(client)
        client.post("/account/logout/")
        assert not is_in(client)
        assert kinds_of(joined)["accounts.user.signed_out"] == 1

    def test_signing_up_is_closed(self, cast):
        client = Client()
        details = {"email": "eve@example.org", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        assert client.post("/account/signup/", details).status_code == 200
        assert not User.objects.filter(email="eve@example.org").exists()

    def test_an_unverified_address_is_asked_for_a_code(self, joined, enter, mailoutbox):
        EmailAddress.objects.filter(user=joined).update(verified=False)
        client, answer = enter("alice@example.org")
        assert answer.headers["Location"] == reverse("account_email_verification_sent")
        assert not is_in(client)
        code = re.search(r"^([A-Z0-9-]{6,})$", mailoutbox[0].body, re.MULTILINE)[1]
        client.post(reverse("account_email_verification_sent"), {"code": code})
        assert is_in(client)


class TestReset:
    @pytest.fixture
    def elsewhere(self, joined, enter):
        return enter("alice@example.org")[0]

    @pytest.fixture
    def link(self, joined, mailoutbox):
        Client().post("/account/password/reset/", {"email": "Alice@example.org"})
        return re.search(r"https?://\S+/password/reset/key/\S+", mailoutbox[0].body)[0]

    def test_the_link_bears_our_own_address_whatever_the_request_said(self, joined, mailoutbox, settings):
        settings.BASE_URL = "https://pilots.example.org"
        settings.ALLOWED_HOSTS = [".example.com"]
        Client().post("/account/password/reset/", {"email": "alice@example.org"}, headers={"host": "bad.example.com"})
        assert "https://pilots.example.org/account/password/reset/key/" in mailoutbox[0].body
        assert "bad.example.com" not in mailoutbox[0].body + mailoutbox[0].subject

    def test_a_host_that_is_not_ours_is_refused(self, joined, mailoutbox):
        answer = Client().post(
            "/account/password/reset/", {"email": "alice@example.org"}, headers={"host": "evil.example"}
        )
        assert answer.status_code == 400
        assert not mailoutbox

    def test_a_new_password_replaces_the_old_one_and_ends_sessions(self, joined, elsewhere, link, enter):
        client = Client()
        form = client.get(link, follow=True)
        client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
        assert not is_in(elsewhere)
        assert not is_in(enter("alice@example.org")[0])
        assert is_in(enter("alice@example.org", NEW_PASSWORD)[0])
        assert kinds_of(joined)["accounts.user.password_reset"] == 1

    def test_the_link_works_once(self, joined, link, enter):
        first, second = Client(), Client()
        path = first.get(link, follow=True).request["PATH_INFO"]
        first.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
        assert second.get(link, follow=True).context["token_fail"]

    def test_a_weak_password_is_refused(self, joined, link, enter):
        client = Client()
        path = client.get(link, follow=True).request["PATH_INFO"]
        client.post(path, {"password1": "short", "password2": "short"})
        assert is_in(enter("alice@example.org")[0])

    def test_known_unknown_and_not_joined_get_the_same_answer_and_one_mail_each(self, joined, cast, mailoutbox):
        def answer(email):
            response = Client().post("/account/password/reset/", {"email": email})
            return response.status_code, response.headers["Location"]

        answers = {answer(email) for email in ("alice@example.org", "bob@example.org", "nobody@example.org")}
        assert answers == {(302, reverse("account_reset_password_done"))}
        assert Counter(mail.to[0] for mail in mailoutbox) == {
            "alice@example.org": 1,
            "bob@example.org": 1,
            "nobody@example.org": 1,
        }
        assert ["/password/reset/key/" in mail.body for mail in mailoutbox] == [True, False, False]

    def test_mails_pass_through_the_outbox(self, joined, settings):
        settings.EMAIL_BACKEND = "accounts.transport.OutboxBackend"
        Client().post("/account/password/reset/", {"email": "alice@example.org"})
        mail = Mail.objects.get()
        assert (mail.kind, mail.recipient, mail.to_address) == (MailKind.ACCOUNT, joined, "alice@example.org")

    def test_asking_again_and_again_is_stopped(self, joined, mailoutbox):
        statuses = [
            Client().post("/account/password/reset/", {"email": "alice@example.org"}).status_code for _ in range(8)
        ]
        assert statuses[0] == 302
        assert statuses[-1] == 429
        assert len(mailoutbox) <= 5


def surely_in(enter):
    """A client that has typed the password once more, as sensitive pages ask."""
    client, _ = enter("alice@example.org")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


class TestOwnAccount:
    @pytest.fixture
    def client(self, joined, enter):
        return surely_in(enter)

    def test_sensitive_pages_ask_for_the_password_once_more(self, joined, enter, mailoutbox):
        client, _ = enter("alice@example.org")
        for page in ("/account/email/", "/account/2fa/totp/activate/"):
            answer = client.post(page, {"email": "alice@new.example", "action_add": ""})
            assert answer.headers["Location"].startswith("/account/reauthenticate/")
        assert not mailoutbox

    def test_changing_the_password_signs_out_and_tells_by_mail(self, joined, client, enter, mailoutbox):
        client.post(
            "/account/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        )
        assert not is_in(client)
        assert is_in(enter("alice@example.org", NEW_PASSWORD)[0])
        assert kinds_of(joined)["accounts.user.password_changed"] == 1
        assert [mail.to for mail in mailoutbox] == [["alice@example.org"]]

    def test_the_address_changes_once_its_code_is_typed(self, joined, client, enter, mailoutbox):
        client.post("/account/email/", {"email": "alice@new.example", "action_add": ""})
        joined.refresh_from_db()
        assert joined.email == "alice@example.org"
        code = re.search(r"^([A-Z0-9-]{6,})$", mailoutbox[0].body, re.MULTILINE)[1]
        assert mailoutbox[0].to == ["alice@new.example"]
        client.post(reverse("account_email_verification_sent"), {"code": code})
        joined.refresh_from_db()
        assert joined.email == "alice@new.example"
        assert list(EmailAddress.objects.filter(user=joined).values_list("email", "verified", "primary")) == [
            ("alice@new.example", True, True)
        ]
        assert mailoutbox[1].to == ["alice@example.org"]
        assert kinds_of(joined)["accounts.user.address_changed"] == 1
        assert is_in(enter("alice@new.example")[0])

    def test_an_address_of_somebody_else_is_not_taken(self, cast, joined, client, mailoutbox):
        answer = client.post("/account/email/", {"email": "Bob@example.org", "action_add": ""})
        assert "belongs to somebody here" in answer.content.decode()
        assert not mailoutbox

    def test_other_sessions_are_listed_and_ended(self, joined, client, enter):
        elsewhere, _ = enter("alice@example.org")
        assert client.get("/account/sessions/").context["session_count"] == 2
        client.post("/account/sessions/")
        assert is_in(client)
        assert not is_in(elsewhere)
        assert kinds_of(joined)["accounts.user.sessions_ended"] == 1


class TestSecondStep:
    @pytest.fixture
    def secret(self, joined, enter, time_machine, now):
        time_machine.move_to(now, tick=False)
        client = surely_in(enter)
        secret = client.get("/account/2fa/totp/activate/").context["form"].secret
        client.post("/account/2fa/totp/activate/", {"code": code_for(secret, now)})
        return secret

    def test_the_secret_is_not_kept_in_clear(self, joined, secret):
        kept = Authenticator.objects.get(user=joined, type=Authenticator.Type.TOTP)
        assert secret not in str(kept.data)
        assert kinds_of(joined)["accounts.user.second_step_added"] == 2  # the app, and codes for the day it is lost

    def test_new_codes_and_ending_it_are_noted(self, joined, secret, enter, time_machine, now):
        time_machine.shift(60)
        client, _ = enter("alice@example.org")
        client.post("/account/2fa/authenticate/", {"code": code_for(secret, now, seconds=60)})
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        client.post("/account/2fa/recovery-codes/generate/")
        client.post("/account/2fa/totp/deactivate/")
        assert kinds_of(joined)["accounts.user.second_step_renewed"] == 1
        assert kinds_of(joined)["accounts.user.second_step_removed"] == 2
        assert not Authenticator.objects.exists()

    def test_a_password_alone_no_longer_signs_in(self, joined, secret, enter, time_machine, now):
        time_machine.shift(60)
        client, answer = enter("alice@example.org")
        assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
        assert not is_in(client)
        assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert not is_in(client)

    def test_the_code_of_the_phone_completes_it(self, joined, secret, enter, time_machine, now):
        time_machine.shift(60)
        client, _ = enter("alice@example.org")
        client.post("/account/2fa/authenticate/", {"code": code_for(secret, now, seconds=60)})
        assert is_in(client)

    def test_a_recovery_code_completes_it_once(self, joined, secret, enter):
        codes = Authenticator.objects.get(user=joined, type=Authenticator.Type.RECOVERY_CODES).wrap().generate_codes()
        assert codes[0] not in str(Authenticator.objects.values_list("data", flat=True))
        outcomes = []
        for _ in range(2):
            client, _ = enter("alice@example.org")
            client.post("/account/2fa/authenticate/", {"code": codes[0]})
            outcomes.append(is_in(client))
        assert outcomes == [True, False]

    def test_a_lost_one_is_taken_away_by_an_administrator_and_told(self, cast, joined, secret, enter, sign_in):
        for _ in range(2):
            sign_in(cast.administrator).post(f"/settings/people/{joined.pk}/second-step/drop/")
        assert is_in(enter("alice@example.org")[0])
        assert kinds_of(cast.administrator)["accounts.user.second_step_dropped"] == 1
        assert [mail.recipient for mail in Mail.objects.all()] == [joined]

    def test_a_new_secret_key_keeps_it_with_the_old_one_at_hand_and_fails_softly_without(
        self, joined, secret, enter, time_machine, now, settings
    ):
        old, settings.SECRET_KEY = settings.SECRET_KEY, "another key " * 6
        for step, fallbacks in enumerate(([], [old]), start=2):
            time_machine.move_to(now + timedelta(seconds=step * 60), tick=False)
            settings.SECRET_KEY_FALLBACKS = fallbacks
            client, _ = enter("alice@example.org")
            answer = client.post("/account/2fa/authenticate/", {"code": code_for(secret, now, seconds=step * 60)})
            assert answer.status_code in {200, 302}
            assert is_in(client) is bool(fallbacks)


def code_for(secret, now, seconds=0):
    return format_hotp_value(hotp_value(secret, int(now.timestamp() + seconds) // 30))


def test_the_trail_stays_whole_through_all_of_it(joined, enter):
    client, _ = enter("alice@example.org")
    client.post("/account/logout/")
    assert list(verify()) == []


class TestPolicies:
    def test_every_page_of_the_library_has_one_and_no_policy_is_left_over(self):
        assert {page.name for page in library_pages} == set(POLICIES)

    def test_pages_of_the_library_that_we_do_not_use_are_not_there(self):
        names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
        brought = {name for name in names if name.startswith(("account_", "mfa_", "usersessions_", "socialaccount_"))}
        assert brought == set(POLICIES)
        for name in ("socialaccount_login", "mfa_login_webauthn", "account_request_login_code"):
            with pytest.raises(NoReverseMatch):
                reverse(name)
        for path in ("/account/3rdparty/", "/account/login/code/", "/account/2fa/webauthn/", "/account/phone/verify/"):
            with pytest.raises(Resolver404):
                resolve(path)
