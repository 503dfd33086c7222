"""The list of what drifts, and looking again now."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.organising import add_unit
from audit.models import Event, JobRun
from gates.models import Flag
from gates.scanning import JOB, scan
from gates.views import drift as view
from portfolio.assigning import assign_part, end_part
from portfolio.states import Part, Visibility
from tests import building

DRIFT = reverse("gates:drift")
SCAN = reverse("gates:drift-scan")
KEY = "2c9b7b7e-8a51-4a6c-9b0f-0a8d2f6e3c11"


@pytest.fixture(autouse=True)
def _the_clock_stands(now):
    """Pages ask the clock; here it stands."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def drifting(cast, today, now):
    """Return a function that makes a pilot overdue by some days, in its own unit and with its own owner if wanted."""

    def made(title: str, *, late: int = 20, **facts):
        return building.awaiting(cast, today=today, now=now, due=-late, title=title, **facts)

    return made


@pytest.fixture
def look(today, now):
    """Scan as the schedule does."""

    def looked():
        return scan(actor=None, today=today, now=now)

    return looked


def titles(response) -> list[str]:
    return [row.flag.pilot.title for row in response.context["rows"]]


class TestTheList:
    def test_nothing_drifts(self, cast, sign_in):
        page = sign_in(cast.viewer).get(DRIFT).content.decode()
        assert "Nothing drifts" in page
        assert "Nobody has looked yet" in page

    def test_the_worst_come_first_with_what_they_mean_and_what_clears_them(self, cast, sign_in, drifting, look):
        drifting("Young", late=5)
        drifting("Old", late=80)
        drifting("Middle", late=60)
        drifting("Not yet", late=-5)
        look()

        response = sign_in(cast.viewer).get(DRIFT)

        assert titles(response) == ["Old", "Middle", "Young"]
        page = response.content.decode()
        for told in (
            "Decision overdue",
            "is past its decision date, and no decision is recorded.",
            "Work, money and people wait for an answer.",
            "A recorded decision: scale, redesign, stop or keep as research.",
            "80 days",
        ):
            assert told in page
        assert 'href="/pilots/P-0002/"' in page

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("since", ["Old", "Middle", "Young"]),
            ("-since", ["Young", "Middle", "Old"]),
            ("severity", ["Young", "Old", "Middle"]),
            ("pilot", ["Young", "Old", "Middle"]),
            ("-pilot", ["Middle", "Old", "Young"]),
            ("nonsense", ["Old", "Middle", "Young"]),
        ],
    )
    def test_sorting(self, cast, sign_in, drifting, look, sort, order):
        drifting("Young", late=5)
        drifting("Old", late=80)
        drifting("Middle", late=60)
        look()
        assert titles(sign_in(cast.viewer).get(DRIFT, {"sort": sort})) == order

    def test_counts_by_rule_leave_out_what_is_not_found(self, cast, sign_in, drifting, look):
        drifting("Young", late=5)
        drifting("Old", late=80)
        look()
        response = sign_in(cast.viewer).get(DRIFT, {"search": "young"})
        assert [(count.rule.id, count.total, count.worst) for count in response.context["by_rule"]] == [
            ("decision-overdue", 2, 3)
        ]

    def test_pages_of_25(self, cast, sign_in, today, now):
        pilot = building.proposed(cast, today=today, now=now)
        Flag.objects.bulk_create(
            Flag(pilot=pilot, rule=f"rule-{n}", severity=1, detail="It is so.", since=today, opened_on=today)
            for n in range(26)
        )
        client = sign_in(cast.viewer)
        assert len(titles(client.get(DRIFT))) == 25
        assert len(titles(client.get(DRIFT, {"page": 2}))) == 1
        assert len(titles(client.get(DRIFT, {"page": "nonsense"}))) == 25
        assert "this rule is no longer in use" in client.get(DRIFT).content.decode()

    def test_htmx_gets_the_results_alone(self, cast, sign_in, drifting, look):
        drifting("Old")
        look()
        part = sign_in(cast.viewer).get(DRIFT, headers={"HX-Request": "true", "HX-Target": "flags"}).content.decode()
        assert "Old" in part
        assert "<h1>" not in part
        assert 'id="flags"' not in part

    def test_the_number_of_queries_does_not_grow(self, cast, sign_in, drifting, look, now):
        client = sign_in(cast.viewer)

        def queries() -> int:
            look()
            with CaptureQueriesContext(connection) as captured:
                client.get(DRIFT)
            return len(captured)

        drifting("One")
        of_one = queries()
        drifting("Two", unit=add_unit(actor=None, name="Motor", now=now))
        drifting("Three")
        assert queries() == of_one


