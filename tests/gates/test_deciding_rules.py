"""What a decision needs, what it is refused for, and that it is there for good."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates.deciding import REQUIRED, Terms, record_decision
from gates.models import Assessment, Committee, Criterion, Decision
from gates.reviewing import assess_in_pilot
from gates.states import Finding, ScaleCheck
from portfolio.assigning import assign_part
from portfolio.models import Counter, Round
from portfolio.starting import end_work
from portfolio.states import Outcome, Part, Purpose, RoundState, Stage
from tests import building
from tests.gates.deciding_for import decide, ready_to_scale, terms_of


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


class TestNeeds:
    @pytest.mark.requirement(55, 56, 57, 60, 61, page="/pilots/P-0001/decide/")
    @pytest.mark.parametrize("outcome", list(Outcome))
    def test_every_gap_is_named_at_once(self, cast, today, now, outcome):
        pilot = building.awaiting(cast, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            record_decision(
                actor=cast.bob, pilot=pilot, outcome=outcome, rationale=" ", terms=Terms(learnings="  "), seen=None,
                today=today, now=now,
            )  # fmt: skip
        of_scale = [
            *(f"check_{item}" for item in ScaleCheck), "production_owner", "business_case", "override_reason",
        ]  # fmt: skip
        assert codes(refused) == ["rationale", *REQUIRED[outcome], *(of_scale if outcome == Outcome.SCALE else [])]

    @pytest.mark.parametrize("name", ["launch_on", "next_due", "next_planned_end", "look_again_on"])
    def test_days_to_come_are_to_come(self, cast, today, now, name):
        outcome = {"launch_on": Outcome.SCALE, "look_again_on": Outcome.STOP}.get(name, Outcome.REDESIGN)
        pilot = building.awaiting(cast, today=today, now=now)
        said = {**vars(terms_of(outcome, today)), name: today - timedelta(days=1)}
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, outcome, today=today, now=now, terms=Terms(**said))
        assert codes(refused) == [name]
        decide(cast, pilot, outcome, today=today, now=now, terms=Terms(**{**said, name: today}))

    def test_a_cap_below_nothing_is_none(self, cast, today, now):
        said = {**vars(terms_of(Outcome.RESEARCH, today)), "budget_cap": Decimal(-1)}
        pilot = building.awaiting(cast, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, Outcome.RESEARCH, today=today, now=now, terms=Terms(**said))
        assert codes(refused) == ["budget_cap"]

    @pytest.mark.parametrize("outcome", Outcome)
    def test_what_a_proposal_wrote_down_is_read_again_as_it_was(self, today, outcome):
        terms = terms_of(outcome, today)
        assert Terms.from_plain(json.loads(json.dumps(terms.as_plain()))) == terms

    @pytest.mark.parametrize(
        ("changes", "field"), [({"stop_reason": "boredom"}, "stop_reason"), ({"stop_reason": "x" * 31}, "stop_reason")]
    )
    @pytest.mark.requirement(57, page="/pilots/P-0001/decide/")
    def test_a_reason_that_is_none_of_the_seven_is_refused(self, cast, today, now, changes, field):
        pilot = building.awaiting(cast, today=today, now=now)
        with pytest.raises(ValidationError) as refused:
            decide(cast, pilot, Outcome.STOP, today=today, now=now, terms=Terms(learnings="Much.", **changes))
        assert list(refused.value.error_dict) == [field]
        assert not Decision.objects.exists()
        assert not Counter.objects.filter(series="decision 2026").exists()

    def test_keeps_only_what_belongs_to_the_outcome_without_blanks_around(self, today):
        typed = Terms(
            learnings=" Much. ", launch_on=today, stop_reason="barriers_now", not_yet=" ", look_again_on=today,
            learning_goal="Left over", budget_cap=Decimal(1), dissent=" Carol ", next_due=today,
        )  # fmt: skip
        assert typed.of(Outcome.STOP) == Terms(
            learnings="Much.", stop_reason="barriers_now", look_again_on=today, dissent="Carol"
        )

    def test_a_draft_is_not_decided(self, cast, today, now):
        with pytest.raises(RefusedError) as refused:
            decide(cast, building.proposed(cast, today=today, now=now), Outcome.STOP, today=today, now=now)
        assert codes(refused) == ["not_begun"]

    def test_what_is_decided_is_not_decided_again(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, Outcome.SCALE, today=today, now=now)
        assert codes(refused) == ["no_open_round"]


class TestAuthority:
    def test_a_pilot_without_a_committee_names_who_can_clear_it(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now, committee_slug="")
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, Outcome.STOP, today=today, now=now)
        assert codes(refused) == ["no_committee"]
        assert refused.value.obstacles[0].who == "the owner or a portfolio manager"

    def test_a_chair_with_a_part_in_it_is_refused(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        assign_part(actor=None, pilot=pilot, person=cast.bob, part=Part.CHAMPION, since=today, now=now)
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, Outcome.STOP, today=today, now=now)
        assert codes(refused) == ["own_pilot"]

    def test_a_chair_who_has_left_does_not_decide(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        cast.bob.is_active = False
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, Outcome.STOP, today=today, now=now)
        assert codes(refused) == ["not_chair"]

    def test_a_committee_that_is_gone_cannot_decide(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now, committee_slug="dissolved")
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, Outcome.STOP, today=today, now=now)
        assert codes(refused) == ["not_chair"]
        assert not Committee.objects.filter(slug="dissolved").exists()


class TestRounds:
    @pytest.mark.requirement(56, 60, page="/pilots/P-0001/")
    def test_a_redesign_opens_a_draft_and_research_a_running_round(self, cast, today, now):
        redesigned = building.awaiting(cast, today=today, now=now)
        decide(cast, redesigned, Outcome.REDESIGN, today=today, now=now)
        second = Round.objects.get(pilot=redesigned, number=2)
        assert (second.state, second.purpose, second.redesign) == (RoundState.DRAFT, Purpose.PILOT, "Another team.")
        kept = building.awaiting(cast, today=today, now=now)
        decide(cast, kept, Outcome.RESEARCH, today=today, now=now)
        second = Round.objects.get(pilot=kept, number=2)
        assert (second.state, second.purpose) == (RoundState.RUNNING, Purpose.RESEARCH)
        assert (second.starts_on, second.decision_due) == (today, today + timedelta(days=90))
        assert second.budget_cap == Decimal(5000)

    @pytest.mark.requirement(60, page="/pilots/P-0001/")
    def test_research_claims_no_value_while_its_case_stays_on_record(self, cast, today, now, sign_in):
        pilot = building.awaiting(cast, today=today, now=now)
        ready_to_scale(cast, pilot, today=today, now=now)
        client, page = sign_in(cast.viewer), f"/pilots/{pilot.code}/"

        def claimed() -> tuple[bool, bool]:
            text = client.get(page).content.decode()
            return "Net present value" in text, "no value is claimed for it" in text

        assert claimed() == (True, False)
        decide(cast, pilot, Outcome.RESEARCH, today=today, now=now)
        assert claimed() == (False, True)
        assert "Net present value" in client.get(f"{page}business-case/").content.decode()

    def test_a_form_that_saw_another_round_or_version_is_stale(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now)
        seen = Round.objects.get(pilot=pilot).version
        end_work(actor=cast.alice, pilot=pilot, ended_on=today, now=now)
        for stale in ({"seen": seen, "seen_round": 1}, {"seen": None, "seen_round": 2}):
            with pytest.raises(StaleError):
                decide(cast, pilot, Outcome.STOP, today=today, now=now, **stale)
        assert decide(cast, pilot, Outcome.STOP, today=today, now=now, seen=seen + 1, seen_round=1).number

    def test_research_can_be_kept_as_research_again(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        for number in (1, 2, 3):
            decide(cast, pilot, Outcome.RESEARCH, today=today, now=now, seen_round=number)
        pilot.refresh_from_db()
        assert pilot.stage == Stage.RESEARCH
        assert Round.objects.filter(pilot=pilot).count() == 4


class TestNumbers:
    def test_have_no_gaps_whatever_was_refused_between(self, cast, today, now):
        for index in range(3):
            pilot = building.awaiting(cast, today=today, now=now)
            with pytest.raises(RefusedError):
                decide(cast, pilot, Outcome.STOP, today=today, now=now, rationale="")
            with pytest.raises(ValidationError):
                said = Terms(stop_reason="boredom", learnings="Much.")
                decide(cast, pilot, Outcome.STOP, today=today, now=now, terms=said)
            assert decide(cast, pilot, Outcome.STOP, today=today, now=now).number == f"D-2026-{index + 1:03d}"

    def test_begin_anew_each_year_and_grow_past_999(self, cast, today, now):
        Counter.objects.update_or_create(series="decision 2026", defaults={"last": 999})
        first = decide(cast, building.awaiting(cast, today=today, now=now), Outcome.STOP, today=today, now=now)
        later = today.replace(year=2027)
        second = decide(cast, building.awaiting(cast, today=today, now=now), Outcome.STOP, today=later, now=now)
        assert (first.number, second.number) == ("D-2026-1000", "D-2027-001")


class TestSnapshot:
    def test_holds_contract_clock_people_gates_and_flags(self, cast, gate_set, today, now):
        pilot = building.awaiting(cast, today=today, now=now, due=-10)
        building.report(cast, pilot, now=now, moved="Forty tried.", blocks="No one from IT.")
        criterion = Criterion.objects.select_related("gate").get(gate__number=2, number=1)
        assess_in_pilot(
            actor=cast.reviewer, pilot=pilot, criterion=criterion, finding=Finding.MET, comment="Seen.", seen=None,
            today=today, now=now,
        )  # fmt: skip
        decision = decide(cast, pilot, Outcome.STOP, today=today, now=now)
        content = json.loads(bytes(decision.snapshot))
        assert content["clock"] == {"days_undecided": 10, "cost_of_waiting": "394.52"}
        assert [gate["state"] for gate in content["gates"]] == ["not_started", "in_review"] + ["not_started"] * 4
        assert content["gates"][1]["criteria"][0]["assessor"] == "Reviewer"
        assert {person["part"] for person in content["people"]} == {"Business owner", "Executive sponsor"}
        assert content["updates"][0]["blocks"] == "No one from IT."
        event = Event.objects.get(kind="gates.decision.recorded")
        assert event.data["snapshot_sha256"] == decision.snapshot_sha256


@pytest.fixture
def recorded(cast, gate_set, today, now) -> dict[str, object]:
    """A decision and a finding, on record."""
    pilot = building.awaiting(cast, today=today, now=now)
    criterion = Criterion.objects.select_related("gate").get(gate__number=2, number=1)
    finding = assess_in_pilot(
        actor=cast.reviewer, pilot=pilot, criterion=criterion, finding=Finding.MET, comment="Seen.", seen=None,
        today=today, now=now,
    )  # fmt: skip
    return {"decision": decide(cast, pilot, Outcome.STOP, today=today, now=now), "assessment": finding}


class TestAppendOnly:
    @pytest.mark.parametrize(("which", "text"), [("decision", "rationale"), ("assessment", "comment")])
    @pytest.mark.parametrize(
        "attack",
        ["save", "delete", "update", "bulk_update", "delete_all", "upsert", "raw update", "raw delete", "truncate"],
    )
    def test_refuses(self, recorded, which, text, attack):
        row = recorded[which]
        model, table = type(row), type(row)._meta.db_table
        before = list(model.objects.values())
        setattr(row, text, "Something else.")
        attacks = {
            "save": row.save,
            "delete": row.delete,
            "update": lambda: model.objects.update(**{text: "Something else."}),
            "bulk_update": lambda: model.objects.bulk_update([row], [text]),
            "delete_all": lambda: model.objects.all().delete(),
            "upsert": lambda: model.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["id"], update_fields=[text]
            ),
            "raw update": lambda: run(f"UPDATE {table} SET {text} = 'Something else.'"),
            "raw delete": lambda: run(f"DELETE FROM {table}"),
            "truncate": lambda: run(f"TRUNCATE {table} CASCADE"),
        }
        with pytest.raises(DatabaseError), transaction.atomic():
            run("SET CONSTRAINTS ALL IMMEDIATE")
            attacks[attack]()
        assert list(model.objects.values()) == before

    def test_a_second_decision_on_a_round_meets_the_constraint(self, recorded):
        twin = Decision.objects.get()
        twin.pk, twin.number = None, "D-2026-777"
        with pytest.raises(DatabaseError, match="gates_decision_one_per_round"), transaction.atomic():
            twin.save(force_insert=True)

    def test_control_without_its_triggers_the_table_would_give_way(self, recorded):
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("ALTER TABLE gates_assessment DISABLE TRIGGER USER")
        run("UPDATE gates_assessment SET comment = 'Something else.'")
        assert Assessment.objects.get().comment == "Something else."


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
