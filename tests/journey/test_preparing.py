"""A gate from the first claim to a conclusion with a condition, in a browser, with JavaScript and without."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.states import Function
from gates.allotting import choose_reviewers
from gates.convening import name_reviewer
from gates.evidencing import Content, add_evidence
from gates.models import Assessment, Claim, Condition, Criterion, EvidenceUse
from gates.states import EvidenceKind
from portfolio.models import Pilot, Standing
from portfolio.states import LampState
from tests import building
from tests.gates.preparing_for import required
from tests.journey.conftest import PASSWORD, look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GATE = "/pilots/P-0001/gates/production-data/"
LIBRARY = "/pilots/P-0001/evidence/"


@pytest.fixture
def cast() -> building.Cast:
    """Beside the cast a lawyer, who is asked first; in the library a note that supports nothing yet."""
    now, today = timezone.now(), timezone.localdate()
    building.gate_set(now=now)
    cast = building.cast(today=today, now=now)
    lawyer = building.person("lawyer", now=now)
    name_reviewer(actor=None, person=lawyer, function=Function.LEGAL, since=today, now=now)
    building.let_sign_in(cast, PASSWORD, lawyer)
    pilot = building.running(cast, today=today, now=now, risk_class="low", title="Sorting letters")
    choose_reviewers(actor=cast.manager, pilot=pilot, chosen={Function.LEGAL: lawyer}, seen=None, today=today, now=now)
    note = Content(kind=EvidenceKind.NOTE, title="Minutes", note="We looked.")
    add_evidence(actor=cast.alice, pilot=pilot, content=note, today=today, now=now)
    return cast


@pytest.mark.requirement(26, 27, 28, page="/pilots/P-0001/gates/production-data/")
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_gate_is_prepared_assessed_returned_answered_and_concluded_with_a_condition(cast, new_page, javascript):
    owner, lead, lawyer = (new_page(java_script_enabled=javascript) for _ in range(3))
    first, second, *others = criteria = required(Pilot.objects.get())
    sign_in(owner, "alice@example.org")
    _bring(owner, first, "file")
    _bring(owner, second, "link")
    owner.goto(f"{GATE}prepare/")
    for criterion in criteria:
        _claim(owner, criterion, javascript=javascript)
    for criterion in others:
        _attach(owner, criterion, javascript=javascript)
    assert Claim.objects.values("criterion").distinct().count() == len(criteria)
    kinds = set(EvidenceUse.objects.values_list("evidence__kind", flat=True))
    assert (kinds, EvidenceUse.objects.count()) == ({"file", "link", "note"}, len(criteria))
    if javascript:
        look(owner, "a gate to submit")
    else:
        owner.goto(f"{GATE}prepare/")
    _submit(owner)

    for page, who in ((lead, "reviewer"), (lawyer, "lawyer")):
        sign_in(page, f"{who}@example.org")
        page.get_by_role("link", name="Gate 2: Production data").first.click()
    for criterion in criteria:
        _assess(lawyer if criterion.function == Function.LEGAL else lead, criterion, javascript=javascript)
    by = dict(Assessment.objects.values_list("criterion__function", "assessor__name"))
    assert by == {"data": "Reviewer", "legal": "Lawyer"}
    lawyer.locator("#return textarea").fill("Which mail room?")
    lawyer.get_by_role("button", name="Return the gate").click()
    lawyer.get_by_text("is back with its owner").wait_for()

    owner.goto("/")
    owner.get_by_role("link", name="Gate 2: Production data").first.click()
    assert "Which mail room?" in owner.content()
    card = owner.locator(f"#criterion-{first.pk}")
    card.locator(".thread summary").click()
    card.get_by_label("Comment on 2.1").fill("Both of them.")
    card.get_by_role("button", name="Send").click()
    owner.get_by_text("Both of them.").wait_for()
    _submit(owner)

    lead.goto("/")
    lead.get_by_role("link", name="Conclude Gate 2").click()
    conclude = lead.locator("form#conclude")
    conclude.get_by_label("Passed with conditions").check()
    conclude.get_by_label("What has to be done").first.fill("Try the second mail room for a week.")
    conclude.get_by_label("By whom").first.select_option(label="Alice")
    conclude.get_by_label("Until").first.fill("2099-01-31")
    if javascript:
        look(lead, "a gate to conclude with a condition")
    lead.get_by_role("button", name="Conclude the gate").click()
    lead.get_by_text("is concluded: passed with conditions").wait_for()
    assert Condition.objects.get().owner == cast.alice
    assert Standing.objects.get().lamps[1] == LampState.CONDITIONAL
    owner.goto("/portfolio/")
    assert "Gate 2: Passed with conditions" in owner.content()


def _bring(page: Page, criterion: Criterion, kind: str) -> None:
    """Add a new piece for a criterion."""
    page.goto(f"{LIBRARY}add/?kind={kind}&criterion={criterion.slug}")
    if kind == "file":
        letters = {"name": "letters.csv", "mimeType": "text/csv", "buffer": b"day,letters\n2026-05-04,211\n"}
        page.locator("input[type=file]").set_input_files(letters)
    else:
        page.get_by_label("Address").fill("https://example.org/owner-of-the-data")
        page.get_by_label("What it is").fill("Who owns the data")
    page.get_by_role("button", name="Add to the library").click()
    page.wait_for_url(lambda url: "/add/" not in url)


def _claim(page: Page, criterion: Criterion, *, javascript: bool) -> None:
    card = page.locator(f"#criterion-{criterion.pk}")
    card.locator("textarea[name=text]").first.fill("It holds.")
    card.get_by_label("Met", exact=True).check()
    card.get_by_role("button", name="Save").click()
    _saved(page, criterion, "prepare/", javascript=javascript)


def _attach(page: Page, criterion: Criterion, *, javascript: bool) -> None:
    """Let the note of the library support a criterion: in place, or on the chooser's own page."""
    card = page.locator(f"#criterion-{criterion.pk}")
    card.get_by_role("link", name="Attach evidence").click()
    chooser = card if javascript else page
    chooser.get_by_role("button", name="Attach Minutes").click()
    chooser.get_by_text("“Minutes” supports this criterion now.").wait_for()
    if not javascript:
        page.get_by_role("link", name="Back to the gate").click()


def _submit(page: Page) -> None:
    page.get_by_role("button", name="Submit the gate").click()
    page.get_by_text("is submitted:").wait_for()


def _assess(page: Page, criterion: Criterion, *, javascript: bool) -> None:
    card = page.locator(f"#criterion-{criterion.pk}")
    card.get_by_label("Met", exact=True).check()
    if not javascript:
        card.get_by_role("button", name="Save").click()
    _saved(page, criterion, "", javascript=javascript)


def _saved(page: Page, criterion: Criterion, where: str, *, javascript: bool) -> None:
    if javascript:
        page.locator(f"#criterion-{criterion.pk}").get_by_text("Saved at").wait_for()
    else:
        page.wait_for_url(f"**{GATE}{where}#criterion-{criterion.pk}")
