"""The pages on which administrators set the drift rules."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from gates.models import Flag, RuleSetting
from gates.rules.contract_gaps import RULES as GAPS
from gates.rules.registry import BY_ID, RULES
from gates.scanning import scan
from gates.tuning import change_rule, rule_in_force
from gates.views import rule as view
from portfolio.states import Severity
from tests import building

LIST = reverse("gates:rule-list")
OVERDUE = BY_ID["decision-overdue"]
EDIT = reverse("gates:rule-edit", args=[OVERDUE.id])
KEY = "2c9b7b7e-8a51-4a6c-9b0f-0a8d2f6e3c11"
OTHERS = ["alice", "bob", "carol", "charlie", "sponsor", "manager", "auditor", "viewer", "reviewer"]


def posted(**changes) -> dict[str, str]:
    """What the form sends: the defaults of the rule, with changes."""
    return {
        "enabled": "on",
        "threshold": "14",
        "severity": "3",
        "sponsor_after": "14",
        "chair_after": "28",
        "version": "0",
        "form_key": KEY,
        **changes,
    }


@pytest.fixture(autouse=True)
def _the_clock_stands(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.administrator)


class TestTheList:
    def test_every_rule_with_its_state(self, cast, client, today, now):
        building.awaiting(cast, today=today, now=now)
        scan(actor=None, today=today, now=now)
        change_rule(actor=None, rule=RULES[2], enabled=False, threshold=45, severity=Severity.INFO, seen=0, now=now)
        response = client.get(LIST)
        shown = [(held.rule.id, held.enabled, held.threshold, total) for held, total in response.context["rules"]]
        assert shown == [
            ("decision-overdue", True, 14, 1),
            ("not-asked", True, 7, 0),
            ("silent", False, 45, 0),
            *((rule.id, True, rule.threshold, 0) for rule in RULES[3:] if not rule.family),
        ]
        assert [held.rule.family for held, _ in response.context["family"]] == ["contract-gaps"] * len(GAPS)
        assert "Off" in response.content.decode()

    def test_the_number_of_queries_does_not_grow(self, cast, client, today, now):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(LIST)
            return len(captured)

        none = queries()
        for title in ("One", "Two", "Three"):
            building.awaiting(cast, today=today, now=now, title=title)
        scan(actor=None, today=today, now=now)
        assert queries() == none

    def test_it_is_found_among_the_settings(self, client):
        assert LIST in client.get("/settings/").content.decode()

    @pytest.mark.parametrize("who", OTHERS)
    def test_others_are_refused(self, cast, sign_in, who):
        other = sign_in(getattr(cast, who))
        assert [other.get(LIST).status_code, other.get(EDIT).status_code] == [403, 403]
        assert other.post(EDIT, posted(threshold="20")).status_code == 403
        assert not RuleSetting.objects.exists()


class TestSetting:
    def test_the_form_shows_what_holds(self, client, now):
        change_rule(actor=None, rule=OVERDUE, enabled=False, threshold=20, severity=Severity.INFO, seen=0, now=now)
        form = client.get(EDIT).context["form"]
        assert form.initial == {
            "enabled": "off", "threshold": 20, "severity": 1, "sponsor_after": 14, "chair_after": 28, "version": 1,
        }  # fmt: skip

    def test_an_unknown_rule_is_not_there(self, client):
        assert client.get(reverse("gates:rule-edit", args=["unheard-of"])).status_code == 404

    def test_saving(self, cast, client, monkeypatch):
        rung = []
        monkeypatch.setattr(view, "ring", rung.append)
        response = client.post(EDIT, posted(enabled="off", threshold="20", severity="2"), follow=True)
        assert response.redirect_chain == [(LIST, 302)]
        assert "“Decision overdue” is set." in response.content.decode()
        held = rule_in_force(OVERDUE)
        assert (held.enabled, held.threshold, held.severity, held.version) == (False, 20, Severity.WARNING, 1)
        assert Event.objects.get(kind="gates.rule.changed").actor == cast.administrator.ref
        assert rung == ["drift.scan"]

    def test_posted_twice_it_is_saved_once(self, client):
        assert client.post(EDIT, posted(threshold="20")).headers["Location"] == LIST
        assert client.post(EDIT, posted(threshold="20")).headers["Location"] == LIST
        assert rule_in_force(OVERDUE).version == 1

    @pytest.mark.parametrize(
        "wrong",
        [{"threshold": ""}, {"threshold": "soon"}, {"threshold": "-1"}, {"threshold": "0"}, {"threshold": "99999"},
         {"severity": "4"}, {"severity": ""}, {"enabled": "perhaps"}, {"version": ""}],
    )  # fmt: skip
    def test_what_makes_no_sense_is_said_beside_its_field(self, client, wrong):
        response = client.post(EDIT, posted(**wrong))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == list(wrong)
        assert not RuleSetting.objects.exists()

    def test_the_second_editor_gets_both_texts(self, cast, client, now):
        change_rule(
            actor=cast.administrator, rule=OVERDUE, enabled=True, threshold=20, severity=Severity.WARNING, seen=0,
            now=now,
        )  # fmt: skip
        response = client.post(EDIT, posted(threshold="33", enabled="off"))
        assert response.status_code == 409
        fields = {field.name: (field.theirs, field.yours) for field in response.context["conflict"].fields}
        assert fields == {
            "enabled": ("on", "off"), "threshold": ("20", "33"), "severity": ("2", "3"),
        }  # fmt: skip
        page = response.content.decode()
        assert "Now saved, by Administrator" in page
        assert rule_in_force(OVERDUE).threshold == 20

        mine = {
            "form_key": "",
            "version": str(response.context["conflict"].version),
            **{n: y for n, (_, y) in fields.items()},
        }
        assert client.post(EDIT, mine).status_code == 302
        assert rule_in_force(OVERDUE).threshold == 33


class TestForeseeing:
    @pytest.fixture
    def flagged(self, cast, today, now):
        building.awaiting(cast, today=today, now=now, due=-10)
        scan(actor=None, today=today, now=now)

    def test_it_counts_and_saves_nothing(self, client, flagged):
        response = client.post(EDIT, posted(enabled="off", preview="yes"))
        assert response.status_code == 200
        assert "Would open 0, change 0 and close 1 flag. Nothing has been saved yet." in text_of(response)
        assert response.context["form"]["enabled"].value() == "off"
        assert not RuleSetting.objects.exists()
        assert Flag.objects.filter(closed_on=None).count() == 1

    def test_htmx_gets_the_count_alone(self, client, flagged):
        response = client.post(EDIT, posted(threshold="5", preview="yes"), headers={"HX-Request": "true"})
        assert "Would open 0, change 1 and close 0 flags." in text_of(response)
        assert "<form" not in response.content.decode()

    def test_where_nothing_would_change_it_says_so(self, client, flagged):
        assert "Would change no flag." in text_of(client.post(EDIT, posted(preview="yes")))

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_what_makes_no_sense_cannot_be_foreseen(self, client, headers):
        response = client.post(EDIT, posted(threshold="soon", preview="yes"), headers=headers)
        assert response.status_code == 422
        assert "Enter a whole number." in response.content.decode()

    def test_it_can_be_saved_afterwards_with_the_same_key(self, client):
        client.post(EDIT, posted(threshold="5", preview="yes"))
        assert client.post(EDIT, posted(threshold="5")).status_code == 302
        assert rule_in_force(OVERDUE).threshold == 5


def text_of(response) -> str:
    """The answer with blanks and line ends as a reader sees them."""
    return " ".join(response.content.decode().split())


class TestTheLadder:
    def test_it_is_set_and_shown_on_the_flag(self, cast, client, sign_in, today, now):
        building.awaiting(cast, today=today, now=now)
        scan(actor=None, today=today, now=now)
        assert client.post(EDIT, posted(sponsor_after="3", chair_after="5")).status_code == 302
        assert rule_in_force(OVERDUE).graces == (3, 5)
        page = text_of(sign_in(cast.viewer).get(reverse("gates:drift")))
        assert re.findall(r'(Owner|Sponsor|Chair) from <time datetime="([0-9-]+)"', page) == [
            ("Owner", "2026-11-16"), ("Sponsor", "2026-11-19"), ("Chair", "2026-11-21"),
        ]  # fmt: skip

    @pytest.mark.parametrize("wrong", [{"sponsor_after": "-1"}, {"chair_after": "13"}, {"chair_after": "99999"}])
    def test_the_chair_never_hears_before_the_sponsor(self, client, wrong):
        response = client.post(EDIT, posted(**wrong))
        assert (response.status_code, list(response.context["form"].errors)) == (422, list(wrong))
        assert not RuleSetting.objects.exists()
