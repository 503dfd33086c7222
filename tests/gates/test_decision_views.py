"""The decision screen, the list of decisions, one on record."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.naming import note_leaving
from accounts.states import Function
from audit.models import Event
from gates.convening import end_reviewer
from gates.models import Committee, Criterion, Decision, Flag
from gates.reviewing import assess_in_pilot, conclude_in_pilot
from gates.states import Finding
from portfolio.models import Pilot, Round
from portfolio.proposing import edit_pilot
from portfolio.states import LampState, Outcome, RoundState, Severity, Stage
from tests import building
from tests.gates.deciding_for import decide, terms_of
from tests.gates.test_review_views import first

PEOPLE = ("alice", "bob", "carol", "charlie", "manager", "administrator", "auditor", "viewer", "reviewer", "sponsor")


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.awaiting(cast, today=today, now=now, due=-40)


def form_of(pilot, outcome, today, **changes) -> dict[str, str]:
    """What the chair's browser sends for `outcome`, unless changed."""
    current = Round.objects.filter(pilot=pilot).order_by("-number").first()
    said = {name: str(value) for name, value in vars(terms_of(outcome, today)).items() if value}
    return {
        "outcome": outcome.value, "rationale": "Too few letters.", **said,
        "round": str(current.number), "version": str(current.version), "form_key": str(uuid.uuid4()), **changes,
    }  # fmt: skip


