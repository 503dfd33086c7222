"""One's own digests on screen: the next as it would be, past ones as sent; and the pause while somebody is away."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Mail, Preference
from accounts.preferring import change_preference, preference_of
from accounts.states import DigestRhythm
from gates.composing import compose_due
from gates.models import DigestRun, Reminded
from gates.periods import due_period, next_due
from tests import building
from tests.counting import queries_of
from tests.gates.preparing_for import concluded

DAY = timedelta(days=1)
LIST, NEXT = "/account/digests/", "/account/digests/next/"


@pytest.fixture
def cast(cast):
    return building.join_all(cast)


@pytest.fixture
def client(cast, sign_in, now):
    with time_machine.travel(now, tick=False):
        yield sign_in(cast.alice)


def away(cast, first: date, last: date, now: datetime) -> None:
    change_preference(
        actor=cast.alice, person=cast.alice, rhythm="weekly", weekday=1, hour=8, time_zone="Europe/Paris",
        language="en-gb", away_from=first, away_until=last, seen=None, now=now,
    )  # fmt: skip


class TestPages:
    @pytest.mark.requirement(90, page="/account/digests/")
    def test_the_next_one_is_shown_as_it_would_be_and_nothing_is_written(self, cast, client, today, now):
        pilot = building.awaiting(cast, today=today, now=now, due=-40)
        page = client.get(LIST)
        assert page.context["preview"].subject == "1 pilot waits for a decision"
        shown = client.get(NEXT).content.decode()
        assert pilot.title in shown
        assert "40 days past due" in shown
        assert not (Mail.objects.filter(kind="digest") | Mail.objects.filter(kind="notice")).exists()
        assert not DigestRun.objects.exists()
        assert not Preference.objects.exists()
        assert not Reminded.objects.exists()

    def test_with_nothing_to_say_it_says_so(self, client):
        assert client.get(LIST).context["preview"] is None
        assert "Nothing to say" in client.get(NEXT).content.decode()

    def test_past_ones_are_shown_as_they_were_sent(self, cast, client, today, now):
        pilot = building.awaiting(cast, today=today, now=now, due=-40, title="Letters")
        compose_due(now=now)
        pilot.title = "Renamed since"
        pilot.save()
        (run,) = client.get(LIST).context["page"]
        page = client.get(reverse("gates:digest-detail", args=[run.pk]))
        assert "Letters" in page.content.decode()
        assert "Renamed" not in page.content.decode()
        assert "sandbox" in page.headers["Content-Security-Policy"]
        assert "script-src" not in page.headers["Content-Security-Policy"]

    def test_nobody_sees_anothers(self, cast, client, sign_in, today, now):
        building.awaiting(cast, today=today, now=now, due=-40)
        compose_due(now=now)
        run = DigestRun.objects.get(recipient=cast.alice)
        assert sign_in(cast.administrator).get(reverse("gates:digest-detail", args=[run.pk])).status_code == 404
        assert client.get(reverse("gates:digest-detail", args=[run.pk])).status_code == 200

    def test_the_number_of_queries_does_not_grow(self, cast, client, today, now):
        building.awaiting(cast, today=today, now=now, due=-40)
        compose_due(now=now)
        few = queries_of(client, LIST)
        for week in (1, 2, 3):
            building.awaiting(cast, today=today, now=now, due=-40, title=f"Pilot {week}")
            compose_due(now=now + 7 * week * DAY)
        assert queries_of(client, LIST) == few


class TestNext:
    @pytest.mark.parametrize(
        ("wishes", "done", "moment"),
        [
            ({}, [], "2026-11-16T10:05"),
            ({}, ["2026-W47"], "2026-11-23T08:05"),
            ({"weekday": 5, "hour": 15}, ["2026-W46"], "2026-11-20T15:05"),
            ({"rhythm": DigestRhythm.DAILY, "hour": 7}, ["2026-11-16"], "2026-11-17T07:05"),
            ({"rhythm": DigestRhythm.MONTHLY}, ["2026-11"], "2026-12-07T08:05"),
            ({"away_from": date(2026, 11, 16), "away_until": date(2026, 11, 18)}, [], "2026-11-19T00:05"),
            ({"away_from": date(2026, 11, 23), "away_until": date(2026, 11, 29)}, ["2026-W47"], "2026-11-30T08:05"),
        ],
    )
    def test_the_moment_of_the_next(self, wishes, done, moment):
        zone = ZoneInfo("Europe/Paris")
        found = next_due(Preference(**wishes), zone=zone.key, now=datetime(2026, 11, 16, 9, 30, tzinfo=zone), done=done)
        assert found == datetime.fromisoformat(moment).replace(tzinfo=zone)

    def test_who_wants_none_waits_for_none(self, now):
        assert next_due(Preference(rhythm=DigestRhythm.OFF), zone="Europe/Paris", now=now, done=[]) is None


class TestAway:
    @pytest.mark.parametrize(
        ("day", "due"), [(15, "2026-W46"), (16, None), (18, None), (19, "2026-W47"), (22, "2026-W47")]
    )
    def test_nothing_is_due_from_the_first_day_to_the_last(self, day, due):
        wishes = Preference(away_from=date(2026, 11, 16), away_until=date(2026, 11, 18))
        now = datetime(2026, 11, day, 9, tzinfo=ZoneInfo("Europe/Paris"))
        assert due_period(wishes, zone="Europe/Paris", now=now) == due

    def test_the_mail_after_it_covers_what_changed_meanwhile(self, cast, gate_set, today, now):
        pilot = building.running(cast, today=today, now=now, due=300)
        compose_due(now=now)
        away(cast, today, today + 20 * DAY, now)
        concluded(cast, pilot, today=today, now=now + 2 * DAY)
        for days in (7, 14, 20):
            compose_due(now=now + days * DAY)
        assert not Mail.objects.filter(recipient=cast.alice, kind="digest").exists()
        compose_due(now=now + 21 * DAY)
        assert "Passed: Production data" in Mail.objects.get(recipient=cast.alice, kind="digest").text

    def test_it_is_set_on_the_preferences_page(self, cast, client):
        form = {
            "rhythm": "weekly", "weekday": "1", "hour": "8", "time_zone": "Europe/Paris", "language": "en-gb",
            "version": client.get("/account/preferences/").context["form"]["version"].value(),
            "away_from": "2026-12-01", "away_until": "2026-12-24",
        }  # fmt: skip
        assert client.post("/account/preferences/", form).status_code == 302
        kept = preference_of(cast.alice)
        assert (kept.away_from, kept.away_until) == (date(2026, 12, 1), date(2026, 12, 24))

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [("2026-12-01", "", "away_until"), ("", "2026-12-24", "away_from"), ("2026-12-24", "2026-12-01", "away_until")],
    )
    def test_half_an_absence_is_refused_beside_the_field(self, client, first, last, field):
        form = {
            "rhythm": "weekly", "weekday": "1", "hour": "8", "time_zone": "Europe/Paris", "language": "en-gb",
            "version": client.get("/account/preferences/").context["form"]["version"].value(),
            "away_from": first, "away_until": last,
        }  # fmt: skip
        answer = client.post("/account/preferences/", form)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
