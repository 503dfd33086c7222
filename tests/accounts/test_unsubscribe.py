"""Ending digests from the link in the mail."""

import pytest
from django.test import Client

from accounts.models import Preference
from accounts.preferring import preference_of
from accounts.states import DigestRhythm
from audit.models import Event


@pytest.fixture
def link(cast) -> str:
    return f"/unsubscribe/{preference_of(cast.alice).unsubscribe_key}/"


def rhythm() -> str:
    return Preference.objects.get().rhythm


def test_looking_asks_and_changes_nothing(link):
    page = Client().get(link)
    assert page.status_code == 200
    assert "Stop the digests?" in page.content.decode()
    assert Client().head(link).status_code == 200
    assert rhythm() == DigestRhythm.WEEKLY


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_one_click_ends_them_without_cookie_or_token(link, content_type):
    body = "List-Unsubscribe=One-Click"
    if content_type.startswith("multipart"):
        body = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    answer = Client(enforce_csrf_checks=True).post(link, body, content_type=content_type)
    assert answer.status_code == 200
    assert "No more digests" in answer.content.decode()
    assert rhythm() == DigestRhythm.OFF


def test_clicking_again_changes_nothing_more(link):
    answers = [Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert Event.objects.filter(kind="accounts.preference.unsubscribed").count() == 1


def test_an_unknown_key_is_not_there(link):
    assert Client().get("/unsubscribe/nothing-of-ours/").status_code == 404
    assert Client().post("/unsubscribe/nothing-of-ours/").status_code == 404
    assert rhythm() == DigestRhythm.WEEKLY


def test_other_methods_are_refused(link):
    assert Client().delete(link).status_code == 405
