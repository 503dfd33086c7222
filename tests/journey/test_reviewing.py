"""A reviewer's work in a real browser: criteria that save by themselves, two texts after a lost update, concluding."""

import pytest
from django.utils import timezone

from gates.models import Assessment, Criterion, GateReview
from gates.reviewing import assess_in_pilot
from gates.states import Finding
from portfolio.models import Pilot
from tests import building
from tests.journey.conftest import PASSWORD, look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pilot() -> Pilot:
    now, today = timezone.now(), timezone.localdate()
    building.gate_set(now=now)
    cast = building.cast(today=today, now=now)
    building.let_sign_in(cast, PASSWORD)
    return building.running(cast, today=today, now=now, risk_class="low", title="Sorting letters")


def state_of(number: int) -> str:
    return f"#criterion-{Criterion.objects.get(gate__number=2, number=number).pk}-state"


def test_criteria_save_by_themselves_until_the_gate_can_be_concluded(pilot, new_page):
    page = new_page()
    sign_in(page, "reviewer@example.org")
    page.goto(f"/pilots/{pilot.code}/gates/production-data/")
    look(page, "a gate to review")
    conclude = page.get_by_role("button", name="Conclude the gate")
    assert conclude.is_disabled()

    required = list(Criterion.objects.filter(gate__number=2, mandatory_from="low").order_by("number"))
    one = page.locator(f"#criterion-{required[0].pk}")
    one.get_by_label("Not met").check()
    page.locator(state_of(1)).get_by_text("Say why it is not met.").wait_for()
    assert not Assessment.objects.exists()
    one.locator("textarea[name=comment]").press_sequentially("No log is kept.", delay=20)
    one.get_by_text("Saved at").wait_for()
    page.locator(state_of(1)).get_by_text("Not met").wait_for()
    assert one.locator("textarea[name=comment]").input_value() == "No log is kept."
    assert one.locator("textarea[name=comment]").evaluate("box => box === document.activeElement")

    for criterion in required[1:]:
        page.locator(f"#criterion-{criterion.pk}").get_by_label("Met", exact=True).check()
        page.locator(f"#criterion-{criterion.pk}").get_by_text("Saved at").wait_for()
    page.get_by_text("In the way of passing without conditions").wait_for()
    page.locator("#readiness button:not([disabled])").wait_for()
    look(page, "a gate to conclude")
    assert [finding.comment for finding in Assessment.objects.filter(criterion=required[0])][-1] == "No log is kept."

    page.locator("#conclude").get_by_label("Not passed").check()
    page.locator("#conclude [name=conclusion]").fill("A log of three weeks is missing.")
    conclude.click()
    page.get_by_text("is concluded: not passed").wait_for()
    assert GateReview.objects.get().conclusion == "A log of three weeks is missing."
    look(page, "a concluded gate")


def test_a_lost_update_shows_both_texts_and_lets_one_choose(pilot, new_page):
    page = new_page()
    sign_in(page, "reviewer@example.org")
    page.goto(f"/pilots/{pilot.code}/gates/production-data/")
    criterion = Criterion.objects.select_related("gate").get(gate__number=2, number=1)
    reviewer = building.User.objects.get(email="reviewer@example.org")
    assess_in_pilot(
        actor=reviewer, pilot=pilot, criterion=criterion, finding=Finding.NOT_MET, comment="Saved at another desk.",
        seen=None, today=timezone.localdate(), now=timezone.now(),
    )  # fmt: skip
    section = page.locator(f"#criterion-{criterion.pk}")
    section.locator("textarea[name=comment]").fill("Typed here.")
    section.get_by_label("Met", exact=True).check()
    section.get_by_text("Saved at another desk.").wait_for()
    look(page, "both texts")
    section.get_by_role("button", name="Save mine").click()
    page.locator(state_of(1)).get_by_text("Met", exact=True).wait_for()
    assert Assessment.objects.latest("pk").comment == "Typed here."
    page.locator(state_of(1)).get_by_text("Found before (1)").wait_for()
