"""A gate from the first claim to a conclusion with a condition, in a browser, with JavaScript and without."""

import pytest
from django.utils import timezone

from gates.evidencing import Content, add_evidence
from gates.models import Claim, Condition
from gates.states import EvidenceKind
from portfolio.models import Pilot, Standing
from portfolio.states import LampState
from tests import building
from tests.gates.preparing_for import required
from tests.gates.reviewing_for import all_required, first
from tests.journey.conftest import PASSWORD, look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast() -> building.Cast:
    now, today = timezone.now(), timezone.localdate()
    building.gate_set(now=now)
    cast = building.cast(today=today, now=now)
    building.let_sign_in(cast, PASSWORD)
    pilot = building.running(cast, today=today, now=now, risk_class="low", title="Sorting letters")
    note = Content(kind=EvidenceKind.NOTE, title="Minutes", note="We looked.")
    add_evidence(actor=cast.alice, pilot=pilot, content=note, criteria=required(pilot), today=today, now=now)
    return cast


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_gate_is_prepared_returned_answered_and_concluded_with_a_condition(cast, new_page, javascript):
    pilot = Pilot.objects.get()
    gate = f"/pilots/{pilot.code}/gates/production-data/"
    owner, reviewer = new_page(java_script_enabled=javascript), new_page(java_script_enabled=javascript)
    sign_in(owner, "alice@example.org")
    owner.goto(f"{gate}prepare/")
    for criterion in required(pilot):
        card = owner.locator(f"#criterion-{criterion.pk}")
        card.locator("textarea[name=text]").first.fill("It holds.")
        card.get_by_label("Met", exact=True).check()
        card.get_by_role("button", name="Save").click()
        if javascript:
            card.get_by_text("Saved at").wait_for()
        else:
            owner.wait_for_url(f"**/prepare/#criterion-{criterion.pk}")
    assert Claim.objects.values("criterion").distinct().count() == len(required(pilot))
    owner.goto(f"{gate}prepare/")
    if javascript:
        look(owner, "a gate to submit")
    owner.get_by_role("button", name="Submit the gate").click()
    owner.get_by_text("is submitted:").wait_for()

    sign_in(reviewer, "reviewer@example.org")
    reviewer.goto("/reviews/")
    reviewer.get_by_role("link", name="Gate 2: Production data").first.click()
    reviewer.locator("#return textarea").fill("Which mail room?")
    reviewer.get_by_role("button", name="Return the gate").click()
    reviewer.get_by_text("is back with its owner").wait_for()

    owner.goto(f"{gate}prepare/")
    assert "Which mail room?" in owner.content()
    card = owner.locator(f"#criterion-{first().pk}")
    card.locator(".thread summary").click()
    card.get_by_label("Comment on 2.1").fill("Both of them.")
    card.get_by_role("button", name="Send").click()
    owner.get_by_text("Both of them.").wait_for()
    owner.get_by_role("button", name="Submit the gate").click()
    owner.get_by_text("is submitted:").wait_for()

    all_required(cast, pilot, today=timezone.localdate(), now=timezone.now())
    reviewer.goto(gate)
    conclude = reviewer.locator("#conclude")
    conclude.get_by_label("Passed with conditions").check()
    conclude.get_by_label("What has to be done").first.fill("Try the second mail room for a week.")
    conclude.get_by_label("By whom").first.select_option(label="Alice")
    conclude.get_by_label("Until").first.fill("2099-01-31")
    if javascript:
        look(reviewer, "a gate to conclude with a condition")
    reviewer.get_by_role("button", name="Conclude the gate").click()
    reviewer.get_by_text("is concluded: passed with conditions").wait_for()
    assert Condition.objects.get().owner == cast.alice
    assert Standing.objects.get().lamps[1] == LampState.CONDITIONAL
    owner.goto("/portfolio/")
    assert "Gate 2: Passed with conditions" in owner.content()
