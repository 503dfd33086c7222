"""The portfolio list, the pilot's page, proposing and editing."""

import re
import uuid
from datetime import timedelta

import pytest

from audit.models import Event
from portfolio.assigning import assign_part
from portfolio.models import Pilot
from portfolio.states import Part, Stage, Visibility
from tests import building
from tests.counting import queries_of


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


class TestList:
    def test_shows_the_longest_waiting_first(self, cast, today, now, sign_in):
        building.running(cast, today=today, now=now, due=5, title="Not yet due")
        building.running(cast, today=today, now=now, due=-3, title="A little late")
        building.running(cast, today=today, now=now, started=400, due=-300, title="Very late")
        building.proposed(cast, today=today, now=now, title="Only a draft")
        text = sign_in(cast.viewer).get("/portfolio/").content.decode()
        order = [text.index(title) for title in ("Very late", "A little late", "Not yet due", "Only a draft")]
        assert order == sorted(order)
        assert "300 days undecided" in text

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=late", {"Late"}),
            ("q=LATE+letters", {"Late"}),
            ("q=nothing-like-it", set()),
            ("undecided=overdue", {"Late"}),
            ("undecided=open", {"Timely"}),
            ("undecided=any", {"Late", "Timely"}),
            ("stage=draft", {"Draft"}),
            ("risk=high", {"Timely"}),
            ("owner=alice", {"Late", "Timely", "Draft"}),
            ("owner=nobody", set()),
            ("mine=mine", {"Timely"}),
            ("who=ALICE", {"Late", "Timely", "Draft"}),
            ("who=viewer@", {"Timely"}),
            ("who=nobody", set()),
            ("stage=nonsense", {"Late", "Timely", "Draft"}),
            ("page=999&sort=nonsense", {"Late", "Timely", "Draft"}),
        ],
    )
    def test_filters(self, cast, today, now, sign_in, query, found):
        building.running(cast, today=today, now=now, due=-3, title="Late", summary="Sorts letters")
        building.running(cast, today=today, now=now, due=5, title="Timely", summary="x", risk_class="high")
        building.proposed(cast, today=today, now=now, title="Draft", summary="y")
        timely = Pilot.objects.get(title="Timely")
        assign_part(actor=None, pilot=timely, person=cast.viewer, part=Part.CHAMPION, since=today, now=now)
        response = sign_in(cast.viewer).get(f"/portfolio/?{query}")
        assert {pilot.title for pilot, _clock in response.context["rows"]} == found

    @pytest.mark.parametrize(
        ("sort", "chosen"),
        [("", ""), ("due", ""), ("-flags", "-flags"), ("-title", "-title"), ("nonsense", "nonsense")],
    )
    def test_the_order_in_force_is_chosen_in_the_list_of_orders(self, cast, today, now, sign_in, sort, chosen):
        """Where rows are cards there are no heads to press; and a filter keeps the order, which is of its form."""
        building.running(cast, today=today, now=now)
        text = sign_in(cast.viewer).get(f"/portfolio/?sort={sort}").content.decode()
        (select,) = re.findall(r'<select id="sort-by"[^>]*form="filters".*?</select>', text, re.DOTALL)
        selected = re.findall(r'<option value="([^"]*)"\s+selected', select) or [""]
        assert selected == [chosen]

    def test_a_unit_stands_for_the_units_below_it(self, cast, today, now, sign_in):
        below = building.add_unit(actor=None, name="Motor claims", parent=cast.unit, now=now)
        building.proposed(cast, today=today, now=now, title="Deep", unit=below)
        response = sign_in(cast.viewer).get(f"/portfolio/?unit={cast.unit.pk}")
        assert [pilot.title for pilot, _clock in response.context["rows"]] == ["Deep"]

    def test_takes_as_many_queries_for_three_pilots_as_for_one(self, cast, today, now, sign_in):
        client = sign_in(cast.viewer)
        building.running(cast, today=today, now=now)
        one = queries_of(client, "/portfolio/")
        building.running(cast, today=today, now=now)
        building.running(cast, today=today, now=now)
        assert queries_of(client, "/portfolio/") == one

    def test_htmx_gets_the_results_alone(self, cast, today, now, sign_in):
        building.running(cast, today=today, now=now, title="Late")
        text = sign_in(cast.viewer).get("/portfolio/", headers={"HX-Request": "true"}).content.decode()
        assert "Late" in text
        assert "<html" not in text

    def test_is_kind_when_empty(self, cast, sign_in):
        assert "The portfolio is empty" in sign_in(cast.viewer).get("/portfolio/").content.decode()


