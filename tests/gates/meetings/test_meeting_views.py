"""The pages of meetings, from the list to the minutes, and the calendar."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from gates.arranging import add_item
from gates.convening import change_committee, send_substitute
from gates.meeting import close_meeting
from gates.models import AgendaItem, FeedKey, Meeting
from gates.states import ItemKind, MeetingState
from gates.subscribing import end_feed_key, make_feed_key
from tests import building
from tests.counting import queries_of
from tests.gates.meetings.holding import discuss, drafted, in_session, opened, there


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


def once(**data) -> dict[str, str]:
    return {"form_key": str(uuid.uuid4()), **data}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.requirement(52, page="/meetings/")
def test_from_the_draft_to_the_minutes_without_javascript(cast, today, now, sign_in):
    building.running(cast, today=today, now=now, title="Late")
    client = sign_in(cast.bob)
    client.post(
        "/committees/steering/meetings/add/",
        once(day="2026-11-20", time="14:00", planned_minutes="90", place="Room 5"),
    )
    meeting = Meeting.objects.get()
    page = meeting.get_absolute_url()
    assert meeting.starts_at == datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    assert "Friday, 14:00 to 15:30, Europe/Paris. Room 5" in text_of(client.get(page))
    pack = text_of(client.get(f"{page}print/"))
    for told in (
        "Reads letters and proposes a team.",
        "Owner: Alice. Sponsor: Sponsor.",
        "No business case is submitted",
    ):
        assert told in pack
    client.post(f"{page}items/add/", once(kind="free", title="Budget", planned_minutes="15"))
    budget = meeting.items.get(title="Budget")
    client.post(f"{page}items/{budget.pk}/place/", once(to="first"))
    late = meeting.items.get(title="Late")
    client.post(f"{page}items/{late.pk}/postpone/", once(reason="No figures.", owner=cast.alice.pk, until="2026-12-18"))
    client.post(f"{page}open/", once(version="1"))
    client.post(f"{page}begin/", once(version="2"))
    client.post(f"{page}seats/{cast.carol.pk}/", once(step="arrive"))
    client.post(f"{page}items/{budget.pk}/time/", once(step="begin"))
    client.post(f"{page}items/{budget.pk}/minutes/", {"minutes": "It holds.", "outcome": "Noted", "version": "1"})
    assert "2 missing" in text_of(client.get(page))
    client.post(f"{page}close/", once(version="3"))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED
    for address in (page, f"{page}print/"):
        text = text_of(sign_in(cast.carol).get(address))
        assert "It holds." in text
        assert "No figures. (Alice, until 18 December 2026)" in text
    assert page in text_of(client.get("/meetings/"))


def test_what_was_typed_stays_and_the_reason_stands_beside_it(cast, now, sign_in):
    client = sign_in(cast.bob)
    meeting = opened(cast, now=now)
    page = meeting.get_absolute_url()
    item = discuss(cast, meeting, "Budget", now=now)
    tried = {
        "/committees/steering/meetings/add/": (
            {"day": "2026-11-01", "time": "10:00", "planned_minutes": "60"}, "planned for a time to come",
        ),
        f"{page}edit/": (
            {"day": "2026-11-24", "time": "10:00", "planned_minutes": "60", "version": "2"}, "say why the meeting is",
        ),
        f"{page}cancel/": ({"reason": "", "version": "2"}, "Say why it is cancelled"),
        f"{page}items/add/": ({"kind": "decide", "title": "What", "planned_minutes": "5"}, "Say which pilot"),
        f"{page}items/{item.pk}/postpone/": ({"reason": "x", "until": "2026-11-20"}, "This field is required"),
        f"{page}items/{item.pk}/drop/": ({"reason": ""}, "This field is required"),
        f"{page}close/": ({"version": "2"}, "not in session"),
        "/committees/steering/substitutes/": (
            {"member": cast.bob.pk, "stands_in": cast.carol.pk, "since": "2026-11-20", "until": "2026-11-19"},
            "nobody sits for two",
        ),
    }  # fmt: skip
    for address, (typed, reason) in tried.items():
        response = client.post(address, once(**typed))
        assert (address, response.status_code) == (address, 422)
        assert reason in text_of(response)


def test_who_comes_second_gets_both_texts(cast, now, sign_in):
    client = sign_in(cast.bob)
    meeting = in_session(cast, now=now)
    page = meeting.get_absolute_url()
    item = discuss(cast, meeting, "Budget", now=now)
    address = f"{page}items/{item.pk}/minutes/"
    sign_in(cast.manager).post(address, {"minutes": "Theirs.", "outcome": "", "version": "1"})
    mine = {"minutes": "Mine.", "outcome": "", "version": "1"}
    for headers in ({}, {"HX-Request": "true"}):
        response = client.post(address, mine, headers=headers)
        text = text_of(response)
        assert (response.status_code, "Theirs." in text, "Mine." in text) == (409, True, True)
    response = client.post(address, {**mine, "version": "2"}, headers={"HX-Request": "true"})
    assert (response.status_code, 'value="3"' in text_of(response)) == (200, True)
    assert client.post(f"{page}close/", once(version="1")).status_code == 409


def test_htmx_gets_only_what_lives_and_nobody_types_in(cast, now, sign_in):
    meeting = in_session(cast, now=now)
    there(cast, meeting, cast.bob, now=now)
    text = text_of(sign_in(cast.carol).get(meeting.get_absolute_url(), headers={"HX-Request": "true"}))
    assert "1 of 2 seats, 3 needed" in text
    assert "<form" not in text
    assert "<h1" not in text


def test_a_pilot_that_one_may_not_see_says_nothing(cast, today, now, sign_in):
    pilot = building.running(cast, today=today, now=now, title="Secret", visibility="restricted")
    meeting = in_session(cast, now=now)
    there(cast, meeting, cast.carol, now=now)
    type(pilot).objects.filter(pk=pilot.pk).update(committee_slug="other")
    for address in (meeting.get_absolute_url(), f"{meeting.get_absolute_url()}print/"):
        text = text_of(sign_in(cast.carol).get(address))
        assert ("Secret" in text, "A restricted pilot" in text) == (False, True)
        assert "Secret" in text_of(sign_in(cast.manager).get(address))


def test_who_sits_for_a_member_reads_the_meeting_and_its_restricted_pilots_from_then_on(cast, today, now, sign_in):
    pilot = building.running(cast, today=today, now=now, title="Secret", visibility="restricted")
    meeting = drafted(cast, now=now)
    client = sign_in(cast.charlie)
    pages = (meeting.get_absolute_url(), pilot.get_absolute_url())
    assert [client.get(page).status_code for page in pages] == [404, 404]
    send_substitute(
        actor=cast.carol, committee=cast.committee, member=cast.carol, stands_in=cast.charlie, since=today,
        until=today + timedelta(days=9), now=now,
    )  # fmt: skip
    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert "Has left" not in text_of(client.get(pages[0]))


@pytest.mark.parametrize("make", [drafted, in_session])
def test_pages_take_as_many_queries_for_thirty_items_as_for_one(cast, today, now, sign_in, make):
    client = sign_in(cast.bob)
    building.running(cast, today=today, now=now)
    meeting = make(cast, now=now)
    pages = ("/meetings/", meeting.get_absolute_url(), f"{meeting.get_absolute_url()}print/")
    first = [queries_of(client, page) for page in pages]
    pilots = [building.running(cast, today=today, now=now, title=title) for title in ("One", "Two", "Three")]
    for pilot in pilots:
        add_item(actor=cast.bob, meeting=meeting, kind=ItemKind.DECIDE, title=pilot.title, pilot=pilot, now=now)
    for number in range(30 - meeting.items.standing().count()):
        discuss(cast, meeting, f"Matter {number}", now=now, pilot=pilots[number % 3])
    drafted(cast, now=now, days=3)
    assert meeting.items.standing().count() == 30
    assert [queries_of(client, page) for page in pages] == first


def test_the_cadence_proposes_the_next_meeting_in_the_committees_zone(cast, now, sign_in):
    change_committee(
        actor=None, committee=cast.committee, seen=None, now=now, meets_every_weeks=4, meets_on=3,
        meets_at=datetime(2026, 1, 1, 14, 0).time(), time_zone="America/New_York",  # noqa: DTZ001
    )  # fmt: skip
    page = "/committees/steering/meetings/add/"
    assert sign_in(cast.bob).get(page).context["form"]["day"].initial.isoformat() == "2026-11-19"
    meeting = drafted(cast, now=now, days=3)
    assert meeting.day.isoformat() == "2026-11-19"
    form = sign_in(cast.bob).get(page).context["form"]
    assert (form["day"].initial.isoformat(), f"{form['time'].initial:%H:%M}") == ("2026-12-17", "14:00")


def lines_of(raw: bytes) -> list[str]:
    """A calendar's content lines, as a program reads them: octets in CRLF lines of at most 75, unfolded."""
    assert raw.endswith(b"\r\n")
    rows = raw.split(b"\r\n")[:-1]
    assert all(len(row) <= 75 and b"\n" not in row for row in rows)
    return raw.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def events_of(raw: bytes) -> list[dict[str, str]]:
    """Each event of a calendar, by property, text unescaped."""
    events: list[dict[str, str]] = []
    lines = lines_of(raw)
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    for line in lines:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and line not in {"END:VEVENT", "END:VCALENDAR"}:
            plain = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
            assert events[-1].setdefault(name, plain) == plain
    return events


