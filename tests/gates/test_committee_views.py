"""Committees: their page, and the settings of who decides and who reviews."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.states import Function
from audit.models import Event
from gates.convening import change_committee, end_seat, name_reviewer
from gates.models import Committee, CommitteeSeat, Reviewer
from gates.states import CommitteePart
from portfolio.states import Outcome
from tests import building
from tests.gates.deciding_for import decide

SETTINGS = (
    "/settings/committees/",
    "/settings/committees/add/",
    "/settings/committees/steering/",
    "/settings/reviewers/",
)
OTHERS = ("alice", "bob", "carol", "charlie", "manager", "auditor", "viewer", "reviewer")


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


def once(**data) -> dict[str, str]:
    return {"form_key": str(uuid.uuid4()), **data}


class TestPage:
    def test_shows_members_what_waits_worst_first_and_what_was_decided(self, cast, today, now, sign_in):
        for title, due, cost in (("Cheap", -300, 10), ("Dear", -30, 90000), ("Not due", 5, 5)):
            building.running(cast, today=today, now=now, started=400, due=due, title=title, monthly_cost=cost)
        decide(cast, building.awaiting(cast, today=today, now=now, title="Decided"), Outcome.STOP, today=today, now=now)
        response = sign_in(cast.viewer).get("/committees/steering/")
        text = response.content.decode()
        assert [pilot.title for pilot, _clock in response.context["rows"]] == ["Dear", "Cheap", "Not due"]
        assert [(seat.part, seat.user) for seat in response.context["seats"]] == [
            ("chair", cast.bob),
            ("member", cast.carol),
        ]
        assert "D-2026-001" in text
        assert "/decide/" not in text

    def test_gives_the_chair_the_way_to_decide(self, cast, today, now, sign_in):
        pilot = building.running(cast, today=today, now=now)
        assert f"/pilots/{pilot.code}/decide/" in sign_in(cast.bob).get("/committees/steering/").content.decode()

    def test_hides_restricted_pilots_from_outsiders(self, cast, today, now, sign_in):
        pilot = building.running(cast, today=today, now=now, visibility="restricted")
        decided = building.awaiting(cast, today=today, now=now, visibility="restricted")
        decide(cast, decided, Outcome.STOP, today=today, now=now)
        for who, seen in (("viewer", False), ("charlie", False), ("carol", True), ("manager", True)):
            text = sign_in(getattr(cast, who)).get("/committees/steering/").content.decode()
            assert (pilot.code in text) is seen
            assert ("D-2026-001" in text) is seen

    def test_is_kind_when_empty_and_absent_when_unknown(self, cast, sign_in):
        client = sign_in(cast.viewer)
        assert "Nothing to decide" in client.get("/committees/steering/").content.decode()
        assert client.get("/committees/nonsense/").status_code == 404

    def test_takes_as_many_queries_for_three_pilots_as_for_one(self, cast, today, now, sign_in):
        client = sign_in(cast.bob)

        def counted() -> int:
            client.get("/committees/steering/")
            with CaptureQueriesContext(connection) as captured:
                client.get("/committees/steering/")
            return len(captured)

        def add() -> None:
            building.running(cast, today=today, now=now)
            decide(cast, building.awaiting(cast, today=today, now=now), Outcome.STOP, today=today, now=now)

        add()
        one = counted()
        add()
        add()
        assert counted() == one


class TestSettings:
    @pytest.mark.parametrize("address", SETTINGS)
    def test_are_for_administrators(self, cast, sign_in, address):
        assert sign_in(cast.administrator).get(address).status_code == 200
        for who in OTHERS:
            assert sign_in(getattr(cast, who)).get(address).status_code == 403

    def test_form_a_committee(self, cast, sign_in):
        client = sign_in(cast.administrator)
        typed = once(name="Board", slug="board", time_zone="Asia/Tokyo", quorum="2", majority_rule="unanimous")
        for _ in range(2):
            response = client.post("/settings/committees/add/", typed)
            assert response.url == "/settings/committees/board/"
        committee = Committee.objects.get(slug="board")
        assert (committee.name, committee.time_zone, committee.quorum) == ("Board", "Asia/Tokyo", 2)
        assert "no chair: it cannot decide" in client.get("/settings/committees/").content.decode()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"slug": "steering"}, "already exists"),
            ({"time_zone": "Mars/Olympus"}, "is not a time zone"),
            ({"quorum": "0"}, "greater than or equal to 1"),
            ({"name": ""}, "This field is required."),
        ],
    )
    def test_refuse_what_makes_no_sense(self, cast, sign_in, changes, said):
        typed = {"name": "Board", "slug": "board", "time_zone": "Asia/Tokyo", "quorum": "2", "majority_rule": "simple"}
        response = sign_in(cast.administrator).post("/settings/committees/add/", once(**{**typed, **changes}))
        assert response.status_code == 422
        assert said in response.content.decode()

    def test_change_a_committee(self, cast, sign_in):
        typed = once(name="Steering group", time_zone="Europe/Paris", quorum="4", majority_rule="chair", version="1")
        response = sign_in(cast.administrator).post("/settings/committees/steering/", typed)
        assert response.status_code == 302
        cast.committee.refresh_from_db()
        assert (cast.committee.name, cast.committee.quorum, cast.committee.version) == ("Steering group", 4, 2)

    def test_who_comes_second_gets_both_texts(self, cast, sign_in, now):
        change_committee(actor=cast.administrator, committee=cast.committee, seen=1, now=now, name="Their name")
        typed = once(name="My name", time_zone="Europe/Paris", quorum="3", majority_rule="simple", version="1")
        response = sign_in(cast.administrator).post("/settings/committees/steering/", typed)
        text = response.content.decode()
        assert response.status_code == 409
        assert "Their name" in text
        assert "My name" in text
        cast.committee.refresh_from_db()
        assert cast.committee.name == "Their name"

    @pytest.mark.parametrize("changes", [{"quorum": "none"}, {"time_zone": "Nowhere"}])
    def test_an_invalid_change_says_so(self, cast, sign_in, changes):
        typed = {"name": "S", "time_zone": "Europe/Paris", "quorum": "3", "majority_rule": "simple", "version": "1"}
        response = sign_in(cast.administrator).post("/settings/committees/steering/", once(**{**typed, **changes}))
        assert response.status_code == 422

    def test_a_change_without_a_version_overwrites_nothing(self, cast, sign_in):
        typed = once(name="My name", time_zone="Europe/Paris", quorum="3", majority_rule="simple")
        assert sign_in(cast.administrator).post("/settings/committees/steering/", typed).status_code == 409

    def test_a_new_chair_takes_the_place_of_the_old_one(self, cast, sign_in, today):
        client = sign_in(cast.administrator)
        typed = once(person=str(cast.carol.pk), part="chair", since=today.isoformat())
        assert client.post("/settings/committees/steering/seats/", typed).status_code == 302
        open_seats = CommitteeSeat.objects.filter(until=None)
        assert [(seat.user, seat.part) for seat in open_seats] == [(cast.carol, CommitteePart.CHAIR)]
        assert Event.objects.filter(kind="gates.seat.taken", actor=cast.administrator.ref).count() == 1

    def test_seats_end(self, cast, sign_in, today):
        client = sign_in(cast.administrator)
        address = f"/settings/committees/steering/seats/{cast.carol.pk}/end/"
        assert client.post(address, once()).status_code == 302
        assert CommitteeSeat.objects.get(user=cast.carol).until == today
        assert client.post(address, once()).status_code == 302

    def test_reviewers_are_named_and_end(self, cast, sign_in, today):
        client = sign_in(cast.administrator)
        typed = once(person=str(cast.charlie.pk), function="legal", since=today.isoformat())
        for _ in range(2):
            assert client.post("/settings/reviewers/", typed).url == "/settings/reviewers/"
        assert Reviewer.objects.get(user=cast.charlie).function == Function.LEGAL
        assert "Charlie" in client.get("/settings/reviewers/").content.decode()
        client.post(f"/settings/reviewers/legal/{cast.charlie.pk}/end/", once())
        assert Reviewer.objects.get(user=cast.charlie).until == today

    @pytest.mark.parametrize(
        ("address", "typed"),
        [
            ("/settings/reviewers/", {"person": "", "function": "legal", "since": "2026-11-16"}),
            ("/settings/reviewers/", {"person": "999999", "function": "cooking", "since": "never"}),
            ("/settings/committees/steering/seats/", {"person": "", "part": "chair", "since": "2026-11-16"}),
        ],
    )
    def test_nobody_is_nobody(self, cast, sign_in, address, typed):
        assert sign_in(cast.administrator).post(address, once(**typed)).status_code == 422

    @pytest.mark.parametrize(
        ("address", "leads_to"),
        [
            ("/settings/committees/steering/seats/", "/settings/committees/steering/"),
            ("/settings/committees/steering/seats/1/end/", "/settings/committees/steering/"),
            ("/settings/reviewers/legal/1/end/", "/settings/reviewers/"),
        ],
    )
    def test_reading_the_address_of_a_form_leads_to_its_page(self, cast, sign_in, address, leads_to):
        assert sign_in(cast.administrator).get(address).url == leads_to

    @pytest.mark.parametrize(
        "address",
        [
            "/settings/committees/steering/seats/",
            "/settings/committees/steering/seats/1/end/",
            "/settings/reviewers/legal/1/end/",
        ],
    )
    def test_posts_of_others_are_refused(self, cast, sign_in, address):
        for who in OTHERS:
            assert sign_in(getattr(cast, who)).post(address, once()).status_code == 403

    def test_ending_what_is_over_changes_nothing(self, cast, now, today):
        end_seat(actor=None, committee=cast.committee, person=cast.charlie, until=today, now=now)
        first = name_reviewer(actor=None, person=cast.reviewer, function=Function.HR, since=today, now=now)
        assert first.since == today - timedelta(days=1000)
