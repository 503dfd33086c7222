"""The people of a pilot, today and on any other day: what the pages show and take."""

from datetime import timedelta

import pytest

from accounts.models import Mail
from accounts.naming import note_leaving
from audit.models import Event
from portfolio.assigning import assign_part, state_authority
from portfolio.people_then import people_of
from portfolio.states import Authority, Part
from tests import building
from tests.counting import queries_of

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, today, now):
    """Alice owned it from day -100 to day -40; since then Charlie does."""
    pilot = building.proposed(cast, today=today - 100 * DAY, now=now - 100 * DAY)
    assign_part(actor=None, pilot=pilot, person=cast.charlie, part=Part.BUSINESS_OWNER, since=today - 40 * DAY, now=now)
    return pilot


def owner_on(pilot, day) -> list[str]:
    return [
        str(one.person) for held in people_of(pilot).on(day) if held.part == "business_owner" for one in held.holders
    ]


class TestThen:
    @pytest.mark.parametrize(
        ("days", "owner"), [(-101, []), (-100, ["Alice"]), (-41, ["Alice"]), (-40, ["Charlie"]), (0, ["Charlie"])]
    )
    def test_the_first_day_counts_and_the_last_does_not(self, pilot, today, days, owner):
        assert owner_on(pilot, today + days * DAY) == owner

    def test_leads_from_change_to_change(self, pilot, today):
        then, begun, changed = people_of(pilot), today - 100 * DAY, today - 40 * DAY
        assert then.changes == [begun, changed]
        assert [(then.before(day), then.after(day)) for day in (begun, changed, today)] == [
            (None, changed), (begun, None), (changed, None),
        ]  # fmt: skip

    def test_the_page_shows_the_day_that_was_asked_for(self, cast, pilot, today, sign_in):
        day = today - 60 * DAY
        response = sign_in(cast.viewer).get(f"{pilot.get_absolute_url()}people/?on={day}")
        shown = {held.part: [str(one.person) for one in held.holders] for held in response.context["parts"]}
        assert shown[Part.BUSINESS_OWNER] == ["Alice"]
        assert "As it was on" in response.content.decode()

    @pytest.mark.parametrize("on", ["nonsense", "", "2026-02-30"])
    def test_a_day_that_is_none_is_today(self, cast, pilot, today, sign_in, on):
        response = sign_in(cast.viewer).get(f"{pilot.get_absolute_url()}people/?on={on}")
        assert (response.status_code, response.context["day"]) == (200, today)

    def test_takes_as_many_queries_for_fifty_changes_as_for_one(self, cast, pilot, today, now, sign_in):
        client, url = sign_in(cast.manager), f"{pilot.get_absolute_url()}people/"
        one = queries_of(client, url)
        for number in range(50):
            person = cast.alice if number % 2 else cast.carol
            assign_part(actor=None, pilot=pilot, person=person, part=Part.CHAMPION, since=today, now=now)
            assign_part(
                actor=None, pilot=pilot, person=person, part=Part.IT_PARTNER, since=today - (50 - number) * DAY, now=now
            )
        assert queries_of(client, url) == one


class TestPage:
    def post(self, client, pilot, **data):
        return client.post(f"{pilot.get_absolute_url()}people/", data)

    def test_a_new_address_is_named_and_invited_and_the_page_says_so(self, cast, pilot, sign_in):
        client = sign_in(cast.charlie)
        sent = self.post(client, pilot, part="it_partner", email="New.Person@example.org", name="New Person")
        assert sent.status_code == 302
        assert "New Person is named: IT partner. They are new here and get an invitation by mail." in (
            client.get(sent.headers["Location"]).content.decode()
        )
        (mail,) = Mail.objects.all()
        assert (mail.recipient.email, mail.subject) == ("new.person@example.org", "Your invitation to Pilotage")

    @pytest.mark.requirement(5, page="/pilots/P-0001/people/")
    def test_a_sponsor_who_is_the_owner_is_refused_with_the_way_out(self, cast, pilot, sign_in):
        response = self.post(sign_in(cast.manager), pilot, part="executive_sponsor", email="charlie@example.org")
        text = response.content.decode()
        assert response.status_code == 422
        assert "these must be two people" in text
        assert "hand over the part of business owner first" in text
        assert 'value="charlie@example.org"' in text

    @pytest.mark.requirement(5, page="/pilots/P-0001/")
    def test_old_data_that_breaks_it_is_shown_and_not_refused(self, cast, pilot, sign_in):
        pilot.assignments.filter(part=Part.EXECUTIVE_SPONSOR).update(person=cast.charlie)
        text = sign_in(cast.viewer).get(pilot.get_absolute_url()).content.decode()
        assert "Sponsor and business owner are one person." in text

    def test_a_day_to_come_is_refused_beside_its_field(self, cast, pilot, today, sign_in):
        response = self.post(
            sign_in(cast.manager), pilot, part="it_partner", email="carol@example.org", since=today + DAY
        )
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["since"])

    def test_a_part_ends_and_is_remembered(self, cast, pilot, today, sign_in):
        held = pilot.assignments.get(part="executive_sponsor")
        client = sign_in(cast.charlie)
        assert client.post(f"{pilot.get_absolute_url()}people/end/", {"assignment": held.pk}).status_code == 302
        assert client.post(f"{pilot.get_absolute_url()}people/end/", {"assignment": held.pk}).status_code == 404
        pilot.standing.refresh_from_db()
        assert pilot.standing.sponsor is None
        ended = [one.until for part in people_of(pilot).over_time for one in part.holders if one.pk == held.pk]
        assert ended == [today]

    @pytest.mark.requirement(10, page="/pilots/P-0001/people/")
    def test_an_it_partner_who_came_after_the_start_is_warned_of(self, cast, today, now, sign_in):
        late, timely = (building.running(cast, today=today, now=now, started=20, due=60) for _ in range(2))
        for pilot, day in ((late, -19), (timely, -20)):
            assign_part(
                actor=None, pilot=pilot, person=cast.carol, part=Part.IT_PARTNER, since=today + day * DAY, now=now
            )
        client = sign_in(cast.viewer)
        warned = [
            "Came after the start" in client.get(f"{pilot.get_absolute_url()}people/").content.decode()
            for pilot in (late, timely)
        ]
        assert warned == [True, False]

    @pytest.mark.requirement(75, page="/pilots/P-0001/")
    @pytest.mark.parametrize("page", ["", "people/"])
    def test_a_holder_who_has_left_is_plain_to_see(self, cast, pilot, today, now, sign_in, page):
        note_leaving(actor=None, person=cast.charlie, left_on=today - DAY, now=now)
        text = sign_in(cast.viewer).get(f"{pilot.get_absolute_url()}{page}").content.decode()
        assert 'Has left on <time datetime="2026-11-15">' in text


