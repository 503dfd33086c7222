"""The list of decisions, one on record, and what the pilot's page says of them."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from openpyxl import load_workbook

from accounts.models import User
from accounts.naming import note_leaving
from accounts.states import Function
from gates.conditioning import ConditionTerms
from gates.convening import end_reviewer
from gates.deciding import record_carried
from gates.models import Committee, Criterion, Decision
from gates.reviewing import assess_in_pilot
from gates.states import Finding, MajorityRule
from gates.terms import Terms
from gates.voting import cast_vote
from portfolio.models import Pilot
from portfolio.proposing import edit_pilot
from portfolio.states import Outcome
from tests import building
from tests.counting import queries_of
from tests.gates.deciding_for import decide, put_to_vote, terms_of
from tests.gates.evidence.adding import add_note
from tests.gates.reviewing_for import first
from tests.portfolio.measures.building import measure, measured_pilot

PEOPLE = ("alice", "bob", "carol", "charlie", "manager", "administrator", "auditor", "viewer", "reviewer", "sponsor")


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.awaiting(cast, today=today, now=now, due=-40)


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


def everything_changes() -> None:
    """Overwrite every text and amount of all rows but the decisions', triggers or not."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in apps.get_models():
            if model._meta.app_label not in {"accounts", "portfolio", "gates"} or model is Decision:
                continue
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
            kinds = {field.column: field.get_internal_type() for field in model._meta.concrete_fields}
            texts = [name for name, kind in kinds.items() if kind == "TextField" or (model is User and name == "name")]
            changes = [f"{name} = 'Otherwise'" for name in texts]
            changes += [f"{name} = {name} * 1.5" for name, kind in kinds.items() if kind == "DecimalField"]
            if changes:
                cursor.execute(f"UPDATE {model._meta.db_table} SET {', '.join(changes)}")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_log_as_a_file_holds_what_the_filters_find_and_no_formula(cast, today, now, sign_in, kind):
    for rationale in ('=HYPERLINK("x")', "+1 for it", "Too few."):
        pilot = building.awaiting(cast, today=today, now=now, title="@Sorting" if rationale[0] == "=" else "Sorting")
        term = ConditionTerms("-Keep them.", cast.alice, today)
        decide(cast, pilot, Outcome.STOP, today=today, now=now, rationale=rationale, conditions=[term])
    content = sign_in(cast.viewer).get(f"/decisions/decisions.{kind}?q=sorting&sort=number").content
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(content), read_only=True).active
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert [row[0] for row in rows] == ["Number", "D-2026-001", "D-2026-002", "D-2026-003"]
    assert [row[6] for row in rows[1:]] == ['\'=HYPERLINK("x")', "'+1 for it", "Too few."]
    assert (rows[1][3], rows[1][14].startswith("'-Keep them. (Alice, until 2026-11-16")) == ("'@Sorting", True)


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

    @pytest.mark.requirement(53, page="/decisions/D-2026-001/")
    def test_a_year_later_all_has_changed_but_the_record(self, cast, gate_set, sign_in, today, now):
        Committee.objects.update(majority_rule=MajorityRule.SIMPLE, quorum=2)
        pilot = measured_pilot(cast, today=today, now=now)
        measure(cast, pilot, 41, ago=9, today=today, now=now)
        add_note(cast, pilot, title="Minutes of the team", criteria=[first()], today=today, now=now)
        assess_in_pilot(
            actor=cast.reviewer, pilot=pilot, criterion=first(), finding=Finding.MET, comment="Seen the log.",
            seen=None, today=today, now=now,
        )  # fmt: skip
        building.report(cast, pilot, now=now, blocks="No access.")
        term = ConditionTerms("Keep the letters.", cast.alice, today + timedelta(days=10))
        proposal = put_to_vote(cast, pilot, Outcome.SCALE, today=today, now=now, conditions=[term])
        for person, choice in ((cast.bob, "for"), (cast.carol, "against")):
            cast_vote(actor=person, proposal=proposal, choice=choice, reason="As I see it.", today=today, now=now)
        record_carried(actor=cast.bob, proposal=proposal, seen=None, today=today, now=now)
        client = sign_in(cast.auditor)
        before = snapshot_part(client)
        for said in (
            "Handling time", "41\xa0minutes", "Minutes of the team", "Seen the log.", "No access.", "Keep the letters.",
            "1 for, 1 against", "the chair&#x27;s vote decided", "Business case, version 1", "Alice",
        ):  # fmt: skip
            assert said in before, said
        everything_changes()
        assert snapshot_part(client) == before
        page = client.get("/decisions/D-2026-001/").content.decode()
        for said in ("Carol: As I see it.", "Bob (for), Carol (against)", "Unaltered"):
            assert said in page, said

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

    @pytest.mark.requirement(58, 59, page="/decisions/D-2026-001/")
    def test_a_stop_is_shown_as_good_judgment(self, cast, pilot, sign_in, today, now):
        again = {"not_yet": "A cheaper scanner.", "look_again_on": today + timedelta(days=90)}
        decide(
            cast,
            pilot,
            Outcome.STOP,
            today=today,
            now=now,
            terms=Terms(**{**vars(terms_of(Outcome.STOP, today)), **again}),
        )
        record = sign_in(cast.viewer).get("/decisions/D-2026-001/").content.decode()
        for said in (
            "Letters are sorted faster by hand.",
            "A cheaper scanner.",
            "Users do not need it",
            "2027-02-14",
        ):
            assert said in record, said
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


def test_a_reviewer_sees_the_pilot_but_not_its_history(cast, pilot, sign_in, today, now):
    assess_in_pilot(
        actor=cast.reviewer, pilot=pilot, criterion=first(), finding=Finding.MET, comment="", seen=None, today=today,
        now=now,
    )  # fmt: skip
    assert sign_in(cast.reviewer).get(f"{pilot.get_absolute_url()}history/").status_code == 403
    assert sign_in(cast.carol).get(f"{pilot.get_absolute_url()}history/").status_code == 200