class TestCalendar:
    def feed(self, person, now) -> str:
        return f"/calendar/{make_feed_key(actor=person, now=now)}.ics"

    def test_tells_meetings_and_due_days_as_programs_read_them(self, cast, today, now):
        pilot = building.running(
            cast, today=today, now=now, due=5, title="Größe; Farbe, \\ und ein sehr langer Titel" * 2
        )
        meeting = opened(cast, now=now, place="Room 5, left")
        drafted(cast, now=now, days=20)
        response = Client().get(self.feed(cast.carol, now))
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert response.cookies == {}
        told, due = events_of(response.content)
        assert (told["SUMMARY"], told["LOCATION"], told["STATUS"]) == (
            "Steering committee",
            "Room 5, left",
            "CONFIRMED",
        )
        assert (told["DTSTART"], told["DTEND"]) == ("20261123T080000Z", "20261123T093000Z")
        assert told["UID"].startswith(f"meeting-{meeting.pk}@")
        assert due["SUMMARY"] == f"Decision due: {pilot.title} ({pilot.code})"
        assert (due["DTSTART;VALUE=DATE"], due["DTEND;VALUE=DATE"]) == ("20261121", "20261122")

    def test_tells_each_only_what_concerns_them_and_restricted_pilots_to_those_who_see_them(self, cast, today, now):
        building.running(cast, today=today, now=now, due=5, title="Open")
        building.running(cast, today=today, now=now, due=6, title="Secret", visibility="restricted")
        opened(cast, now=now)
        told = {
            who: [
                event["SUMMARY"][:20] for event in events_of(Client().get(self.feed(getattr(cast, who), now)).content)
            ]
            for who in ("alice", "carol", "charlie", "administrator")
        }
        due = ["Decision due: Open (", "Decision due: Secret"]
        assert told == {"alice": due, "carol": ["Steering committee", *due], "charlie": [], "administrator": []}

    def test_the_address_is_shown_once_and_only_its_hash_is_kept(self, cast, now, sign_in):
        client = sign_in(cast.carol)
        shown = client.post("/account/calendar/").context["address"]
        secret = shown.rsplit("/", 1)[1].removesuffix(".ics")
        assert secret not in text_of(client.get("/account/calendar/"))
        assert [row.key_hash == secret for row in FeedKey.objects.all()] == [False]
        assert Client().get(f"/calendar/{secret}.ics").status_code == 200

    def test_ends_with_a_new_one_by_hand_and_when_the_person_leaves(self, cast, now):
        first = self.feed(cast.carol, now)
        second = self.feed(cast.carol, now)
        assert [Client().get(one).status_code for one in (first, second)] == [404, 200]
        type(cast.carol).objects.filter(pk=cast.carol.pk).update(is_active=False)
        assert Client().get(second).status_code == 404
        end_feed_key(actor=cast.carol, now=now)
        type(cast.carol).objects.filter(pk=cast.carol.pk).update(is_active=True)
        assert Client().get(second).status_code == 404

    def test_is_limited_and_its_address_is_never_logged(self, cast, now, caplog):
        address = self.feed(cast.carol, now)
        answers = [Client().get(address).status_code for _ in range(31)]
        assert (answers.count(200), answers[-1]) == (30, 429)
        Client().get("/calendar/no-such-key.ics")
        assert "calendar" not in caplog.text


def test_closing_writes_what_came_of_each_item(cast, now, sign_in):
    meeting = in_session(cast, now=now)
    item = discuss(cast, meeting, "Budget", now=now)
    close_meeting(actor=cast.bob, meeting=meeting, seen=None, now=now)
    assert sign_in(cast.bob).post(f"{meeting.get_absolute_url()}items/{item.pk}/", once(title="x")).status_code == 422
    assert AgendaItem.objects.get().title == "Budget"
