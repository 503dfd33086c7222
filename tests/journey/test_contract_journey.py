"""From the proposal to the business case, in a real browser: with JavaScript, and once without."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page

from audit.models import Event
from portfolio.agreement import ANSWERS
from portfolio.assigning import assign_part
from portfolio.contracting import fill_in
from portfolio.criteria import agreed_criteria
from portfolio.gap_kinds import GAPS
from portfolio.gaps import open_gaps
from portfolio.models import Contract, Measurement, Pilot
from portfolio.states import Commitment, DataUsed, Involvement, Part
from tests import building
from tests.journey.conftest import PASSWORD, look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
CHOSEN = {
    "commitment": Commitment.YES,
    "data_used": DataUsed.REPRESENTATIVE,
    "users_involved_in": [Involvement.DESIGN],
    "commitment_budget": 120000,
}


@pytest.fixture
def cast() -> building.Cast:
    now, today = timezone.now(), timezone.localdate()
    building.gate_set(now=now)
    cast = building.cast(today=today, now=now)
    building.let_sign_in(cast, PASSWORD)
    return cast


def test_a_pilot_from_its_proposal_to_its_business_case(cast, new_page):
    owner = Owner(new_page(), javascript=True)
    sign_in(owner.page, "charlie@example.org")
    pilot = owner.proposes()
    owner.says_what_comes_then(pilot)
    owner.promises(pilot)
    others_agree(cast, pilot, but="edge_cases")
    owner.starts(pilot)
    owner.reports_on_a_phone(pilot)
    owner.measures(pilot)
    owner.amends(pilot, approver="Sponsor")
    owner.submits_a_case(pilot)
    latest = Event.objects.filter(actor=cast.charlie.ref).latest("sequence")
    assert latest.kind == "portfolio.business_case.submitted"


def test_what_saves_itself_is_saved_by_its_button_without_javascript(cast, new_page):
    owner = Owner(new_page(java_script_enabled=False), javascript=False)
    sign_in(owner.page, "charlie@example.org")
    pilot = owner.proposes()
    owner.says_what_comes_then(pilot)
    owner.promises(pilot)
    others_agree(cast, pilot, but="edge_cases")
    owner.starts(pilot)


class Owner:
    """Charlie, who proposes a pilot and keeps its file."""

    def __init__(self, page: Page, *, javascript: bool) -> None:
        self.page = page
        self.javascript = javascript

    def proposes(self) -> Pilot:
        self.page.goto("/portfolio/propose/")
        self.page.get_by_label("Title").fill("Finding duplicate invoices")
        self.page.locator("[name=summary]").fill("Shows invoices that came twice, before they are paid.")
        self.page.locator("select[name=unit]").select_option(label="Claims")
        self.look("propose")
        self.press("Propose")
        assert "is proposed. Name its people next." in self.page.content()
        return Pilot.objects.get(title="Finding duplicate invoices")

    def says_what_comes_then(self, pilot: Pilot) -> None:
        self.page.goto(f"/pilots/{pilot.code}/contract/then/")
        self.page.locator("[name=adopting_team]").fill("Accounts payable in Lyon")
        self.page.locator("[name=owner_then]").fill("We'll figure it out")
        self.saved(self.page.locator("form.contract-step"))
        assert Contract.objects.get().adopting_team == "Accounts payable in Lyon"

    def promises(self, pilot: Pilot) -> None:
        self.page.goto(f"/pilots/{pilot.code}/contract/criteria/add/")
        self.page.locator("[name=metric]").fill("Invoices paid twice")
        self.page.locator("[name=unit]").fill("a month")
        self.page.locator("[name=direction][value=lower]").check()
        for name, text in {"baseline": "40", "target": "10", "method": "Counted.", "source": "The ledger"}.items():
            self.page.locator(f"[name={name}]").fill(text)
        for name, ago in {"baseline_on": 30, "measured_by": -60}.items():
            self.page.locator(f"[name={name}]").fill((timezone.localdate() - timedelta(days=ago)).isoformat())
        self.look("criterion")
        self.press("criterion")
        self.look("contract")

    def starts(self, pilot: Pilot) -> None:
        assert [gap.code for gap in open_gaps(pilot.pk)] == ["window", "edge_cases"]
        self.page.goto(f"/pilots/{pilot.code}/start/")
        self.press("Start the round")
        assert Pilot.objects.get(pk=pilot.pk).stage == "draft"
        self.page.get_by_label("Start it with these gaps").check()
        self.press("Start the round")
        self.page.wait_for_url(f"**/pilots/{pilot.code}/")
        assert Pilot.objects.get(pk=pilot.pk).stage == "running"

    def reports_on_a_phone(self, pilot: Pilot) -> None:
        self.page.set_viewport_size(PHONE)
        self.page.goto(f"/pilots/{pilot.code}/status/new/")
        self.look("status")
        self.page.locator("[name=moved]").fill("Two teams have begun.")
        self.page.locator("[name=blocks]").fill("No access to the ledger of Lille")
        self.page.get_by_label("Going well").check()
        self.press("Send")
        assert "Everybody on this pilot sees your update." in self.page.content()
        assert "No access to the ledger of Lille" in self.page.locator("main").inner_text()
        self.look("pilot-phone")
        self.page.set_viewport_size(DESK)

    def measures(self, pilot: Pilot) -> None:
        self.page.goto(f"/pilots/{pilot.code}/measures/1/")
        self.page.locator("[name=value]").fill("25")
        self.press("Add it")
        assert Measurement.objects.get().value == 25

    def amends(self, pilot: Pilot, *, approver: str) -> None:
        self.page.goto(f"/pilots/{pilot.code}/contract/amend/criteria/1/")
        self.page.locator("[name=target]").fill("15")
        self.page.locator("[name=reason]").fill("Lille joins with twice the invoices.")
        self.page.locator("[name=approver]").select_option(label=approver)
        self.press("Amend")
        self.page.wait_for_url("**/contract/")
        shown = self.page.locator("main").inner_text()
        assert "Lille joins with twice the invoices." in shown
        [criterion] = agreed_criteria([pilot.rounds.get().pk])[pilot.rounds.get().pk]
        assert (criterion.original.target, criterion.now.target) == (Decimal(10), Decimal(15))
        self.look("amended")

    def submits_a_case(self, pilot: Pilot) -> None:
        self.page.goto(f"/pilots/{pilot.code}/business-case/")
        self.press("Begin the business case")
        self.figures("#cost-integrations", once=("20000", "30000", "50000"), yearly=("4000", "5000", "8000"))
        self.page.locator("#add-benefit-name").fill("Invoices not paid twice")
        self.press("Add a benefit")
        self.figures("#benefit-1", once=("0", "0", "0"), yearly=("15000", "25000", "30000"))
        self.page.locator("#add-assumption-statement").fill("Invoices stay as many as they are.")
        self.press("Add an assumption")
        plans = self.page.locator("#plans")
        for name in ("integration_plan", "adoption_plan", "accountability", "measurement"):
            plans.locator(f"[name={name}]").fill("As agreed with accounts payable.")
        plans.locator("[name=confidence]").select_option("medium")
        self.saved(plans)
        submit = self.page.locator("#standing button[type=submit]:not([disabled])")
        submit.wait_for()
        submit.click()
        self.page.locator("dialog[open] #confirm-verb").click()
        self.page.wait_for_url("**/business-case/")
        assert "Version 1 is submitted." in self.page.content()
        self.look("submitted")

    def figures(self, line: str, *, once: tuple[str, ...], yearly: tuple[str, ...]) -> None:
        card = self.page.locator(line)
        for when, amounts in (("one_off", once), ("yearly", yearly)):
            for which, amount in zip(("low", "likely", "high"), amounts, strict=True):
                card.locator(f"[name={when}_{which}]").fill(amount)
        self.saved(card)

    def saved(self, form: Locator) -> None:
        """What was typed saves itself once one goes on; without JavaScript, its button does it."""
        if self.javascript:
            form.locator(":focus").blur()
            form.get_by_text("Saved at").wait_for()
        else:
            form.get_by_role("button", name="Save", exact=True).click()

    def press(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=name).first.click()
        self.page.wait_for_load_state()

    def look(self, name: str) -> None:
        """Axe needs JavaScript, and finds the same without."""
        if self.javascript:
            look(self.page, f"contract-{name}")


def others_agree(cast: building.Cast, pilot: Pilot, *, but: str) -> None:
    """Name everybody and answer everything but one question, as others would on the same pages."""
    now, today = timezone.now(), timezone.localdate()
    people = [cast.alice, cast.sponsor, cast.carol, cast.viewer]
    parts = [part for gap in open_gaps(pilot.pk) if (part := GAPS[gap.code].part)]
    for number, part in enumerate(parts):
        person = cast.sponsor if part == Part.EXECUTIVE_SPONSOR else people[number % len(people)]
        assign_part(actor=cast.charlie, pilot=pilot, person=person, part=part, since=today, now=now)
    answers = {name: CHOSEN.get(name, "Written down with accounts payable in March.") for name in ANSWERS}
    del answers[but]
    fill_in(actor=cast.charlie, pilot=pilot, seen=None, now=now, **answers)
