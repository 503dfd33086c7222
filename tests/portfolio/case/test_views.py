"""The pages of the business case: reading it, writing it line by line, submitting it."""

import re
import uuid

import pytest

from portfolio.case_sheet import draft_of, sheet_of
from portfolio.costing import edit_cost, start_case
from portfolio.models import BusinessCase, CostLine
from portfolio.states import CostKind
from tests import building
from tests.counting import queries_of
from tests.portfolio.case.building import complete_case, drafted_case, six, submitted_case

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def pilot(cast, today, now):
    return building.awaiting(cast, today=today, now=now, cost_so_far=10000)


@pytest.fixture
def alice(cast, sign_in):
    return sign_in(cast.alice)


def at(pilot, rest: str = "") -> str:
    return f"{pilot.get_absolute_url()}business-case/{rest}"


def cost_form(pilot, kind: str = "integrations", **changes) -> dict[str, str]:
    """What the browser sends for a cost line."""
    line = CostLine.objects.get(case=draft_of(pilot), kind=kind)
    return {"version": str(line.version), "reason": line.reason, **changes}


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace("\N{NO-BREAK SPACE}", " ")


class TestReading:
    def test_says_what_it_comes_to(self, cast, pilot, now, sign_in):
        submitted_case(cast, pilot, now=now)
        text = text_of(sign_in(cast.viewer).get(at(pilot)))
        # 20,000 a year for three years at 5 percent: 54,465 less 30,000.
        assert "Net present value \N{MINUS SIGN}30,937 24,465 50,804" in text
        assert "Paid back not within 3 years 1.5 years 0.8 years" in text
        assert "3.0 times what the pilot has cost" in text

    def test_is_kind_where_there_is_none(self, cast, pilot, alice, sign_in):
        assert "Begin the business case" in text_of(alice.get(at(pilot)))
        other = text_of(sign_in(cast.viewer).get(at(pilot)))
        assert "No business case yet" in other
        assert "Begin the business case" not in other

    def test_a_version_that_is_not_there_is_not_there(self, cast, pilot, now, alice):
        submitted_case(cast, pilot, now=now)
        assert alice.get(at(pilot, "?version=1")).status_code == 200
        assert {alice.get(at(pilot, f"?version={odd}")).status_code for odd in ("2", "0", "x", "")} == {404}

    def test_readers_get_the_submitted_version_while_the_next_is_written(self, cast, pilot, now, sign_in):
        submitted_case(cast, pilot, now=now)
        start_case(actor=cast.alice, pilot=pilot, now=now)
        text = text_of(sign_in(cast.viewer).get(at(pilot)))
        assert "Business case, version 1" in text
        assert "Version 2 is being written" in text

    def test_takes_as_many_queries_whatever_it_holds(self, cast, pilot, now, alice):
        submitted_case(cast, pilot, now=now)
        start_case(actor=cast.alice, pilot=pilot, now=now)
        pages = [at(pilot, "?version=2"), at(pilot, "edit/"), pilot.get_absolute_url()]
        one = [queries_of(alice, page) for page in pages]
        for number in range(6):
            alice.post(at(pilot, "benefits/add/"), {"name": f"Benefit {number}", "kind": "risk"})
            alice.post(at(pilot, "assumptions/add/"), {"statement": f"Assumption {number}"})
        assert [queries_of(alice, page) for page in pages] == one