class TestAuthority:
    @pytest.mark.requirement(4, page="/pilots/P-0001/people/")
    def test_is_asked_beside_the_sponsor_until_it_is_said(self, cast, pilot, today, sign_in):
        client, url = sign_in(cast.manager), f"{pilot.get_absolute_url()}people/"
        assert "Not said yet." in client.get(url).content.decode()
        sent = client.post(f"{url}authority/", {"version": 1, "authority": "directs"})
        assert sent.status_code == 302
        assert "Directs budget and priorities, said" in client.get(url).content.decode()

    def test_on_a_day_before_it_was_said_it_was_not_known(self, cast, pilot, today, now, sign_in):
        state_authority(actor=None, pilot=pilot, authority=Authority.DIRECTS, today=today, seen=None, now=now)
        text = sign_in(cast.viewer).get(f"{pilot.get_absolute_url()}people/?on={today - DAY}").content.decode()
        assert "Not said yet." in text

    def test_two_editors_both_get_their_say(self, cast, pilot, sign_in):
        url = f"{pilot.get_absolute_url()}people/authority/"
        assert sign_in(cast.manager).post(url, {"version": 1, "authority": "directs"}).status_code == 302
        second = sign_in(cast.charlie).post(url, {"version": 1, "authority": "requests"})
        text = second.content.decode()
        assert second.status_code == 409
        assert "Directs budget and priorities" in text
        assert "Must ask for budget and priorities" in text

    def test_nothing_chosen_is_refused_and_no_sponsor_is_not_found(self, cast, pilot, today, sign_in):
        client, url = sign_in(cast.manager), f"{pilot.get_absolute_url()}people/authority/"
        assert client.post(url, {"version": 1}).status_code == 422
        pilot.assignments.filter(part=Part.EXECUTIVE_SPONSOR).update(until=today)
        assert client.get(url).status_code == 404


class TestCorrecting:
    def url(self, pilot) -> str:
        held = pilot.assignments.get(part=Part.BUSINESS_OWNER, until=None)
        return f"{pilot.get_absolute_url()}people/{held.pk}/"

    def test_a_mistyped_day(self, cast, pilot, today, sign_in):
        sent = sign_in(cast.charlie).post(self.url(pilot), {"version": 1, "since": today - 45 * DAY})
        assert sent.status_code == 302
        assert (owner_on(pilot, today - 46 * DAY), owner_on(pilot, today - 45 * DAY)) == (["Alice"], ["Charlie"])
        assert Event.objects.filter(kind="portfolio.part.corrected", actor=cast.charlie.ref).count() == 1

    def test_is_refused_beside_its_field(self, cast, pilot, today, sign_in):
        response = sign_in(cast.charlie).post(self.url(pilot), {"version": 1, "since": today + DAY})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["since"])

    def test_two_editors_both_get_their_say(self, cast, pilot, today, sign_in):
        url = self.url(pilot)
        first = sign_in(cast.manager).post(url, {"version": 1, "since": today - 45 * DAY})
        second = sign_in(cast.charlie).post(url, {"version": 1, "since": today - 50 * DAY})
        text = second.content.decode()
        assert (first.status_code, second.status_code) == (302, 409)
        assert str(today - 45 * DAY) in text
        assert str(today - 50 * DAY) in text
        assert owner_on(pilot, today - 46 * DAY) == ["Alice"]

    def test_a_part_of_another_pilot_is_not_there(self, cast, pilot, today, now, sign_in):
        other = building.proposed(cast, today=today, now=now)
        held = other.assignments.first()
        assert sign_in(cast.manager).get(f"{pilot.get_absolute_url()}people/{held.pk}/").status_code == 404
