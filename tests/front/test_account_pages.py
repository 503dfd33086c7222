"""The library's pages wear our frame and speak our words, at every step of signing in."""

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

PASSWORD = "four-good-decisions"
FORGOTTEN = "Forgotten your password?"
SLOTS = ("default", "label", "value", "message", "summary", "body", "title", "actions")


@pytest.fixture
def alice(cast):
    cast.alice.set_password(PASSWORD)
    cast.alice.save()
    cast.alice.emailaddress_set.get_or_create(email=cast.alice.email, defaults={"verified": True, "primary": True})
    return cast.alice


@pytest.fixture
def alices_browser(alice) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def heading(response) -> str:
    found = re.findall(r"<h1>\s*(.*?)\s*</h1>", response.content.decode(), re.DOTALL)
    assert len(found) == 1, found
    return " ".join(found[0].split())


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_login", "Sign in"),
        ("account_signup", "Accounts come by invitation"),
        ("account_reset_password", FORGOTTEN),
        ("account_reset_password_done", "Look into your mail"),
        ("account_reset_password_from_key_done", "Your password is changed"),
        ("account_email_verification_sent", "Sign in"),
        ("account_inactive", "This account is closed"),
    ],
)
def test_pages_for_visitors(cast, name, title):
    assert heading(Client().get(reverse(name), follow=True)) == title


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(alice):
    response = Client().post(reverse("account_login"), {"login": alice.email, "password": "wrong"})
    assert 'class="errorlist nonfield"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_logout", "Sign out?"),
        ("account_email", "Your e-mail address"),
        ("account_change_password", "Change your password"),
        ("account_reauthenticate", "Is it still you?"),
        ("account_reset_password", FORGOTTEN),
        ("mfa_index", "Second step at sign-in"),
        ("mfa_activate_totp", "Set up an authenticator app"),
    ],
)
def test_pages_of_ones_own_account(alices_browser, name, title):
    assert heading(alices_browser.get(reverse(name))) == title


def test_a_new_address_waits_for_its_confirmation(alices_browser):
    sent = alices_browser.post(reverse("account_email"), {"action_add": "", "email": "new@example.org"}, follow=True)
    assert heading(sent) == "Enter the code from our mail"
    assert "new@example.org" in sent.content.decode()


def test_a_link_for_a_new_password_that_was_used(cast):
    response = Client().get(reverse("account_reset_password_from_key", args=["1", "spent-key"]))
    assert heading(response) == "This link works no longer"


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_second_step_from_setting_up_to_taking_away(alice, alices_browser):
    page = alices_browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    shown = alices_browser.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}, follow=True)
    assert heading(shown) == "Recovery codes"
    assert "10 of 10 are unused" in shown.content.decode()
    assert "In use" in alices_browser.get(reverse("mfa_index")).content.decode()
    assert heading(alices_browser.get(reverse("mfa_generate_recovery_codes"))) == "Make recovery codes?"
    assert heading(alices_browser.get(reverse("mfa_deactivate_totp"))) == "Stop using the authenticator app?"
    assert heading(alices_browser.get(reverse("mfa_reauthenticate"))) == "Is it still you?"

    elsewhere = Client()
    asked = elsewhere.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD}, follow=True)
    assert heading(asked) == "Second step"


def test_account_mails_speak_our_words(alice, alices_browser):
    new = "another-good-word-9"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    alices_browser.post(reverse("account_change_password"), form)
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert message.subject == "Your password was changed"
    assert message.body.startswith("Hello,\n\nyour password was changed.\n")
    assert "choose a new password at once" in message.body


def test_a_forgotten_password_from_the_mail_to_the_new_one(alice):
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": alice.email})
    (message,) = mail.outbox
    assert message.subject == "Choose a new password"
    (link,) = re.findall(r"https?://[^/\s]+(/account/\S+)", message.body)
    form = browser.get(link, follow=True)
    assert heading(form) == "Choose a new password"
    new = {"password1": "another-good-word-9", "password2": "another-good-word-9"}
    done = browser.post(form.request["PATH_INFO"], new, follow=True)
    assert heading(done) == "Your password is changed"


def test_an_unknown_address_gets_a_kind_mail_and_the_page_tells_nothing(cast):
    sent = Client().post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert heading(sent) == "Look into your mail"
    (message,) = mail.outbox
    assert message.subject == "There is no account for this address"


def test_an_account_without_a_password_chooses_one(cast, sign_in):
    cast.alice.set_unusable_password()
    cast.alice.save()
    assert heading(sign_in(cast.alice).get(reverse("account_set_password"))) == "Choose a password"


@pytest.mark.parametrize(
    ("element", "attrs", "markup"),
    [
        ("alert", {}, '<div class="note-box'),
        ("badge", {"tags": ["success"]}, "tone-good"),
        ("badge", {"tags": ["warning"]}, "tone-caution"),
        ("badge", {}, "tone-calm"),
        ("button", {"tags": ["danger"]}, "btn-danger"),
        ("button", {"href": "/x/", "tags": ["panel"]}, '<a href="/x/"'),
        ("button_group", {}, '<div class="actions">'),
        ("details", {"open": True}, "<details open>"),
        ("field", {"type": "checkbox", "id": "a"}, "field choice"),
        ("field", {"type": "textarea", "id": "a"}, ">word</textarea>"),
        ("h1", {}, "<h1>"),
        ("h2", {}, "<h2>"),
        ("hr", {}, "<hr>"),
        ("img", {"src": "x.svg", "tags": ["qr"]}, 'class="qr"'),
        ("p", {}, "<p>"),
        ("panel", {}, '<section class="part">'),
        ("provider", {"name": "Anybody", "href": "/x/"}, "Continue with Anybody"),
        ("provider_list", {}, '<ul class="plain-list">'),
        ("table", {}, 'class="table-list"'),
        ("tbody", {}, "<tbody>"),
        ("td", {"align": "right"}, '<td class="num">'),
        ("th", {}, "<th>"),
        ("thead", {}, "<thead>"),
        ("tr", {}, "<tr>"),
    ],
)
def test_pages_we_did_not_rewrite_are_made_of_our_pieces(element, attrs, markup):
    slots = {slot: ["word"] for slot in SLOTS}
    html = render_to_string(f"allauth/elements/{element}.html", {"attrs": attrs, "slots": slots})
    assert markup in html