class TestNarrowing:
    @pytest.fixture
    def world(self, cast, drifting, look, today, now):
        """Two drifting pilots that differ in everything."""
        motor = add_unit(actor=None, name="Motor", now=now)
        old = drifting("Old letters", late=80)
        young = drifting("Young claims", late=5, unit=motor)
        assign_part(actor=None, pilot=young, person=cast.carol, part=Part.BUSINESS_OWNER, since=today, now=now)
        look()
        return {"old": old, "young": young, "motor": motor.pk, "carol": cast.carol.pk, "claims": cast.unit.pk}

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"search": "LETTERS"}, ["Old letters"]),
            ({"search": "P-0002"}, ["Young claims"]),
            ({"search": "nothing of the kind"}, []),
            ({"severity": "3"}, ["Old letters"]),
            ({"severity": "2"}, ["Young claims"]),
            ({"severity": "1"}, []),
            ({"rule": "decision-overdue"}, ["Old letters", "Young claims"]),
            ({"rule": "no-owner"}, []),
            ({"unit": "motor"}, ["Young claims"]),
            ({"owner": "carol"}, ["Young claims"]),
            ({"unit": "claims", "owner": "carol"}, []),
            ({"age": "7"}, ["Old letters"]),
            ({"age": "90"}, []),
            ({"severity": "9", "rule": "x", "unit": "x"}, ["Old letters", "Young claims"]),
        ],
    )
    def test_by(self, cast, sign_in, world, query, found):
        asked = {name: str(world.get(value, value)) for name, value in query.items()}
        assert titles(sign_in(cast.viewer).get(DRIFT, asked)) == found

    def test_by_nobody(self, cast, sign_in, world, look, today, now):
        client = sign_in(cast.viewer)
        assert "Nobody named</option>" not in client.get(DRIFT).content.decode()
        end_part(actor=None, pilot=world["young"], part=Part.BUSINESS_OWNER, until=today, now=now)
        look()
        assert set(titles(client.get(DRIFT, {"owner": "none"}))) == {"Young claims"}
        assert "Nobody named</option>" in client.get(DRIFT).content.decode()

    def test_when_nothing_fits_the_way_back_is_shown(self, cast, sign_in, world):
        page = sign_in(cast.viewer).get(DRIFT, {"search": "zzz"}).content.decode()
        assert "No flag fits" in page
        assert "Nothing drifts" not in page


class TestRestricted:
    @pytest.mark.parametrize(
        ("who", "sees"),
        [
            ("alice", True), ("bob", True), ("carol", True), ("sponsor", True), ("manager", True), ("auditor", True),
            ("charlie", False), ("viewer", False), ("administrator", False),
        ],
    )  # fmt: skip
    def test_flags_are_seen_by_whoever_sees_the_pilot(self, cast, sign_in, drifting, look, who, sees):
        drifting("Secret letters", visibility=Visibility.RESTRICTED)
        look()
        response = sign_in(getattr(cast, who)).get(DRIFT)
        page = response.content.decode()
        assert titles(response) == (["Secret letters"] if sees else [])
        assert ("Secret letters" in page, "Nothing drifts" in page) == (sees, not sees)
        assert bool(response.context["by_rule"]) == sees

    def test_filters_name_no_unit_and_no_owner_of_what_is_not_seen(self, cast, sign_in, drifting, look, now):
        drifting("Open letters")
        hidden = add_unit(actor=None, name="Mergers", now=now)
        drifting("Secret letters", visibility=Visibility.RESTRICTED, unit=hidden)
        look()
        assert "Mergers" not in sign_in(cast.viewer).get(DRIFT).content.decode()
        assert "Mergers" in sign_in(cast.auditor).get(DRIFT).content.decode()
        assert titles(sign_in(cast.viewer).get(DRIFT, {"unit": hidden.pk})) == ["Open letters"]


