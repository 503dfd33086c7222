"""The thread through the whole house, walked in a real browser."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.delivering import deliver_due
from gates.composing import compose_due
from gates.models import Decision, Flag
from gates.scanning import scan
from portfolio.models import Pilot
from tests import building
from tests.journey.conftest import PASSWORD, come_in, look, look_every_way, sign_in
from tests.remembering import remembered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def portfolio() -> building.Cast:
    """Three pilots that wait for a decision, two that do not; everybody has a password."""
    return remembered("the portfolio of the thread", _portfolio)


def _portfolio() -> building.Cast:
    now, today = timezone.now(), timezone.localdate()
    building.gate_set(now=now)
    cast = building.cast(today=today, now=now)
    for title, due in (("Reading survey reports", -120), ("Sorting letters", -40), ("Answering at night", -3)):
        building.awaiting(cast, today=today, now=now, started=200, due=due, title=title)
    building.running(cast, today=today, now=now, due=30, title="Notes for small claims")
    building.proposed(cast, today=today, now=now, title="Photos of hail damage")
    building.let_sign_in(cast, PASSWORD)
    scan(actor=None, today=today, now=now)
    return cast


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_chair_decides_and_the_flag_goes(portfolio, new_page, javascript):
    page = new_page(java_script_enabled=javascript)
    sign_in(page, "bob@example.org")
    page.get_by_role("link", name="Drift", exact=True).first.click()
    page.wait_for_url("**/drift/")
    page.get_by_role("link", name="Reading survey reports").first.click()
    page.wait_for_url("**/pilots/P-*/")
    assert page.locator(".clock-days").inner_text().startswith("120")
    page.get_by_role("link", name="Record a decision").first.click()

    page.get_by_label("Stop: it ends here").check()
    page.get_by_label("Why", exact=True).fill("Too few reports come in to carry what production would cost.")
    page.locator("[name=stop_reason]:visible").select_option("not_worth_production_cost")
    page.locator("[name=learnings]:visible").fill("Ask for the yearly volume before anything else.")
    page.get_by_role("button", name="Record the decision").click()
    if javascript and page.locator("dialog[open]").count():
        page.locator("dialog[open] #confirm-verb").click()
    page.wait_for_url("**/decisions/D-*/")
    assert "Too few reports come in" in page.content()

    decision = Decision.objects.get()
    pilot = decision.round.pilot
    assert (pilot.title, pilot.stage) == ("Reading survey reports", "stopped")
    assert Flag.objects.filter(pilot=pilot, closed_on=None).exists()
    scan(actor=None, today=timezone.localdate(), now=timezone.now())
    assert not Flag.objects.filter(pilot=pilot, closed_on=None).exists()
    page.goto("/drift/")
    assert "Reading survey reports" not in page.content()
    assert "Sorting letters" in page.content()


def test_the_digest_says_what_waits(portfolio, new_page):
    monday = _next_monday(timezone.now())
    compose_due(now=monday)
    deliver_due(now=monday)
    page = new_page()
    sign_in(page, "administrator@example.org")
    page.goto("/settings/mail/")
    look(page, "mail")
    page.get_by_role("link", name="3 pilots").first.click()
    page.wait_for_url("**/settings/mail/*/")
    assert "Reading survey reports" in page.content()
    look(page, "mail-detail")


PAGES = {
    "bob": ["/", "/portfolio/", "/drift/", "/decisions/", "/reviews/", "/committees/steering/", "/account/",
            "/pilots/P-0001/decide/"],
    "alice": ["/", "/portfolio/propose/", "/pilots/P-0004/", "/pilots/P-0004/edit/", "/pilots/P-0004/people/",
              "/pilots/P-0004/status/", "/pilots/P-0004/status/new/",
              "/pilots/P-0005/start/", "/pilots/P-0004/history/",
              "/pilots/P-0004/contract/", "/pilots/P-0005/contract/then/", "/pilots/P-0004/measures/",
              "/pilots/P-0004/build/", "/pilots/P-0004/change/", "/pilots/P-0004/change/edit/",
              "/pilots/P-0004/business-case/", "/pilots/P-0004/evidence/", "/pilots/P-0004/evidence/add/",
              "/pilots/P-0004/gates/business-ownership/prepare/"],
    "reviewer": ["/", "/reviews/", "/pilots/P-0001/gates/business-ownership/"],
    "administrator": ["/", "/settings/", "/settings/people/", "/settings/units/", "/settings/rules/",
                      "/settings/jobs/", "/settings/mail/"],
    "manager": ["/", "/portfolio/import/"],
    "somebody": ["/account/login/", "/account/password/reset/"],
}  # fmt: skip


@pytest.mark.parametrize("who", PAGES)
def test_every_page_can_be_read_by_everybody(portfolio, new_page, who):
    """Axe: no serious or critical finding; nothing wider than the window; no complaint of the browser."""
    page = new_page()
    if who != "somebody":
        come_in(page, getattr(portfolio, who))
    for path in PAGES[who]:
        answered = page.goto(path)
        assert answered.status == 200, path
        look_every_way(page, f"{path.replace('/', '_')}{who}")


def test_an_owner_proposes_and_starts(portfolio, new_page):
    page = new_page()
    sign_in(page, "charlie@example.org")
    page.goto("/portfolio/propose/")
    page.get_by_label("Title").fill("Finding duplicate invoices")
    page.locator("select[name=unit]").select_option(label="Claims")
    page.get_by_role("button", name="Propose").click()
    page.get_by_role("link", name="Start round 1").click()
    page.get_by_label("Start it with these gaps").check()
    page.get_by_role("button", name="Start the round").click()
    page.wait_for_url("**/pilots/P-*/")
    pilot = Pilot.objects.get(title="Finding duplicate invoices")
    assert (pilot.stage, str(pilot.standing.owner)) == ("running", "Charlie")


def test_what_was_typed_stays_and_the_first_wrong_field_has_the_focus(portfolio, new_page):
    page = new_page()
    sign_in(page, "charlie@example.org")
    page.goto("/portfolio/propose/")
    page.locator("[name=summary]").fill("A long text that nobody wants to type twice.")
    page.get_by_role("button", name="Propose").click()
    assert page.locator("[name=summary]").input_value() == "A long text that nobody wants to type twice."
    assert page.evaluate("document.activeElement.name") == "title"


def _next_monday(now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo("Europe/Paris"))
    day = local.date() + timedelta(days=7 - local.weekday())
    return datetime.combine(day, time(12), tzinfo=ZoneInfo("Europe/Paris"))