def queries_of(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


class TestReading:
    @pytest.mark.parametrize("who", [who for who in PEOPLE if who != "bob"])
    def test_everybody_reads_it_with_the_reasons_why_it_is_not_theirs(self, cast, pilot, sign_in, who):
        response = sign_in(getattr(cast, who)).get(f"/pilots/{pilot.code}/decide/")
        text = response.content.decode()
        assert response.status_code == 200
        assert "Decisions are recorded by the chair of the pilot&#x27;s committee." in text
        assert ("You have a part in this pilot" in text) is (who in {"alice", "sponsor"})
        assert 'name="rationale"' not in text

    def test_the_chair_finds_all_that_it_takes_on_one_page(self, cast, pilot, sign_in, today, now):
        building.report(cast, pilot, now=now, moved="Forty letters tried.", blocks="No one from IT.")
        Flag.objects.create(
            pilot=pilot,
            rule="silent",
            severity=Severity.WARNING,
            detail="Nothing was heard.",
            since=today,
            opened_on=today,
        )
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        for said in (
            "What shall become of this pilot?", "40 <small>days undecided", "How this is counted",
            "Business ownership", "Not started", "Forty letters tried.", "No one from IT.", "Nothing was heard.",
            "This is permanent.",
        ):  # fmt: skip
            assert said in text

    def test_shows_every_field_in_a_labelled_fieldset_to_those_without_scripts(self, cast, pilot, sign_in):
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        for legend in ("If it scales", "If it is redesigned", "If it stops", "If it is kept as research"):
            assert f"<legend>{legend}</legend>" in text
        for name in vars(terms_of(Outcome.STOP, pilot.created_at.date())):
            assert f'name="{name}"' in text or name == "next_starts_on"

    def test_shows_what_was_decided_before(self, cast, pilot, sign_in, today, now):
        decide(cast, pilot, Outcome.RESEARCH, today=today, now=now, rationale="Worth knowing.")
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        assert "Decided before" in text
        assert "Worth knowing." in text
        assert "Whether it reads handwriting." in text

    @pytest.mark.parametrize(
        ("made", "said"),
        [
            (building.proposed, "Round 1 has not started, so there is nothing to decide yet."),
            (building.running, ""),
        ],
    )
    def test_a_draft_is_not_decided(self, cast, gate_set, sign_in, today, now, made, said):
        pilot = made(cast, today=today, now=now)
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        assert ('name="rationale"' in text) is (not said)
        assert said in text

    def test_a_stopped_pilot_is_not_decided_again(self, cast, pilot, sign_in, today, now):
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        assert "This pilot has no open round" in text
        assert 'name="rationale"' not in text

    def test_a_pilot_without_a_committee_says_so(self, cast, gate_set, sign_in, today, now):
        pilot = building.running(cast, today=today, now=now, committee_slug="")
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode()
        assert "No committee is named for this pilot." in text

    def test_a_restricted_pilot_is_not_there_for_outsiders(self, cast, gate_set, sign_in, today, now):
        pilot = building.running(cast, today=today, now=now, visibility="restricted")
        for who, status in (
            ("charlie", 404),
            ("viewer", 404),
            ("administrator", 404),
            ("carol", 200),
            ("auditor", 200),
        ):
            assert sign_in(getattr(cast, who)).get(f"/pilots/{pilot.code}/decide/").status_code == status

    def test_takes_as_many_queries_with_three_of_everything_as_with_one(self, cast, pilot, sign_in, today, now):
        client, url = sign_in(cast.bob), f"/pilots/{pilot.code}/decide/"

        def add(rule):
            building.report(cast, pilot, now=now)
            Flag.objects.create(pilot=pilot, rule=rule, severity=1, detail="x", since=today, opened_on=today)

        add("one")
        one = queries_of(client, url)
        add("two")
        add("three")
        assert queries_of(client, url) == one


class TestRecording:
    @pytest.mark.parametrize(
        ("outcome", "stage"),
        [
            (Outcome.SCALE, Stage.SCALING),
            (Outcome.REDESIGN, Stage.DRAFT),
            (Outcome.STOP, Stage.STOPPED),
            (Outcome.RESEARCH, Stage.RESEARCH),
        ],
    )
    def test_each_of_the_four(self, cast, pilot, sign_in, today, outcome, stage):
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", form_of(pilot, outcome, today))
        decision = Decision.objects.get()
        assert response.url == "/decisions/D-2026-001/"
        assert (decision.outcome, decision.recorded_by, decision.committee) == (outcome, cast.bob, cast.committee)
        assert decision.round.state == RoundState.DECIDED
        pilot.refresh_from_db()
        assert pilot.stage == stage
        text = sign_in(cast.viewer).get(response.url).content.decode()
        assert "Too few letters." in text
        assert "Unaltered" in text
        assert ("Round 2, which it opened" in text) is (outcome in {Outcome.REDESIGN, Outcome.RESEARCH})

    def test_terms_of_another_outcome_are_left_out(self, cast, pilot, sign_in, today):
        typed = form_of(
            pilot, Outcome.STOP, today, learning_goal="Left over.", launch_on="2027-01-01", dissent="Carol."
        )
        sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed)
        decision = Decision.objects.get()
        assert (decision.learning_goal, decision.launch_on, decision.dissent) == ("", None, "Carol.")

    @pytest.mark.parametrize(
        ("outcome", "changes", "said"),
        [
            (Outcome.STOP, {"rationale": "  "}, ["Say why, in the words that will be read in two years."]),
            (
                Outcome.STOP,
                {"stop_reason": "", "learnings": ""},
                ["Choose the reason that fits best.", "Say what was learned, so that it helps the next pilot."],
            ),
            (Outcome.STOP, {"outcome": ""}, ["Choose one of the four decisions."]),
            (Outcome.STOP, {"outcome": "hold"}, ["Select a valid choice"]),
            (Outcome.STOP, {"stop_reason": "boredom"}, ["Select a valid choice"]),
            (Outcome.STOP, {"look_again_on": "2026-01-01"}, ["This day is past; choose one to come."]),
            (Outcome.SCALE, {"launch_on": ""}, ["Say when it is to be in production."]),
            (Outcome.SCALE, {"launch_on": "soon"}, ["Enter a valid date."]),
            (
                Outcome.REDESIGN,
                {"redesign": "", "learnings": "", "next_due": ""},
                ["Say what changes:", "Say what was learned that points there.", "Say when the next round"],
            ),
            (
                Outcome.RESEARCH,
                {"learning_goal": "", "budget_cap": "", "next_due": ""},
                ["Say what the research is to find out.", "Say the most that it may cost.", "Say when it is looked at"],
            ),
            (Outcome.RESEARCH, {"budget_cap": "-1"}, ["An amount below nothing is no cap."]),
        ],
    )
    def test_every_gap_is_named_beside_its_field_and_nothing_typed_is_lost(
        self, cast, pilot, sign_in, today, outcome, changes, said
    ):
        typed = {**form_of(pilot, outcome, today, dissent="Carol saw it differently."), **changes}
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed)
        text = response.content.decode()
        assert response.status_code == 422
        for words in said:
            assert words in text
        assert "Carol saw it differently." in text
        assert not Decision.objects.exists()
        assert not Event.objects.filter(kind="gates.decision.recorded").exists()

    def test_a_post_without_its_round_is_refused(self, cast, pilot, sign_in, today):
        typed = form_of(pilot, Outcome.STOP, today)
        del typed["round"], typed["version"]
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed)
        assert response.status_code == 422

    @pytest.mark.parametrize("who", [who for who in PEOPLE if who != "bob"])
    def test_others_are_refused_and_keep_their_words(self, cast, pilot, sign_in, today, who):
        response = sign_in(getattr(cast, who)).post(
            f"/pilots/{pilot.code}/decide/", form_of(pilot, Outcome.STOP, today, rationale="My own words.")
        )
        assert response.status_code == 403
        assert "My own words." in response.content.decode()
        assert not Decision.objects.exists()

    def test_a_chair_does_not_decide_a_pilot_of_their_own(self, cast, pilot, sign_in, today, now):
        building.assign_part(
            actor=None, pilot=pilot, person=cast.bob, part=building.Part.CHAMPION, since=today, now=now
        )
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", form_of(pilot, Outcome.STOP, today))
        assert response.status_code == 403
        assert "You have a part in this pilot" in response.content.decode()

    def test_posting_twice_decides_once(self, cast, pilot, sign_in, today):
        client, typed = sign_in(cast.bob), form_of(pilot, Outcome.RESEARCH, today)
        answers = [client.post(f"/pilots/{pilot.code}/decide/", typed) for _ in range(2)]
        assert [answer.url for answer in answers] == ["/decisions/D-2026-001/"] * 2
        assert Decision.objects.count() == 1

    @pytest.mark.parametrize("outcome", list(Outcome))
    def test_who_comes_second_reads_what_was_decided_and_keeps_their_words(
        self, cast, pilot, sign_in, today, now, outcome
    ):
        typed = form_of(pilot, Outcome.STOP, today, rationale="My words.")
        decide(cast, pilot, outcome, today=today, now=now, rationale="Their words.")
        response = sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed)
        text = response.content.decode()
        assert response.status_code == 409
        assert "Their words." in text
        assert "My words." in text
        assert "/decisions/D-2026-001/" in text
        assert Decision.objects.count() == 1

    def test_a_form_on_a_research_round_does_not_decide_the_next_one(self, cast, pilot, sign_in, today, now):
        decide(cast, pilot, Outcome.RESEARCH, today=today, now=now)
        typed = form_of(pilot, Outcome.RESEARCH, today)
        decide(cast, pilot, Outcome.RESEARCH, today=today, now=now)
        assert Round.objects.get(pilot=pilot, number=3).version == int(typed["version"])
        assert sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", typed).status_code == 409
        assert Decision.objects.count() == 2

    def test_a_round_that_changed_is_shown_anew_with_what_was_typed(self, cast, gate_set, sign_in, today, now):
        pilot = building.running(cast, today=today, now=now)
        client, typed = sign_in(cast.bob), form_of(pilot, Outcome.STOP, today, rationale="My words.")
        building.end_work(actor=cast.alice, pilot=pilot, ended_on=today, now=now)
        response = client.post(f"/pilots/{pilot.code}/decide/", typed)
        text = response.content.decode()
        assert response.status_code == 409
        assert "This round has changed since you opened the page." in text
        assert "My words." in text
        again = {**typed, "version": response.context["form"]["version"].value()}
        assert client.post(f"/pilots/{pilot.code}/decide/", again).status_code == 302

    def test_scaling_past_a_gate_that_was_not_passed_needs_a_reason(self, cast, pilot, sign_in, today, now):
        not_passed_gate(cast, pilot, today=today, now=now)
        client, typed = sign_in(cast.bob), form_of(pilot, Outcome.SCALE, today)
        refused = client.post(f"/pilots/{pilot.code}/decide/", typed)
        assert refused.status_code == 422
        assert "A gate was not passed. Say why it is scaled all the same." in refused.content.decode()
        typed["override_reason"] = "Forty letters a month can be sorted by hand."
        assert client.post(f"/pilots/{pilot.code}/decide/", typed).status_code == 302
        assert Decision.objects.get().override_reason == typed["override_reason"]

    def test_the_day_is_the_committees(self, cast, pilot, sign_in, today, time_machine):
        Committee.objects.update(time_zone="Pacific/Kiritimati")
        time_machine.move_to("2026-12-31T11:00:00+00:00", tick=False)
        sign_in(cast.bob).post(f"/pilots/{pilot.code}/decide/", form_of(pilot, Outcome.STOP, today))
        assert Decision.objects.get().number == "D-2027-001"