class TestRestricted:
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("alice", 200), ("sponsor", 200), ("bob", 200), ("carol", 200), ("manager", 200), ("auditor", 200),
            ("charlie", 404), ("viewer", 404), ("administrator", 404), ("reviewer", 404),
        ],
    )  # fmt: skip
    def test_a_restricted_pilot_is_not_there_for_others(self, cast, today, now, sign_in, who, status):
        pilot = building.proposed(cast, today=today, now=now, visibility=Visibility.RESTRICTED, title="Secret thing")
        client = sign_in(getattr(cast, who))
        assert client.get(pilot.get_absolute_url()).status_code == status
        listed = "Secret thing" in client.get("/portfolio/").content.decode()
        assert listed == (status == 200)


class TestPage:
    def test_says_who_answers_and_where_the_clock_stands(self, cast, today, now, sign_in):
        pilot = building.awaiting(cast, today=today, now=now, due=-30)
        text = sign_in(cast.alice).get(pilot.get_absolute_url()).content.decode()
        assert "Alice" in text
        assert "30 <small>days undecided" in text
        assert "EUR\N{NO-BREAK SPACE}1,184" in text  # 1200 x 12 / 365 x 30

    def test_the_history_is_for_those_it_concerns(self, cast, today, now, sign_in):
        pilot = building.awaiting(cast, today=today, now=now)
        assert "Everything that happened" in sign_in(cast.alice).get(pilot.get_absolute_url()).content.decode()
        assert "Everything that happened" not in sign_in(cast.viewer).get(pilot.get_absolute_url()).content.decode()
        assert sign_in(cast.viewer).get(f"{pilot.get_absolute_url()}history/").status_code == 403
        told = sign_in(cast.auditor).get(f"{pilot.get_absolute_url()}history/").content.decode()
        assert "Started round 1, decision due 6 November 2026" in told

    def test_takes_as_many_queries_whatever_the_file_holds(self, cast, today, now, sign_in, gate_set):
        pilot = building.running(cast, today=today, now=now)
        client = sign_in(cast.alice)
        building.report(cast, pilot, now=now)
        one = queries_of(client, pilot.get_absolute_url())
        for _ in range(12):
            building.report(cast, pilot, now=now)
        assert queries_of(client, pilot.get_absolute_url()) == one


class TestProposing:
    def test_six_fields_propose_a_pilot(self, cast, sign_in):
        client = sign_in(cast.charlie)
        response = client.post(
            "/portfolio/propose/",
            {
                "title": "Reading meters", "summary": "", "unit": cast.unit.pk, "risk_class": "low",
                "committee_slug": "steering", "decision_due": "",
            },
        )  # fmt: skip
        pilot = Pilot.objects.get()
        assert (response.status_code, response.headers["Location"]) == (302, pilot.get_absolute_url())
        assert (pilot.code, pilot.stage, pilot.standing.owner) == ("P-0001", Stage.DRAFT, cast.charlie)
        assert Event.objects.filter(scope=pilot.scope).values_list("kind", flat=True)[0] == "portfolio.pilot.proposed"

    def test_what_was_typed_stays_when_something_is_missing(self, cast, sign_in):
        response = sign_in(cast.charlie).post("/portfolio/propose/", {"title": "", "summary": "Long text"})
        assert response.status_code == 422
        assert "Long text" in response.content.decode()
        assert not Pilot.objects.exists()

    @pytest.mark.parametrize("who", ["viewer", "auditor", "administrator"])
    def test_some_bring_no_pilots(self, cast, sign_in, who):
        assert sign_in(getattr(cast, who)).get("/portfolio/propose/").status_code == 403

    def test_posted_twice_it_is_proposed_once(self, cast, sign_in):
        data = {
            "title": "Reading meters", "unit": cast.unit.pk, "risk_class": "low", "form_key": str(uuid.uuid4()),
        }  # fmt: skip
        client = sign_in(cast.charlie)
        answers = [client.post("/portfolio/propose/", data) for _ in range(2)]
        assert {answer.headers["Location"] for answer in answers} == {"/pilots/P-0001/"}
        assert Pilot.objects.count() == 1


