"""The contract's pages: steps, criteria, amendments, the start."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from portfolio.agreement import agreed_contracts
from portfolio.amending import amend_contract
from portfolio.contracting import add_criterion, fill_in
from portfolio.gaps import open_gaps
from portfolio.models import Amendment, Contract, SuccessCriterion
from portfolio.questions import STEPS
from portfolio.starting import close_round, open_next_round, start_round
from portfolio.states import Purpose, Stage
from tests import building
from tests.counting import queries_of


@pytest.fixture(autouse=True)
def _the_clock_stands(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def pilot(cast, today, now):
    return building.proposed(cast, today=today, now=now)


@pytest.fixture
def alice(cast, sign_in):
    return sign_in(cast.alice)


def page(pilot, name="contract-detail", *args) -> str:
    return reverse(f"portfolio:{name}", args=[pilot.code, *args])


def start(cast, pilot, *, today, now):
    return start_round(
        actor=cast.alice, pilot=pilot, starts_on=today, planned_end=today + timedelta(days=80),
        decision_due=today + timedelta(days=90), now=now,
    )  # fmt: skip


def agreed(pilot) -> dict:
    key = pilot.open_round().pk
    return agreed_contracts([key])[key].now


TERMS = {
    "metric": "Handling time", "unit": "minutes", "kind": "business", "direction": "lower", "baseline": "55",
    "target": "30",
}  # fmt: skip


class TestSteps:
    @pytest.mark.parametrize("step", [*(step.slug for step in STEPS), "window"])
    def test_every_step_is_one_short_form_with_the_reason_why(self, pilot, alice, step):
        response = alice.get(page(pilot, "contract-step", step))
        asked = [field for field in response.context["form"] if field.name != "version"]
        assert response.status_code == 200
        assert 1 <= len(asked) <= 12
        assert all(field.help_text for field in asked if step != "window")

    @pytest.mark.requirement(1, 3, page="/pilots/P-0001/contract/then/")
    def test_what_then_is_saved_and_shown_to_all(self, cast, pilot, alice, sign_in):
        sent = alice.post(
            page(pilot, "contract-step", "then"),
            {
                "version": 0, "adopting_team": "Claims desk Lille", "integration_to_build": "Mail gateway",
                "owner_then": "Head of claims", "commitment": "yes", "committed_by": "Léa Roux, director",
                "commitment_budget": "120000", "commitment_timeline": "Second quarter",
            },
        )  # fmt: skip
        assert sent.status_code == 302
        assert (agreed(pilot)["commitment"], agreed(pilot)["commitment_budget"]) == ("yes", Decimal(120000))
        shown = sign_in(cast.viewer).get(page(pilot)).content.decode()
        assert "Claims desk Lille" in shown
        assert "Léa Roux, director" in shown

    @pytest.mark.requirement(8, 9, 13, 14, 18, 19, 20, 24, page="/pilots/P-0001/contract/")
    @pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
    def test_every_answer_is_kept_and_stands_in_the_contract(self, cast, pilot, alice, sign_in, step):
        chosen = {
            "commitment": ("no", "No"), "commitment_budget": ("1234", "1,234"),
            "data_used": ("live", "Live data"), "users_involved_in": ("testing", "Testing"),
        }  # fmt: skip
        said = {
            question.name: chosen.get(question.name, (f"Said of {question.name}.",) * 2) for question in step.questions
        }
        sent = alice.post(
            page(pilot, "contract-step", step.slug),
            {"version": 0, **{name: typed for name, (typed, _) in said.items()}},
        )
        assert sent.status_code == 302
        shown = sign_in(cast.viewer).get(page(pilot)).content.decode()
        assert [name for name, (_, text) in said.items() if text not in shown] == []

    def test_it_is_saved_while_it_is_filled_in(self, pilot, alice):
        url = page(pilot, "contract-step", "then")
        first = alice.post(url, {"version": 0, "owner_then": "tbd"}, headers={"HX-Request": "true"})
        assert (first.status_code, agreed(pilot)["owner_then"]) == (200, "tbd")
        assert "“tbd” says nothing yet." in first.content.decode()
        assert 'name="version"\n' in first.content.decode()
        second = alice.post(url, {"version": 1, "owner_then": "Head of claims"}, headers={"HX-Request": "true"})
        assert (second.status_code, agreed(pilot)["owner_then"]) == (200, "Head of claims")

    def test_of_two_editors_the_second_sees_both_texts(self, cast, pilot, alice, now):
        fill_in(actor=cast.manager, pilot=pilot, seen=0, now=now, owner_then="Head of operations")
        url = page(pilot, "contract-step", "then")
        for headers in ({}, {"HX-Request": "true"}):
            response = alice.post(url, {"version": 0, "owner_then": "Head of claims"}, headers=headers)
            assert response.status_code == 409
            assert all(text in response.content.decode() for text in ("Head of operations", "Head of claims"))
        assert agreed(pilot)["owner_then"] == "Head of operations"

    def test_the_same_text_twice_is_one_effect_and_no_conflict(self, pilot, alice):
        for _ in range(2):
            sent = alice.post(page(pilot, "contract-step", "then"), {"version": 0, "owner_then": "Ada"})
            assert sent.status_code == 302
        assert Contract.objects.get().version == 1

    def test_an_amount_that_is_none_is_refused_and_stays(self, pilot, alice):
        response = alice.post(page(pilot, "contract-step", "then"), {"version": 0, "commitment_budget": "a lot"})
        assert response.status_code == 422
        assert 'value="a lot"' in response.content.decode()

    @pytest.mark.requirement(17, page="/pilots/P-0001/contract/window/")
    def test_the_window_is_planned(self, pilot, alice, today):
        url = page(pilot, "contract-step", "window")
        days = {"version": 1, "starts_on": today, "planned_end": today, "decision_due": today - timedelta(days=1)}
        refused = alice.post(url, days)
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["decision_due"])
        assert alice.post(url, days | {"decision_due": today + timedelta(days=9)}).status_code == 302
        assert pilot.open_round().decision_due == today + timedelta(days=9)

    def test_once_started_a_step_leads_to_its_amendment(self, cast, pilot, alice, today, now):
        start(cast, pilot, today=today, now=now)
        response = alice.get(page(pilot, "contract-step", "then"))
        assert (response.status_code, response.url) == (302, page(pilot, "contract-amend", "then"))


class TestCriteria:
    @pytest.mark.requirement(11, 16, page="/pilots/P-0001/contract/criteria/add/")
    def test_one_is_added_changed_and_taken_out(self, pilot, alice):
        assert alice.post(page(pilot, "criterion-create"), TERMS).status_code == 302
        assert "Handling time" in alice.get(page(pilot)).content.decode()
        url = page(pilot, "criterion-edit", 1)
        assert alice.post(url, TERMS | {"version": 1, "target": "35"}).status_code == 302
        assert SuccessCriterion.objects.get().target == 35
        stale = alice.post(url, TERMS | {"version": 1, "target": "20"})
        assert (stale.status_code, SuccessCriterion.objects.get().target) == (409, 35)
        assert alice.post(page(pilot, "criterion-remove", 1)).status_code == 302
        assert not SuccessCriterion.objects.exists()

    def test_a_target_on_the_wrong_side_is_refused_beside_its_field(self, pilot, alice):
        response = alice.post(page(pilot, "criterion-create"), TERMS | {"target": "70"})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["target"])


class TestAmending:
    @pytest.fixture
    def started(self, cast, pilot, today, now):
        fill_in(actor=cast.alice, pilot=pilot, seen=0, now=now, adopting_team="Claims desk Lille")
        add_criterion(actor=cast.alice, pilot=pilot, now=now, metric="Handling time", target=Decimal(30))
        start(cast, pilot, today=today, now=now)
        return pilot

    @pytest.mark.requirement(12, page="/pilots/P-0001/contract/amend/then/")
    def test_the_original_stays_beside_what_changed(self, cast, started, alice):
        sent = alice.post(
            page(started, "contract-amend", "then"),
            {"version": 0, "adopting_team": "Claims desk Metz", "reason": "Lille closes.", "approver": cast.sponsor.pk},
        )
        assert sent.status_code == 302
        shown = alice.get(page(started)).content.decode()
        assert "Claims desk Metz" in shown
        assert "Originally: <s>Claims desk Lille</s>" in shown
        assert "Lille closes." in shown

    def test_a_criterion_is_amended_and_withdrawn(self, cast, started, alice):
        grounds = {"reason": "The first month taught us better.", "approver": cast.bob.pk}
        terms = {"metric": "Handling time", "kind": "business", "direction": "higher", "target": "35"}
        amend = page(started, "criterion-amend", 1)
        assert alice.post(amend, {"version": 0, **terms, **grounds}).status_code == 302
        stale = alice.post(amend, {"version": 0, **terms, **grounds, "target": "33"})
        assert stale.status_code == 409
        assert all(text in stale.content.decode() for text in ("35", "33"))
        assert alice.post(page(started, "criterion-withdraw", 1), {"version": 1, **grounds}).status_code == 302
        assert "Withdrawn." in alice.get(page(started)).content.decode()

    def test_nobody_approves_what_they_make(self, cast, started, alice):
        form = alice.get(page(started, "contract-amend", "then")).context["form"]
        offered = set(form.fields["approver"].queryset)
        assert offered == {cast.sponsor, cast.bob, cast.manager}
        response = alice.post(
            page(started, "contract-amend", "then"),
            {"version": 0, "adopting_team": "Metz", "reason": "Why not.", "approver": cast.alice.pk},
        )
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["approver"])
        assert not Amendment.objects.exists()

    def test_a_criterion_is_added_with_its_reason(self, cast, started, alice):
        terms = {"metric": "Complaints", "kind": "business", "direction": "lower"}
        response = alice.post(page(started, "criterion-create"), terms)
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason", "approver"])
        grounds = {"reason": "Asked for by the committee.", "approver": cast.manager.pk}
        assert alice.post(page(started, "criterion-create"), terms | grounds).status_code == 302
        assert "Added after the start." in alice.get(page(started)).content.decode()

    def test_filling_what_was_empty_closes_its_gap(self, cast, started, now):
        assert "owner_then" in [gap.code for gap in open_gaps(started.pk)]
        amend_contract(
            actor=cast.alice, pilot=started, approver=cast.sponsor, reason="Now known.", seen=0, now=now,
            owner_then="Head of claims",
        )  # fmt: skip
        assert "owner_then" not in [gap.code for gap in open_gaps(started.pk)]


@pytest.mark.requirement(2, page="/pilots/P-0001/start/")
def test_a_start_with_gaps_lists_them_and_asks(pilot, alice, today):
    url = page(pilot, "round-start")
    assert "What works without an owner drifts." in alice.get(url).content.decode()
    window = {"version": 1, "starts_on": today, "planned_end": today, "decision_due": today}
    refused = alice.post(url, window)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["accept_gaps"])
    assert alice.post(url, window | {"accept_gaps": "on"}).status_code == 302
    assert Contract.objects.get().frozen_on == today


def test_a_next_round_takes_over_only_what_is_asked_for(cast, pilot, alice, today, now):
    fill_in(actor=cast.alice, pilot=pilot, seen=0, now=now, adopting_team="Lille", owner_then="Ada")
    add_criterion(actor=cast.alice, pilot=pilot, now=now, metric="Handling time", measured_by=today)
    start(cast, pilot, today=today, now=now)
    close_round(actor=cast.bob, pilot=pilot, decided_on=today, stage=Stage.DRAFT, now=now)
    open_next_round(actor=cast.bob, pilot=pilot, purpose=Purpose.PILOT, now=now)
    assert agreed(pilot)["owner_then"] == ""
    fill_in(actor=cast.alice, pilot=pilot, seen=0, now=now, adopting_team="Metz")
    for step in ("then", "criteria"):
        assert alice.post(page(pilot, "contract-take-over"), {"step": step, "round": "1"}).status_code == 302
    assert (agreed(pilot)["adopting_team"], agreed(pilot)["owner_then"]) == ("Metz", "Ada")
    taken = SuccessCriterion.objects.get(round=pilot.open_round())
    assert (taken.metric, taken.measured_by) == ("Handling time", None)
    assert "Lille" in alice.get(page(pilot) + "?round=1").content.decode()
    assert alice.get(page(pilot) + "?round=9").status_code == 404


def test_the_number_of_queries_does_not_grow(cast, pilot, alice, now):
    add_criterion(actor=cast.alice, pilot=pilot, now=now, metric="Metric 0")
    few = queries_of(alice, page(pilot))
    for number in range(1, 20):
        add_criterion(actor=cast.alice, pilot=pilot, now=now, metric=f"Metric {number}")
    assert queries_of(alice, page(pilot)) == few