def not_passed_gate(cast, pilot, *, today, now):
    for criterion in Criterion.objects.select_related("gate").filter(gate__number=3).exclude(mandatory_from="high"):
        assess_in_pilot(
            actor=cast.reviewer, pilot=pilot, criterion=criterion, finding=Finding.NOT_MET, comment="No.", seen=None,
            today=today, now=now,
        )  # fmt: skip
    conclude_in_pilot(
        actor=cast.reviewer, pilot=pilot, gate_slug="workflow-integration", state=LampState.NOT_PASSED,
        conclusion="No connection.", seen=None, today=today, now=now,
    )  # fmt: skip


class TestList:
    def several(self, cast, today, now):
        for days, outcome in enumerate((Outcome.SCALE, Outcome.STOP, Outcome.RESEARCH)):
            pilot = building.awaiting(cast, today=today, now=now, title=f"Pilot for {outcome.label}")
            decide(
                cast, pilot, outcome, today=today - timedelta(days=400 * days), now=now, rationale=f"Since {outcome}.",
                terms=terms_of(outcome, today),
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["scale", "stop", "research"]),
            ("outcome=stop", ["stop"]),
            ("outcome=nonsense", ["scale", "stop", "research"]),
            ("year=2026", ["scale"]),
            ("year=1999", ["scale", "stop", "research"]),
            ("committee=steering", ["scale", "stop", "research"]),
            ("committee=nonsense", ["scale", "stop", "research"]),
            ("q=since+RESEARCH", ["research"]),
            ("q=by+hand", ["stop"]),
            ("q=D-2026", ["scale"]),
            ("q=P-0002", ["stop"]),
            ("q=nothing-like-it", []),
            ("sort=date", ["research", "stop", "scale"]),
            ("sort=pilot", ["research", "scale", "stop"]),
            ("sort=nonsense&page=99", ["scale", "stop", "research"]),
        ],
    )
    def test_filters_and_sorts(self, cast, today, now, sign_in, query, found):
        self.several(cast, today, now)
        response = sign_in(cast.viewer).get(f"/decisions/?{query}")
        assert [decision.outcome for decision in response.context["page"]] == found

    def test_shows_only_what_the_reader_may_see(self, cast, today, now, sign_in):
        pilot = building.awaiting(cast, today=today, now=now, visibility="restricted")
        decision = decide(cast, pilot, Outcome.STOP, today=today, now=now)
        for who, seen in (("charlie", False), ("administrator", False), ("carol", True), ("auditor", True)):
            client = sign_in(getattr(cast, who))
            assert (decision in client.get("/decisions/").context["page"].object_list) is seen
            for address in ("/decisions/D-2026-001/", "/decisions/D-2026-001/snapshot.json"):
                assert client.get(address).status_code == (200 if seen else 404)

    def test_htmx_gets_the_results_alone(self, cast, today, now, sign_in):
        self.several(cast, today, now)
        text = sign_in(cast.viewer).get("/decisions/", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in text
        assert "D-2026-001" in text

    @pytest.mark.parametrize(("query", "said"), [("", "Nothing is decided yet"), ("?outcome=stop", "No decision fits")])
    def test_is_kind_when_empty(self, cast, sign_in, query, said):
        assert said in sign_in(cast.viewer).get(f"/decisions/{query}").content.decode()

    def test_takes_as_many_queries_for_three_decisions_as_for_one(self, cast, today, now, sign_in):
        client = sign_in(cast.viewer)
        decide(cast, building.awaiting(cast, today=today, now=now), Outcome.STOP, today=today, now=now)
        one = queries_of(client, "/decisions/")
        for _ in range(2):
            decide(cast, building.awaiting(cast, today=today, now=now), Outcome.STOP, today=today, now=now)
        assert queries_of(client, "/decisions/") == one


class TestRecord:
    def test_is_not_there_if_it_never_was(self, cast, sign_in):
        assert sign_in(cast.viewer).get("/decisions/D-1999-001/").status_code == 404

    def test_shows_the_pilot_as_it_stood_whatever_happens_after(self, cast, pilot, sign_in, today, now):
        assess_in_pilot(
            actor=cast.reviewer, pilot=pilot, criterion=first(), finding=Finding.MET, comment="Seen the log.",
            seen=None, today=today, now=now,
        )  # fmt: skip
        decide(cast, pilot, Outcome.REDESIGN, today=today, now=now)
        client = sign_in(cast.viewer)
        before = snapshot_part(client)
        assert "Seen the log." in before
        assert "Sorting incoming letters" in before

        edit_pilot(
            actor=cast.alice, pilot=pilot, seen=None, now=now, title="Something else", summary="New words.",
            risk_class="high", monthly_cost=99999, vendor="Another",
        )  # fmt: skip
        building.assign_part(
            actor=cast.manager,
            pilot=pilot,
            person=cast.charlie,
            part=building.Part.BUSINESS_OWNER,
            since=today,
            now=now,
        )
        note_leaving(actor=cast.administrator, person=cast.alice, left_on=today, now=now)
        building.start_round(
            actor=cast.charlie, pilot=pilot, starts_on=today, planned_end=today, decision_due=today, now=now
        )
        assess_in_pilot(
            actor=cast.reviewer, pilot=pilot, criterion=first(), finding=Finding.NOT_MET, comment="Gone.",
            seen=None, today=today, now=now,
        )  # fmt: skip
        Pilot.objects.filter(pk=pilot.pk).update(stage="retired")
        assert snapshot_part(client) == before

    def test_the_download_is_what_was_sealed(self, cast, pilot, sign_in, today, now):
        decision = decide(cast, pilot, Outcome.STOP, today=today, now=now)
        response = sign_in(cast.auditor).get("/decisions/D-2026-001/snapshot.json")
        assert hashlib.sha256(response.content).hexdigest() == decision.snapshot_sha256
        assert len(json.loads(response.content)["gates"]) == 6
        assert response.headers["Content-Disposition"] == 'attachment; filename="D-2026-001.json"'
        assert response.headers["Content-Security-Policy"].startswith("sandbox")

    @pytest.mark.parametrize("column", ["snapshot", "snapshot_sha256"])
    def test_says_so_when_the_seal_does_not_fit(self, cast, pilot, sign_in, today, now, column):
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE gates_decision DISABLE TRIGGER USER")
            changed = "convert_to(replace(convert_from(snapshot, 'UTF8'), 'letters', 'numbers'), 'UTF8')"
            cursor.execute(
                f"UPDATE gates_decision SET {column} = {changed if column == 'snapshot' else 'md5(random()::text)'}"
            )
        text = sign_in(cast.auditor).get("/decisions/D-2026-001/").content.decode()
        assert "Does not fit" in text
        assert "Unaltered" not in text

    def test_a_stop_is_shown_as_good_judgment(self, cast, pilot, sign_in, today, now):
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        client = sign_in(cast.viewer)
        for url in ("/decisions/", "/decisions/D-2026-001/", f"/pilots/{pilot.code}/", "/committees/steering/"):
            text = client.get(url).content.decode().lower()
            assert "outcome-stop" in text
            for word in ("fail", "danger", "tone-serious", "text-danger", "reject"):
                assert word not in text

    def test_takes_as_many_queries_for_three_findings_as_for_one(self, cast, gate_set, sign_in, today, now):
        counted = []
        for findings in (1, 3):
            pilot = building.awaiting(cast, today=today, now=now)
            from gates.models import Criterion

            for criterion in Criterion.objects.select_related("gate").filter(gate__number=1)[:findings]:
                assess_in_pilot(
                    actor=cast.reviewer, pilot=pilot, criterion=criterion, finding=Finding.MET, comment="", seen=None,
                    today=today, now=now,
                )  # fmt: skip
            decision = decide(cast, pilot, Outcome.STOP, today=today, now=now)
            counted.append(queries_of(sign_in(cast.viewer), decision.get_absolute_url()))
        assert counted[0] == counted[1]


class TestPanels:
    def test_the_pilot_page_shows_lamps_with_links_and_the_chair_the_way_to_decide(self, cast, pilot, sign_in):
        text = sign_in(cast.bob).get(f"/pilots/{pilot.code}/").content.decode()
        assert f"/pilots/{pilot.code}/gates/business-ownership/" in text
        assert "Record a decision" in text
        assert f"/pilots/{pilot.code}/decide/" in text

    def test_others_read_why_not(self, cast, pilot, sign_in):
        text = sign_in(cast.alice).get(f"/pilots/{pilot.code}/").content.decode()
        assert "Why you cannot record a decision" in text
        assert "You have a part in this pilot" in text

    def test_works_before_a_gate_set_is_published(self, cast, today, now, sign_in):
        pilot = building.running(cast, today=today, now=now)
        assert "No gate set is published yet." in sign_in(cast.bob).get(f"/pilots/{pilot.code}/").content.decode()
        assert sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").status_code == 200


class TestReaders:
    def test_a_reviewer_who_has_assessed_it_goes_on_seeing_a_restricted_pilot(self, cast, pilot, sign_in, today, now):
        assess_in_pilot(
            actor=cast.reviewer, pilot=pilot, criterion=first(), finding=Finding.MET, comment="", seen=None,
            today=today, now=now,
        )  # fmt: skip
        edit_pilot(actor=cast.alice, pilot=pilot, seen=None, now=now, visibility="restricted")
        assert sign_in(cast.reviewer).get(f"/pilots/{pilot.code}/").status_code == 200
        for function in Function:
            end_reviewer(actor=None, person=cast.reviewer, function=function, until=today, now=now)
        assert sign_in(cast.reviewer).get(f"/pilots/{pilot.code}/").status_code == 404


def snapshot_part(client) -> str:
    text = client.get("/decisions/D-2026-001/").content.decode()
    return text[text.index("The pilot as it stood that day") : text.index("<aside")]
