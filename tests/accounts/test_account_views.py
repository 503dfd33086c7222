"""One's own account: overview and preferences."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.naming import change_person
from accounts.preferring import change_preference, preference_of, wishes_of
from accounts.states import DigestRhythm
from audit.models import Event

WISHES = {"rhythm": "daily", "weekday": "3", "hour": "17", "time_zone": "America/New_York", "language": "en-gb"}


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.alice)


def shown_version(client) -> str:
    return client.get("/account/preferences/").context["form"]["version"].value()


def test_the_overview_leads_to_every_page_of_the_account(client):
    text = client.get("/account/").content.decode()
    for path in ("email/", "password/change/", "2fa/", "sessions/", "preferences/"):
        assert f'href="/account/{path}"' in text


def test_visitors_are_asked_to_sign_in_first(cast, client):
    client.logout()
    for path in ("/account/", "/account/preferences/"):
        assert client.get(path).headers["Location"] == f"/account/login/?next={path}"


class TestPreferences:
    def test_looking_writes_nothing(self, cast, client):
        client.get("/account/preferences/")
        assert wishes_of(cast.alice).pk is None

    def test_saving_keeps_every_wish(self, cast, client):
        answer = client.post("/account/preferences/", {**WISHES, "version": shown_version(client)})
        assert answer.headers["Location"] == "/account/preferences/"
        cast.alice.refresh_from_db()
        kept = preference_of(cast.alice)
        assert (kept.rhythm, kept.weekday, kept.hour) == (DigestRhythm.DAILY, 3, 17)
        assert cast.alice.time_zone == "America/New_York"

    def test_the_page_then_shows_what_was_saved(self, client):
        client.post("/account/preferences/", {**WISHES, "version": shown_version(client)})
        form = client.get("/account/preferences/").context["form"]
        assert {name: str(form[name].value()) for name in WISHES} == WISHES

    @pytest.mark.parametrize(
        ("field", "value"),
        [("rhythm", "hourly"), ("weekday", "0"), ("hour", "24"), ("time_zone", "Mars/Base"), ("language", "tlh")],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, cast, client, field, value):
        answer = client.post("/account/preferences/", {**WISHES, "version": shown_version(client), field: value})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert wishes_of(cast.alice).pk is None

    @pytest.mark.parametrize("who", ["the same person elsewhere", "an administrator"])
    def test_who_loses_a_race_gets_both_texts_and_may_then_save(self, cast, client, now, who):
        seen = shown_version(client)
        if who == "an administrator":
            change_person(actor=cast.administrator, person=cast.alice, seen=None, time_zone="Asia/Tokyo", now=now)
            theirs, yours, by = "Asia/Tokyo", "America/New York", "Administrator"
        else:
            change_preference(
                actor=cast.alice, person=cast.alice, seen=None, now=now, rhythm="monthly", weekday=1, hour=6,
                time_zone="Europe/Paris", language="en-gb",
            )  # fmt: skip
            theirs, yours, by = "Monthly", "Daily", "Alice"
        lost = client.post("/account/preferences/", {**WISHES, "version": seen})
        assert lost.status_code == 409
        text = lost.content.decode()
        assert theirs in text
        assert yours in text
        assert f"{by} saved this" in text
        conflict = lost.context["conflict"]
        mine = dict(conflict.hidden) | {field.name: field.yours for field in conflict.fields}
        assert client.post("/account/preferences/", {**mine, "version": conflict.version}).status_code == 302
        assert preference_of(cast.alice).hour == 17

    def test_a_zone_in_use_that_is_not_on_the_list_stays(self, cast, client, now):
        change_person(actor=None, person=cast.alice, seen=None, time_zone="Etc/GMT+5", now=now)
        client.post("/account/preferences/", {**WISHES, "time_zone": "Etc/GMT+5", "version": shown_version(client)})
        cast.alice.refresh_from_db()
        assert (cast.alice.time_zone, preference_of(cast.alice).rhythm) == ("Etc/GMT+5", "daily")

    def test_posted_twice_it_has_one_effect(self, client):
        form = {**WISHES, "version": shown_version(client), "form_key": "5e2c3c60-6a86-4d2f-8f37-6b8ce1f1c001"}
        answers = [client.post("/account/preferences/", form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Event.objects.filter(kind="accounts.preference.changed").count() == 1

    def test_takes_a_fixed_number_of_queries(self, client):
        with CaptureQueriesContext(connection) as captured:
            client.get("/account/preferences/")
        assert len(captured) <= 4
