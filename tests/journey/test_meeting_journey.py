"""A committee's meeting in a real browser: built, read, held, voted on, minuted, and found again."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Mail, User
from gates.convening import change_committee, seat_member
from gates.meeting import draft_meeting, open_meeting, seat_arrives
from gates.models import Decision, Meeting, Proposal
from gates.states import CommitteePart, MajorityRule, VoteChoice
from gates.subscribing import make_feed_key
from gates.voting import cast_vote
from portfolio.models import Pilot
from portfolio.states import Outcome
from tests import building
from tests.gates.deciding_for import ready_to_scale
from tests.journey.conftest import look, look_every_way

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: From the dearest wait to the cheapest.
TITLES = ["Letters sorted", "Hail on photos", "Notes at night", "Quotes compared", "Ports watched"]


@dataclass
class House:
    """A committee of five: Bob chairs, Sam is its secretary, Carol, Dan and Eva are members."""

    cast: building.Cast
    people: dict[str, User]


@pytest.fixture
def house(now) -> House:
    now, today = timezone.now(), timezone.localdate()
    building.gate_set(now=now)
    cast = building.cast(today=today, now=now)
    people = {name: building.person(name, now=now) for name in ("dan", "eva", "sam")}
    parts = dict.fromkeys(people, CommitteePart.MEMBER) | {"sam": CommitteePart.SECRETARY}
    for name, part in parts.items():
        seat_member(
            actor=None,
            committee=cast.committee,
            person=people[name],
            part=part,
            since=today - timedelta(days=99),
            now=now,
        )
    building.join_all(cast)
    building.join(*people.values())
    change_committee(
        actor=None, committee=cast.committee, seen=None, majority_rule=MajorityRule.SIMPLE, quorum=3, now=now
    )
    cast.committee.refresh_from_db()
    return House(cast, people | {"bob": cast.bob, "carol": cast.carol})


@pytest.fixture
def enter(new_page, live_server, house):
    """Return a function that opens a page for somebody who is signed in already."""

    def entered(name: str, **options) -> Page:
        client = Client()
        client.force_login(house.people[name])
        page = new_page(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return entered


def confirmed(page: Page, button: str) -> None:
    """Press a button that asks first."""
    page.get_by_role("button", name=button).click()
    page.locator("dialog[open] #confirm-verb").click()


def vote(page: Page, meeting: str, title: str, choice: str, reason: str = "") -> None:
    page.goto(meeting)
    page.get_by_role("link", name=f"Vote on {title}").click()
    page.get_by_label(choice, exact=True).check()
    page.locator("form[action$='/vote/'] [name=reason]").fill(reason)
    page.get_by_role("button", name="Vote", exact=True).click()
    page.get_by_text("Your vote is recorded.").wait_for()


def record(page: Page) -> None:
    confirmed(page, "Record the decision")
    page.wait_for_url("**/decisions/D-*/")


def propose_to_scale(page: Page, today) -> None:
    """Fill the chair's form, with two conditions."""
    page.get_by_label("Scale: it goes into production").check()
    page.get_by_label("Why", exact=True).fill("It saves an hour a day, and the teams ask for it.")
    page.locator("[name=launch_on]").fill(f"{today + timedelta(days=90)}")
    for box in page.locator("[name^=check_][value=yes]").all():
        box.check()
    page.locator("[name=override_reason]").fill("The gates are known, and can be passed on the way.")
    for place, text in enumerate(["Train the second team.", "Name who watches quality."]):
        page.locator(f"[name=conditions-{place}-text]").fill(text)
        page.locator(f"[name=conditions-{place}-owner]").select_option(label="Alice")
        page.locator(f"[name=conditions-{place}-due]").fill(f"{today + timedelta(days=30)}")
    expect(page.get_by_label("The vote is taken in a meeting")).to_be_checked()
    confirmed(page, "Put it to the vote")
    page.wait_for_url("**/proposals/*/")


#: What the chair's form is filled with, beside the outcome's name and why.
FILLED = {
    Outcome.REDESIGN: {
        "redesign": "Another team.",
        "learnings": "The first had no time.",
        "next_criteria": "Letters an hour.",
    },
    Outcome.STOP: {"learnings": "Films are wanted, photos are not."},
    Outcome.RESEARCH: {"learning_goal": "Whether it reads handwriting.", "budget_cap": "5000"},
}