class TestWriting:
    def test_begins_with_eight_lines(self, pilot, alice):
        response = alice.post(at(pilot, "begin/"), {"form_key": str(uuid.uuid4())})
        assert response.headers["Location"] == at(pilot, "edit/")
        text = alice.get(at(pilot, "edit/")).content.decode()
        assert [kind for kind in CostKind if f'id="cost-{kind}"' in text] == list(CostKind)

    def test_saves_a_line_in_the_readers_format(self, cast, pilot, now, alice):
        drafted_case(cast, pilot, now=now)
        form = cost_form(pilot, one_off_low="1 200,50", one_off_likely="2,000", one_off_high="3.000,75")
        response = alice.post(at(pilot, "costs/integrations/"), form)
        assert response.headers["Location"] == at(pilot, "edit/#cost-integrations")
        assert sheet_of(draft_of(pilot)).cost("integrations").figures() == six(
            "1200.50", 2000, "3000.75", None, None, None
        )
        assert 'value="1,200.50"' in alice.get(at(pilot, "edit/")).content.decode()

    def test_saves_by_itself_and_answers_with_the_state_alone(self, cast, pilot, now, alice):
        drafted_case(cast, pilot, now=now)
        response = alice.post(at(pilot, "costs/data/"), cost_form(pilot, "data", yearly_likely="900"), headers=HTMX)
        assert response.status_code == 200
        assert response.headers["HX-Trigger"] == '{"caseChanged": {}}'
        assert 'name="version"' in response.content.decode()
        assert "<h1" not in response.content.decode()
        # saved again with the version of the answer, as the browser does
        again = alice.post(at(pilot, "costs/data/"), cost_form(pilot, "data", yearly_likely="950"), headers=HTMX)
        assert again.status_code == 200

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
    def test_names_the_line_and_the_field_that_cannot_be(self, cast, pilot, now, alice, headers):
        drafted_case(cast, pilot, now=now)
        form = cost_form(pilot, one_off_low="500", one_off_likely="400", yearly_low="1.200")
        response = alice.post(at(pilot, "costs/integrations/"), form, headers=headers)
        assert response.status_code == 422
        assert "“1.200” can be read as 1200 or as 1.200" in text_of(response)
        form = cost_form(pilot, one_off_low="500", one_off_likely="400")
        response = alice.post(at(pilot, "costs/integrations/"), form, headers=headers)
        assert response.status_code == 422
        assert "Integrations, once: the low figure is above the likely one." in text_of(response)
        if not headers:
            assert 'value="500"' in response.content.decode()

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
    def test_who_comes_second_sees_both_texts(self, cast, pilot, now, alice, headers):
        drafted_case(cast, pilot, now=now)
        form = cost_form(pilot, one_off_likely="400")
        edit_cost(
            actor=cast.manager, pilot=pilot, kind=CostKind.INTEGRATIONS, seen=None, now=now,
            **six(None, 777, None, None, None, None),
        )  # fmt: skip
        response = alice.post(at(pilot, "costs/integrations/"), form, headers=headers)
        assert response.status_code == 409
        text = response.content.decode()
        assert "Manager saved this" in text
        assert "777" in text
        assert 'value="400"' in text
        assert CostLine.objects.get(case=draft_of(pilot), kind="integrations").one_off_likely == 777

    def test_adds_once_however_often_it_is_posted(self, cast, pilot, now, alice):
        drafted_case(cast, pilot, now=now)
        form = {"name": "Shorter waits", "kind": "revenue", "form_key": str(uuid.uuid4())}
        answers = {alice.post(at(pilot, "benefits/add/"), form).headers["Location"] for _ in range(2)}
        assert answers == {at(pilot, "edit/#benefit-2")}
        assert [line.name for line in sheet_of(draft_of(pilot)).benefits] == ["Fewer letters by hand", "Shorter waits"]
        assert alice.post(at(pilot, "benefits/2/remove/")).headers["Location"] == at(pilot, "edit/#benefits")
        assert [line.name for line in sheet_of(draft_of(pilot)).benefits] == ["Fewer letters by hand"]

    def test_an_addition_without_words_is_refused_where_it_was_made(self, cast, pilot, now, alice):
        drafted_case(cast, pilot, now=now)
        assert alice.post(at(pilot, "benefits/add/"), {"name": "", "kind": "risk"}).status_code == 422
        assert alice.post(at(pilot, "assumptions/add/"), {"statement": ""}).status_code == 422

    def test_keeps_what_was_typed_of_the_plans(self, cast, pilot, now, alice):
        drafted_case(cast, pilot, now=now)
        form = {"horizon_years": "12", "discount_rate": "7,5", "integration_plan": "One queue.", "version": "1"}
        response = alice.post(at(pilot, "edit/"), form)
        assert response.status_code == 422
        assert "One queue." in response.content.decode()
        response = alice.post(at(pilot, "edit/"), {**form, "horizon_years": "5", "security_review": "yes"})
        assert response.status_code == 302
        case = draft_of(pilot)
        assert (case.horizon_years, str(case.discount_rate), case.integration_plan, case.launch_answers) == (
            5, "7.50", "One queue.", {"security_review": True},
        )  # fmt: skip

    def test_live_totals_come_alone(self, cast, pilot, now, alice):
        complete_case(cast, pilot, now=now)
        response = alice.get(at(pilot, "submit/"), headers=HTMX)
        assert "EUR 24,465" in text_of(response)
        assert "<h1" not in response.content.decode()


class TestSubmitting:
    def test_submits_what_was_seen(self, cast, pilot, now, alice):
        case = complete_case(cast, pilot, now=now)
        response = alice.post(at(pilot, "submit/"), {"version": str(case.changes), "form_key": str(uuid.uuid4())})
        assert response.headers["Location"] == at(pilot)
        assert BusinessCase.objects.get(pilot=pilot).state == "submitted"

    def test_a_change_in_between_is_looked_at_first(self, cast, pilot, now, alice):
        case = complete_case(cast, pilot, now=now)
        edit_cost(actor=cast.manager, pilot=pilot, kind=CostKind.DATA, seen=None, now=now, reason="Clean already.")
        response = alice.post(at(pilot, "submit/"), {"version": str(case.changes)})
        assert response.status_code == 409
        assert "Somebody changed the case" in text_of(response)
        assert draft_of(pilot) is not None

    def test_lists_everything_that_is_missing(self, cast, pilot, now, alice):
        case = drafted_case(cast, pilot, now=now)
        response = alice.post(at(pilot, "submit/"), {"version": str(BusinessCase.objects.get(pk=case.pk).changes)})
        assert response.status_code == 422
        text = text_of(response)
        assert "Integrations cost nothing here" in text
        assert "Who is accountable after the launch is not written down." in text
        assert "No benefit has figures yet." in text