class TestEditing:
    def form(self, pilot, **changed):
        return {
            "title": pilot.title, "summary": pilot.summary, "unit": pilot.unit_id, "committee_slug": "steering",
            "risk_class": pilot.risk_class, "technology": "", "vendor": "", "monthly_cost": "1200.00",
            "cost_so_far": "", "visibility": "open", "version": pilot.version, **changed,
        }  # fmt: skip

    def test_the_second_editor_gets_both_texts(self, cast, today, now, sign_in):
        pilot = building.proposed(cast, today=today, now=now)
        url = f"{pilot.get_absolute_url()}edit/"
        first = sign_in(cast.alice).post(url, self.form(pilot, summary="What Alice wrote"))
        second = sign_in(cast.manager).post(url, self.form(pilot, summary="What the manager wrote", vendor="Acme"))
        assert (first.status_code, second.status_code) == (302, 409)
        text = second.content.decode()
        assert "What Alice wrote" in text
        assert "What the manager wrote" in text
        pilot.refresh_from_db()
        assert (pilot.summary, pilot.vendor) == ("What Alice wrote", "")
        again = sign_in(cast.manager).post(
            url, self.form(pilot, summary="Both", vendor="Acme", version=second.context["conflict"].version)
        )
        assert again.status_code == 302
        pilot.refresh_from_db()
        assert (pilot.summary, pilot.vendor) == ("Both", "Acme")

    def test_others_may_not(self, cast, today, now, sign_in):
        pilot = building.proposed(cast, today=today, now=now)
        assert sign_in(cast.charlie).get(f"{pilot.get_absolute_url()}edit/").status_code == 403
        assert sign_in(cast.charlie).post(f"{pilot.get_absolute_url()}edit/", self.form(pilot)).status_code == 403


class TestRounds:
    def test_start_then_end(self, cast, today, now, sign_in):
        pilot = building.proposed(cast, today=today, now=now)
        client = sign_in(cast.alice)
        window = {
            "version": 1, "starts_on": today, "planned_end": today + timedelta(days=60),
            "decision_due": today + timedelta(days=70), "accept_gaps": "on",
        }  # fmt: skip
        assert client.post(f"{pilot.get_absolute_url()}start/", window).status_code == 302
        pilot.refresh_from_db()
        assert (pilot.stage, pilot.standing.undecided_since) == (Stage.RUNNING, today + timedelta(days=70))
        ended = client.post(f"{pilot.get_absolute_url()}end/", {"version": 2, "ended_on": today})
        assert ended.status_code == 302
        pilot.refresh_from_db()
        assert pilot.stage == Stage.AWAITING_DECISION

    def test_a_window_that_cannot_be_is_refused_beside_its_field(self, cast, today, now, sign_in):
        pilot = building.proposed(cast, today=today, now=now)
        response = sign_in(cast.alice).post(
            f"{pilot.get_absolute_url()}start/",
            {"version": 1, "starts_on": today, "planned_end": today - timedelta(days=1), "decision_due": today},
        )
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["planned_end"]

    def test_ending_what_does_not_run_lists_why(self, cast, today, now, sign_in):
        pilot = building.proposed(cast, today=today, now=now)
        response = sign_in(cast.alice).post(f"{pilot.get_absolute_url()}end/", {"version": 1, "ended_on": today})
        assert response.status_code == 422
        assert "is not running" in response.content.decode()