def proposed_and_carried(bob: Page, house: House, title: str, outcome: Outcome, today) -> None:
    """The chair puts it to the vote and votes last; the others, who sit at their own desks, are for it."""
    bob.get_by_role("link", name="Back to the meeting in session").click()
    bob.get_by_role("link", name=f"Decide {title}").click()
    bob.locator(f"[name=outcome][value={outcome}]").check()
    bob.get_by_label("Why", exact=True).fill("As the members heard.")
    for name, text in FILLED[outcome].items():
        bob.locator(f"[name={name}]").fill(text)
    if outcome == Outcome.REDESIGN:
        bob.get_by_label("The users").check()
    if outcome == Outcome.STOP:
        bob.locator("[name=stop_reason]").select_option("users_do_not_need_it")
    else:
        bob.locator("[name=next_due]").fill(f"{today + timedelta(days=90)}")
    confirmed(bob, "Put it to the vote")
    bob.wait_for_url("**/proposals/*/")
    proposal = Proposal.objects.open().select_related("round__pilot", "committee").get()
    for name in ("carol", "dan", "eva"):
        person = house.people[name]
        cast_vote(actor=person, proposal=proposal, choice=VoteChoice.FOR, reason="", today=today, now=timezone.now())
    bob.get_by_label("For", exact=True).check()
    bob.get_by_role("button", name="Vote", exact=True).click()
    record(bob)


def drafted_and_sent(sam: Page, today) -> None:
    """The secretary drafts a meeting, orders its agenda, and sends the pack."""
    sam.goto("/meetings/")
    sam.get_by_role("link", name="Draft a meeting").click()
    sam.get_by_label("Day").fill(f"{today + timedelta(days=7)}")
    sam.get_by_label("Time").fill("10:00")
    sam.get_by_role("button", name="Draft it").click()
    sam.wait_for_url("**/meetings/*/")
    titles = sam.locator(".agenda h3 a")
    expect(titles).to_have_text(TITLES)
    sam.get_by_role("button", name="Move Ports watched up").click()
    expect(titles).to_have_text([*TITLES[:3], "Ports watched", "Quotes compared"])
    look(sam, "a drafted meeting")
    confirmed(sam, "Send the pack")
    sam.get_by_text("Open: its pack is sent").wait_for()


def begun_with_a_quorum(sam: Page, house: House) -> None:
    """The secretary begins it and notes who is there; two came in before the page was looked at again."""
    sam.get_by_role("button", name="Begin the meeting").click()
    sam.get_by_text("The meeting has begun").wait_for()
    for name in ("dan", "eva"):
        who = {"actor": house.people["sam"], "member": house.people[name]}
        seat_arrives(meeting=Meeting.objects.get(), now=timezone.now(), **who)
    for name in ("Bob", "Carol"):
        sam.get_by_role("button", name=f"Is there now: {name}").click()
        sam.get_by_role("button", name=f"Has left the meeting: {name}").wait_for()
    expect(sam.locator("#live")).to_contain_text("4 of 4 seats, 3 needed")


def kept_out(eva: Page, meeting: str) -> None:
    eva.goto(meeting)
    eva.get_by_role("link", name="Vote on Letters sorted").click()
    eva.get_by_text("Keep out of this vote").click()
    eva.locator("form[action$='/recuse/'] [name=reason]").fill("My sister runs the second team.")
    eva.get_by_role("button", name="Recuse yourself").click()
    eva.get_by_text("You keep out of this vote.").wait_for()


def deferred_minuted_and_closed(sam: Page, meeting: str, today) -> None:
    sam.goto(meeting)
    sam.get_by_role("link", name="Defer Ports watched").click()
    sam.get_by_label("Why it is moved").fill("The harbour has not answered.")
    sam.get_by_label("Who sees to it").select_option(label="Alice")
    sam.get_by_label("Back on the agenda from").fill(f"{today + timedelta(days=35)}")
    sam.get_by_role("button", name="Move it").click()
    item = sam.locator("li", has_text="Letters sorted")
    item.locator("summary", has_text="Minutes").click()
    item.get_by_label("What was said of Letters sorted").fill("Dan asked for the second team.")
    item.get_by_label("What was said of Letters sorted").press("Tab")
    item.get_by_text("Saved at").wait_for()
    look(sam, "a meeting in session")
    confirmed(sam, "Close and publish")
    sam.get_by_role("heading", name="Minutes").wait_for()
    look(sam, "published minutes")