class TestLookingAgain:
    def test_a_manager_looks_again_and_reads_what_happened(self, cast, sign_in, drifting):
        drifting("Old", late=80)
        client = sign_in(cast.manager)
        assert "Look again now" in client.get(DRIFT).content.decode()

        response = client.post(SCAN, {"form_key": KEY}, follow=True)

        assert response.redirect_chain == [(DRIFT, 302)]
        page = response.content.decode()
        assert "Looked at 1 pilot. Flags: 1 opened, 0 changed, 0 closed." in page
        assert "Last looked on" in page
        assert titles(response) == ["Old"]
        assert Event.objects.get(kind="gates.flags.reconciled").actor == cast.manager.ref
        assert JobRun.objects.get(job=JOB).outcome["opened"] == 1

    def test_pressed_twice_it_looks_once(self, cast, sign_in, drifting):
        drifting("Old", late=80)
        client = sign_in(cast.manager)
        assert client.post(SCAN, {"form_key": KEY}).status_code == 302
        assert client.post(SCAN, {"form_key": KEY}).status_code == 302
        assert JobRun.objects.filter(job=JOB).count() == 1

    def test_a_large_portfolio_is_left_to_the_worker(self, cast, sign_in, drifting, monkeypatch):
        rung = []
        monkeypatch.setattr(view, "AT_ONCE", 0)
        monkeypatch.setattr(view, "ring", rung.append)
        drifting("Old", late=80)
        response = sign_in(cast.manager).post(SCAN, {"form_key": KEY}, follow=True)
        assert "Pilotage is looking now." in response.content.decode()
        assert rung == ["drift.scan"]
        assert not Flag.objects.exists()

    @pytest.mark.parametrize(
        "who", ["alice", "bob", "carol", "charlie", "sponsor", "administrator", "auditor", "viewer", "reviewer"]
    )
    def test_others_do_not(self, cast, sign_in, who):
        client = sign_in(getattr(cast, who))
        assert "Look again now" not in client.get(DRIFT).content.decode()
        assert client.post(SCAN).status_code == 403

    def test_getting_it_does_nothing(self, cast, sign_in):
        assert sign_in(cast.manager).get(SCAN).status_code == 405
        assert not JobRun.objects.exists()


class TestOnThePageOfThePilot:
    def test_its_flags_are_there_and_the_ones_that_closed(self, cast, sign_in, drifting, look, today, now):
        pilot = drifting("Old", late=80)
        end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today, now=now)
        look()
        assign_part(actor=None, pilot=pilot, person=cast.carol, part=Part.BUSINESS_OWNER, since=today, now=now)
        look()

        page = sign_in(cast.viewer).get(pilot.get_absolute_url()).content.decode()

        assert "is past its decision date, and no decision is recorded." in page
        assert "A recorded decision: scale, redesign, stop or keep as research." in page
        closed = page[page.index("Flags that have closed") :]
        assert "Nobody in charge" in closed[: closed.index("</details>")]

    def test_one_that_does_not_drift_says_so(self, cast, sign_in, drifting, look):
        pilot = drifting("Well", late=-5)
        look()
        assert "Nothing drifts here." in sign_in(cast.viewer).get(pilot.get_absolute_url()).content.decode()
