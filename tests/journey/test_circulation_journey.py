"""A decision by circulation, without JavaScript: put to the vote, voted on, recorded with its dissent."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gates.models import Committee
from gates.states import MajorityRule
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
    Committee.objects.update(majority_rule=MajorityRule.SIMPLE, quorum=2)
    return building.awaiting(cast, today=today, now=now, title="Sorting letters")


@pytest.mark.requirement(35, 53, page="/pilots/P-0001/proposals/1/")
def test_a_vote_in_writing_from_proposal_to_record(pilot, new_page):
    bob = new_page(java_script_enabled=False)
    sign_in(bob, "bob@example.org")
    bob.goto(f"/pilots/{pilot.code}/decide/")
    bob.get_by_label("Stop: it ends here").check()
    bob.locator("[name=rationale]").fill("Too few letters.")
    bob.locator("[name=stop_reason]").select_option("users_do_not_need_it")
    bob.locator("[name=learnings]").fill("Ask first.")
    bob.locator("[name=closes_at]").fill(f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}")
    bob.get_by_role("button", name="Put it to the vote").click()
    bob.wait_for_url("**/proposals/*/")

    carol = new_page(java_script_enabled=False)
    sign_in(carol, "carol@example.org")
    carol.goto(bob.url)
    carol.get_by_label("Against").check()
    carol.get_by_role("button", name="Vote", exact=True).click()
    carol.get_by_text("Say why, in your own words").first.wait_for()
    carol.locator("form[action$='/vote/'] [name=reason]").fill("One more month would tell.")
    carol.get_by_role("button", name="Vote", exact=True).click()
    carol.get_by_text("Your vote is recorded.").wait_for()

    bob.reload()
    bob.get_by_label("For", exact=True).check()
    bob.get_by_role("button", name="Vote", exact=True).click()
    bob.get_by_role("button", name="Record the decision").click()
    bob.wait_for_url("**/decisions/*/")
    bob.get_by_text("Carol: One more month would tell.").wait_for()


def test_the_decision_page_suffices_and_prints_on_one_sheet(pilot, new_page):
    page = new_page()
    sign_in(page, "bob@example.org")
    page.goto(f"/pilots/{pilot.code}/decide/")
    page.get_by_label("Scale: it goes into production").check()
    look(page, "deciding")
    page.emulate_media(media="print")
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))) == 1