@pytest.mark.requirement(51, 53, page="/meetings/")
def test_from_the_draft_to_the_log(house, enter):
    now, today = timezone.now(), timezone.localdate()
    for place, title in enumerate(TITLES):
        pilot = building.awaiting(
            house.cast, today=today, now=now, title=title, risk_class="limited", monthly_cost=9000 - 1000 * place
        )
        if not place:
            ready_to_scale(house.cast, pilot, today=today, now=now)
    sam, bob, carol = enter("sam"), enter("bob"), enter("carol")
    drafted_and_sent(sam, today)

    meeting = Meeting.objects.get().get_absolute_url()
    assert f"{settings.BASE_URL}{meeting}" in Mail.objects.get(recipient=house.people["carol"]).text
    carol.goto(meeting)
    carol.get_by_role("link", name="Read what it takes to decide on Letters sorted").click()
    carol.get_by_role("heading", name="What shall become of this pilot?").wait_for()

    begun_with_a_quorum(sam, house)
    bob.goto(meeting)
    bob.get_by_role("link", name="Decide Letters sorted").click()
    look_every_way(bob, "deciding")
    propose_to_scale(bob, today)
    look_every_way(bob, "a vote in a meeting")
    vote(carol, meeting, "Letters sorted", "For")
    vote(enter("dan"), meeting, "Letters sorted", "Against", "The second team was not asked.")
    kept_out(enter("eva"), meeting)
    vote(bob, meeting, "Letters sorted", "For")
    record(bob)
    for title, outcome in zip(TITLES[1:4], (Outcome.REDESIGN, Outcome.STOP, Outcome.RESEARCH), strict=True):
        proposed_and_carried(bob, house, title, outcome, today)
    deferred_minuted_and_closed(sam, meeting, today)

    decisions = list(Decision.objects.order_by("pk"))
    assert [(one.round.pilot.title, one.outcome) for one in decisions] == list(
        zip(TITLES[:4], ("scale", "redesign", "stop", "research"), strict=True)
    )
    assert decisions[0].dissent == "Dan: The second team was not asked."
    conditions = decisions[0].conditions.order_by("pk").values_list("text", flat=True)
    assert list(conditions) == ["Train the second team.", "Name who watches quality."]
    minutes = Mail.objects.get(recipient=house.people["dan"], subject__startswith="Minutes").text
    for told in ("Dan asked for the second team.", "The harbour has not answered.", decisions[0].number):
        assert told in minutes
        expect(sam.locator("main")).to_contain_text(told)
    expect(sam.locator("main")).to_contain_text("Eva keeps out of it. My sister runs the second team.")
    carol.goto("/decisions/")
    look_every_way(carol, "the log of decisions")
    for one in decisions:
        expect(carol.get_by_role("link", name=one.number)).to_be_visible()
    feed = Client().get(f"/calendar/{make_feed_key(actor=house.people['carol'], now=now)}.ics").content.decode()
    assert "SUMMARY:Decision due: Quotes compared" in feed
    stages = ("scaling", "draft", "stopped", "research", "awaiting_decision")
    assert dict(Pilot.objects.values_list("title", "stage")) == dict(zip(TITLES, stages, strict=True))
    carol.goto(decisions[0].round.pilot.get_absolute_url())
    expect(carol.locator("main")).to_contain_text(decisions[0].number)


def test_without_javascript(house, enter):
    now = timezone.now()
    meeting = draft_meeting(
        actor=house.people["sam"], committee=house.cast.committee, starts_at=now + timedelta(days=2), now=now
    )
    open_meeting(actor=house.people["sam"], meeting=meeting, seen=None, now=now)
    sam = enter("sam", java_script_enabled=False)
    sam.goto(meeting.get_absolute_url())
    sam.get_by_role("button", name="Begin the meeting").click()
    sam.get_by_role("button", name="Is there now: Bob").click()
    sam.locator("summary", has_text="Put something on the agenda").click()
    sam.get_by_label("What it is about").fill("The year ahead")
    sam.get_by_role("button", name="Put it on the agenda").click()
    sam.locator("summary", has_text="Minutes of The year ahead").click()
    sam.get_by_label("What was said of The year ahead").fill("Two pilots a quarter.")
    sam.get_by_role("button", name="Save the minutes of The year ahead").click()
    sam.get_by_role("button", name="Close and publish").click()
    expect(sam.locator("main")).to_contain_text("Two pilots a quarter.")
    expect(sam.locator("main")).to_contain_text("Closed")
