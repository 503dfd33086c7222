"""Writing a business case: what is refused, what is asked, what freezes, what the next version shows."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from portfolio.business_case import case_at, case_of, cases_of
from portfolio.case_checks import questions
from portfolio.case_difference import difference
from portfolio.case_sheet import draft_of, sheet_of, versions_of
from portfolio.costing import (
    add_benefit,
    edit_benefit,
    edit_cost,
    edit_frame,
    remove_benefit,
    start_case,
    submit_case,
)
from portfolio.models import BusinessCase, CostLine
from portfolio.states import BenefitKind, CostKind, TimelineClass
from tests import building
from tests.portfolio.case.building import complete_case, drafted_case, six, submitted_case


@pytest.fixture
def pilot(cast, today, now):
    """A pilot that has cost 10,000."""
    return building.awaiting(cast, today=today, now=now, cost_so_far=Decimal(10000))


@pytest.fixture
def cost(cast, pilot, now):
    """Return a function that changes a cost line of the draft."""

    def edit(kind=CostKind.INTEGRATIONS, *, seen=None, **facts):
        return edit_cost(actor=cast.alice, pilot=pilot, kind=kind, seen=seen, now=now, **facts)

    return edit


@pytest.fixture
def submit(cast, pilot, now):
    """Return a function that submits the draft."""
    return lambda: submit_case(actor=cast.alice, pilot=pilot, seen=None, now=now)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


class TestWriting:
    @pytest.mark.requirement(62, page="/pilots/P-0001/business-case/edit/")
    def test_has_the_eight_lines_with_six_figures_each(self, cast, pilot, now):
        case = start_case(actor=cast.alice, pilot=pilot, now=now)
        lines = sheet_of(case).costs
        assert [line.label for line in lines] == [
            "Integrations", "Data", "Security", "Training", "Monitoring", "Maintenance", "Governance", "Manager time",
        ]  # fmt: skip
        assert all(line.is_empty for line in lines)

    def test_one_version_is_written_at_a_time(self, cast, pilot, now):
        start_case(actor=cast.alice, pilot=pilot, now=now)
        with pytest.raises(RefusedError, match="Version 1 is being written already"):
            start_case(actor=cast.alice, pilot=pilot, now=now)

    @pytest.mark.parametrize(
        ("figures", "expected"),
        [
            (six(3, 2, 4, 0, 0, 0), {"one_off_low"}),
            (six(1, 5, 4, 9, None, 3), {"one_off_likely", "yearly_low"}),
            (six(-1, 0, 0, None, None, -2), {"one_off_low", "yearly_high"}),
        ],
    )
    def test_figures_out_of_order_or_below_zero_are_named(self, cast, pilot, now, cost, figures, expected):
        drafted_case(cast, pilot, now=now)
        with pytest.raises(RefusedError) as refused:
            cost(**figures)
        assert set(codes(refused)) == expected
        assert all(obstacle.what.startswith("Integrations, ") for obstacle in refused.value.obstacles)

    def test_a_line_changed_by_two_keeps_the_first_text(self, cast, pilot, now, cost):
        drafted_case(cast, pilot, now=now)
        cost(seen=1, reason="One queue.")
        with pytest.raises(StaleError):
            cost(seen=1, reason="Two queues.")
        assert cost(seen=1, reason="One queue.").version == 2  # what is there already is no change
        assert CostLine.objects.get(case=draft_of(pilot), kind="integrations").reason == "One queue."

    def test_tells_the_trail_what_was_before(self, cast, pilot, now, cost):
        drafted_case(cast, pilot, now=now)
        cost(yearly_likely=Decimal(7))
        event = Event.objects.order_by("-sequence").first()
        assert (event.kind, event.scope, event.data) == (
            "portfolio.business_case.cost_edited",
            pilot.scope,
            {"line": "Integrations", "before": {"yearly_likely": None}, "after": {"yearly_likely": "7"}},
        )

    @pytest.mark.parametrize("stage", ["in_production", "stopped", "retired"])
    def test_nothing_is_written_once_the_pilot_is_launched_or_ended(self, cast, pilot, now, cost, stage):
        drafted_case(cast, pilot, now=now)
        type(pilot).objects.filter(pk=pilot.pk).update(stage=stage)
        with pytest.raises(RefusedError, match="stays as it was decided on"):
            cost(reason="Late.")

    def test_without_a_draft_there_is_nothing_to_write_in(self, pilot, cost):
        with pytest.raises(RefusedError, match="No version of the business case is being written"):
            cost(reason="Early.")

    def test_a_place_is_never_given_twice(self, cast, pilot, now):
        drafted_case(cast, pilot, now=now)
        facts = {"actor": cast.alice, "pilot": pilot, "now": now}
        submitted_like = add_benefit(**facts, name="Two", kind=BenefitKind.RISK)
        assert submitted_like.place == 2
        remove_benefit(**facts, place=1)
        remove_benefit(**facts, place=1)
        assert add_benefit(**facts, name="Three", kind=BenefitKind.RISK).place == 3


class TestSubmitting:
    @pytest.mark.requirement(61, page="/pilots/P-0001/business-case/edit/")
    def test_refuses_with_everything_that_is_missing(self, cast, pilot, now, submit):
        start_case(actor=cast.alice, pilot=pilot, now=now)
        with pytest.raises(RefusedError) as refused:
            submit()
        assert codes(refused) == [
            "integration_plan", "adoption_plan", "accountability", "measurement", "confidence",
            "no_integrations", "no_benefit", "no_assumption",
        ]  # fmt: skip
        assert all(
            obstacle.url.startswith(f"{pilot.get_absolute_url()}business-case/edit/#")
            for obstacle in refused.value.obstacles
        )

    @pytest.mark.requirement(64, page="/pilots/P-0001/business-case/edit/")
    @pytest.mark.parametrize("figures", [six(*[None] * 6), six(*[0] * 6)], ids=["empty", "zero"])
    def test_no_integration_cost_needs_a_justification(self, cast, pilot, now, cost, submit, figures):
        complete_case(cast, pilot, now=now)
        cost(**figures)
        with pytest.raises(RefusedError) as refused:
            submit()
        assert codes(refused) == ["no_integrations"]
        cost(reason="0 because the list goes out by mail.")
        assert submit().state == "submitted"

    def test_a_figure_left_out_is_named(self, cast, pilot, now, cost, submit):
        complete_case(cast, pilot, now=now)
        cost(CostKind.DATA, one_off_likely=Decimal(5))
        with pytest.raises(RefusedError, match="Data, once: the low and the high figure is missing"):
            submit()

    @pytest.mark.parametrize(
        ("facts", "code"),
        [({"kind": BenefitKind.CAPACITY}, "becomes"), ({"starts_in": 4}, "starts_late")],
    )
    def test_a_benefit_is_asked_what_it_becomes_and_when(self, cast, pilot, now, submit, facts, code):
        complete_case(cast, pilot, now=now)
        edit_benefit(actor=cast.alice, pilot=pilot, place=1, seen=None, now=now, **facts)
        with pytest.raises(RefusedError) as refused:
            submit()
        assert codes(refused) == [code]

    @pytest.mark.requirement(63, page="/pilots/P-0001/business-case/")
    @pytest.mark.parametrize(
        ("once", "asked", "blocks"),
        [
            (29999, "few_times", False), (30000, None, False), (50000, None, False), (50001, "many_times", True),
        ],
    )  # fmt: skip
    def test_production_is_compared_with_the_pilot(self, cast, pilot, now, submit, once, asked, blocks):
        case = complete_case(cast, pilot, now=now, once=once)
        found = {question.code for question in questions(sheet_of(case))} & {"few_times", "many_times", "pilot_cost"}
        assert found == ({asked} if asked else set())
        if blocks:
            with pytest.raises(RefusedError, match="Over five times asks for an explanation"):
                submit()
            edit_frame(actor=cast.alice, pilot=pilot, seen=None, now=now, build_explanation="Two old systems.")
        assert submit().pilot_cost == 10000

    def test_a_pilot_whose_cost_nobody_knows_is_asked_for_it(self, cast, pilot, now):
        type(pilot).objects.filter(pk=pilot.pk).update(cost_so_far=None)
        complete_case(cast, pilot, now=now)
        assert [question.code for question in questions(sheet_of(draft_of(pilot)))] == [
            "pilot_cost", "silent", "conditions",
        ]  # fmt: skip

    def test_nothing_said_and_nothing_for_no_reason_are_two_questions(self, cast, pilot, now, cost):
        case = complete_case(cast, pilot, now=now)
        cost(CostKind.DATA, **six(*[0] * 6))
        cost(CostKind.SECURITY, reason="Done in the pilot, and paid.", **six(*[0] * 6))
        said = {question.code: question.what for question in questions(sheet_of(case))}
        assert said["silent"].startswith("Nothing is said about training, monitoring, maintenance, governance and man")
        assert said["bare_zero"] == "Zero without a reason: data. Why does it cost nothing?"


ATTACKS = {
    "figures": "UPDATE portfolio_costline SET yearly_likely = 1 WHERE case_id = {case}",
    "a cost less": "DELETE FROM portfolio_costline WHERE case_id = {case}",
    "a benefit more": "INSERT INTO portfolio_benefitline (case_id, place, name, kind, starts_in, becomes, version)"
    " VALUES ({case}, 9, 'x', 'risk', 1, '', 1)",
    "a line moved in": "UPDATE portfolio_benefitline SET case_id = {case}, place = 9 WHERE case_id <> {case}",
    "a line moved out": "UPDATE portfolio_benefitline SET case_id = {other}, place = place + 20 WHERE case_id = {case}",
    "assumptions": "UPDATE portfolio_assumption SET statement = 'x' WHERE case_id = {case}",
    "rate": "UPDATE portfolio_businesscase SET discount_rate = 0 WHERE id = {case}",
    "back to draft": "UPDATE portfolio_businesscase SET state = 'draft', submitted_at = NULL WHERE id = {case}",
    "gone": "DELETE FROM portfolio_businesscase WHERE id = {case}",
    "all gone": "TRUNCATE portfolio_costline",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_submitted_version_refuses_raw_sql(cast, pilot, now, today, attack):
    case = submitted_case(cast, pilot, now=now)
    other = drafted_case(cast, building.awaiting(cast, today=today, now=now), now=now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ATTACKS[attack].format(case=case.pk, other=other.pk))


def test_a_draft_does_not_refuse_them(cast, pilot, now, today):
    """The control: the same statements go through while the version is a draft."""
    case = drafted_case(cast, pilot, now=now)
    other = drafted_case(cast, building.awaiting(cast, today=today, now=now), now=now)
    with connection.cursor() as cursor:
        for name in ("figures", "a benefit more", "a line moved out", "assumptions", "rate", "a cost less"):
            cursor.execute(ATTACKS[name].format(case=case.pk, other=other.pk))


class TestVersions:
    @pytest.mark.requirement(65, page="/pilots/P-0001/business-case/")
    def test_the_next_version_is_a_copy_and_shows_what_changed(self, cast, pilot, now, cost):
        first = submitted_case(cast, pilot, now=now)
        second = start_case(actor=cast.alice, pilot=pilot, now=now)
        assert difference(sheet_of(first), sheet_of(second)) == []
        cost(yearly_likely=Decimal(6000))
        edit_benefit(actor=cast.alice, pilot=pilot, place=1, seen=None, now=now, name="Fewer letters")
        add_benefit(actor=cast.alice, pilot=pilot, now=now, name="Fewer errors", kind=BenefitKind.RISK)
        edit_frame(actor=cast.alice, pilot=pilot, seen=None, now=now, horizon_years=3, discount_rate=Decimal(0))
        changes = difference(sheet_of(first), sheet_of(draft_of(pilot)))
        assert [(change.line, change.what, change.change) for change in changes if change.line != "Result"] == [
            ("The whole", "discount rate in percent", None),
            ("Integrations", "every year", Decimal(1000)),
            ("Fewer letters", "name", None),
            ("Fewer errors", "the whole line", None),
        ]
        # 30,000 less 3 x 1,000; at no rate the present value is the same: 27,000 against 24,464.96
        result = {change.what: (round(change.old), round(change.new)) for change in changes if change.line == "Result"}
        assert result == {"net value, likely": (30000, 27000), "net present value, likely": (24465, 27000)}

    def test_the_case_that_stands_is_the_latest_submitted(self, cast, pilot, now, today, django_assert_num_queries):
        first = submitted_case(cast, pilot, now=now)
        start_case(actor=cast.alice, pilot=pilot, now=now)
        other = building.awaiting(cast, today=today, now=now, cost_so_far=Decimal(1))
        submitted_case(cast, building.awaiting(cast, today=today, now=now), now=now)
        found = case_of(pilot)
        assert (found.number, found.investment, round(found.net_present_value)) == (1, 30000, 24465)
        assert case_of(other) is None
        assert case_at(pilot, first.submitted_at) == found
        assert case_at(pilot, first.created_at.replace(year=2020)) is None
        pilots = list(type(pilot).objects.values_list("pk", flat=True))
        with django_assert_num_queries(4):
            assert len(cases_of(pilots)) == 2
        assert [version.number for version in versions_of(pilot)] == [2, 1]

    def test_says_for_a_snapshot_what_it_came_to(self, cast, pilot, now):
        submitted_case(cast, pilot, now=now)
        plain = case_of(pilot).as_plain()
        assert plain["likely"] == {
            "investment": Decimal("30000.00"), "net_value": Decimal("30000.00"),
            "net_present_value": Decimal("24464.96"), "payback_years": Decimal("1.50"),
        }  # fmt: skip
        assert plain["integration_plan"] == "One queue of the letter system."

    def test_keeps_the_conditions_and_the_class_as_they_stood(self, cast, pilot, now, submit):
        complete_case(cast, pilot, now=now)
        edit_frame(actor=cast.alice, pilot=pilot, seen=None, now=now, launch_answers={"sponsor_authority": True})
        case = submit()
        # told: sponsor; from the file: path and plan are in the case, no vendor, no process owner
        assert case.launch_answers == {
            "sponsor_authority": True, "integration_path": True, "change_plan": True, "vendor_contract": True,
            "process_owner": False,
        }  # fmt: skip
        assert case.timeline_class == TimelineClass.TYPICAL
        type(pilot).objects.filter(pk=pilot.pk).update(vendor="Corvane")
        assert sheet_of(BusinessCase.objects.get(pk=case.pk)).timeline == TimelineClass.TYPICAL
