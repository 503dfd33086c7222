"""A gate from the first claim to a conclusion with a condition, in a browser, with JavaScript and without."""

from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page

from accounts.models import User
from accounts.states import Function
from gates.allotting import choose_reviewers
from gates.convening import name_reviewer
from gates.evidencing import Content, add_evidence, use_evidence
from gates.models import Assessment, Claim, Condition, Criterion, Evidence, EvidenceUse
from gates.preparing import save_claim
from gates.states import EvidenceKind, Finding
from portfolio.models import Pilot, Standing
from portfolio.states import LampState
from tests import building
from tests.gates.preparing_for import required
from tests.gates.reviewing_for import found
from tests.journey.conftest import come_in, look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GATE = "/pilots/P-0001/gates/production-data/"
LIBRARY = "/pilots/P-0001/evidence/"


@dataclass(frozen=True)
class Scene:
    cast: building.Cast
    lawyer: User
    pilot: Pilot
    note: Evidence


@pytest.fixture
def scene() -> Scene:
    """Beside the cast a lawyer, who is asked first; in the library a note that supports nothing yet."""
    now, today = timezone.now(), timezone.localdate()
    building.gate_set(now=now)
    cast = building.cast(today=today, now=now)
    lawyer = building.person("lawyer", now=now)
    name_reviewer(actor=None, person=lawyer, function=Function.LEGAL, since=today, now=now)
    pilot = building.running(cast, today=today, now=now, risk_class="low", title="Sorting letters")
    choose_reviewers(actor=cast.manager, pilot=pilot, chosen={Function.LEGAL: lawyer}, seen=None, today=today, now=now)
    note = Content(kind=EvidenceKind.NOTE, title="Minutes", note="We looked.")
    return Scene(cast, lawyer, pilot, add_evidence(actor=cast.alice, pilot=pilot, content=note, today=today, now=now))


@pytest.mark.requirement(26, 27, 28, page="/pilots/P-0001/gates/production-data/")
def test_a_gate_is_prepared_assessed_returned_answered_and_concluded_with_a_condition(scene, new_page):
    owner, lead, lawyer = (new_page() for _ in range(3))
    first, second, *others = criteria = required(scene.pilot)
    come_in(owner, scene.cast.alice)
    _bring(owner, first, "file")
    _bring(owner, second, "link")
    owner.goto(f"{GATE}prepare/")
    for criterion in criteria:
        _claim(owner, criterion)
    for criterion in others:
        _attach(owner, criterion, on=owner.locator(f"#criterion-{criterion.pk}"))
    assert Claim.objects.values("criterion").distinct().count() == len(criteria)
    kinds = set(EvidenceUse.objects.values_list("evidence__kind", flat=True))
    assert (kinds, EvidenceUse.objects.count()) == ({"file", "link", "note"}, len(criteria))
    look(owner, "a gate to submit")
    _submit(owner)

    for page, who in ((lead, scene.cast.reviewer), (lawyer, scene.lawyer)):
        come_in(page, who)
        page.get_by_role("link", name="Gate 2: Production data").first.click()
    for criterion in criteria:
        page = lawyer if criterion.function == Function.LEGAL else lead
        card = page.locator(f"#criterion-{criterion.pk}")
        card.get_by_label("Met", exact=True).check()
        card.get_by_text("Saved at").wait_for()
    by = dict(Assessment.objects.values_list("criterion__function", "assessor__name"))
    assert by == {"data": "Reviewer", "legal": "Lawyer"}
    _return(lawyer)
    _answer(owner, first)
    _conclude(lead, looking=True)
    _is_conditional(owner, scene)


def test_without_javascript_every_step_has_its_button(scene, new_page):
    """The same way with one criterion, the others being prepared and assessed already."""
    owner, lead, lawyer = (new_page(java_script_enabled=False) for _ in range(3))
    first, *others = required(scene.pilot)
    now, today = timezone.now(), timezone.localdate()
    for one in others:
        save_claim(
            actor=scene.cast.alice, pilot=scene.pilot, criterion=one, text="It holds.", view=Finding.MET, seen=None,
            now=now,
        )  # fmt: skip
        use_evidence(actor=scene.cast.alice, evidence=scene.note, criterion=one, now=now)
    come_in(owner, scene.cast.alice)
    owner.goto(f"{GATE}prepare/")
    _claim(owner, first, by_button=True)
    _attach(owner, first, on=owner)
    owner.get_by_role("link", name="Back to the gate").click()
    _submit(owner)

    for one in others:
        who = scene.lawyer if one.function == Function.LEGAL else scene.cast.reviewer
        found(scene.cast, scene.pilot, one, today=today, now=timezone.now(), actor=who)
    come_in(lead, scene.cast.reviewer)
    lead.get_by_role("link", name="Gate 2: Production data").first.click()
    card = lead.locator(f"#criterion-{first.pk}")
    card.get_by_label("Met", exact=True).check()
    card.get_by_role("button", name="Save").click()
    lead.wait_for_url(f"**{GATE}#criterion-{first.pk}")
    come_in(lawyer, scene.lawyer)
    lawyer.goto(GATE)
    _return(lawyer)
    _answer(owner, first)
    _conclude(lead)
    _is_conditional(owner, scene)


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


def _claim(page: Page, criterion: Criterion, *, by_button: bool = False) -> None:
    card = page.locator(f"#criterion-{criterion.pk}")
    card.locator("textarea[name=text]").first.fill("It holds.")
    card.get_by_label("Met", exact=True).check()
    if by_button:
        card.get_by_role("button", name="Save").click()
    card.get_by_text("Last saved by Alice").wait_for()


def _attach(page: Page, criterion: Criterion, *, on: Page | Locator) -> None:
    """Let the note of the library support a criterion: in place, or on the chooser's own page."""
    page.locator(f"#criterion-{criterion.pk}").get_by_role("link", name="Attach evidence").click()
    on.get_by_role("button", name="Attach Minutes").click()
    on.get_by_text("“Minutes” supports this criterion now.").wait_for()


def _submit(page: Page) -> None:
    page.get_by_role("button", name="Submit the gate").click()
    page.get_by_text("is submitted:").wait_for()


def _return(page: Page) -> None:
    page.locator("#return textarea").fill("Which mail room?")
    page.get_by_role("button", name="Return the gate").click()
    page.get_by_text("is back with its owner").wait_for()


def _answer(page: Page, criterion: Criterion) -> None:
    """Find the gate among one's work, answer what it came back for, and submit it again."""
    page.goto("/")
    page.get_by_role("link", name="Gate 2: Production data").first.click()
    page.get_by_text("Which mail room?").filter(visible=True).first.wait_for()
    card = page.locator(f"#criterion-{criterion.pk}")
    card.locator(".thread summary").click()
    card.get_by_label("Comment on 2.1").fill("Both of them.")
    card.get_by_role("button", name="Send").click()
    page.get_by_text("Both of them.").wait_for()
    _submit(page)


def _conclude(page: Page, *, looking: bool = False) -> None:
    page.goto("/")
    page.get_by_role("link", name="Conclude Gate 2").click()
    conclude = page.locator("form#conclude")
    conclude.get_by_label("Passed with conditions").check()
    conclude.get_by_label("What has to be done").first.fill("Try the second mail room for a week.")
    conclude.get_by_label("By whom").first.select_option(label="Alice")
    conclude.get_by_label("Until").first.fill("2099-01-31")
    if looking:
        look(page, "a gate to conclude with a condition")
    page.get_by_role("button", name="Conclude the gate").click()
    page.get_by_text("is concluded: passed with conditions").wait_for()


def _is_conditional(page: Page, scene: Scene) -> None:
    assert Condition.objects.get().owner == scene.cast.alice
    assert Standing.objects.get().lamps[1] == LampState.CONDITIONAL
    page.goto("/portfolio/")
    assert "Gate 2: Passed with conditions" in page.content()
