"""A real Chromium in front of the product."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

#: Playwright runs a loop in the thread of the test, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
FLAGS = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PASSWORD = "a-long-enough-password"
#: Set to a folder to keep a picture of every page that the journey passes.
PICTURES = os.environ.get("PILOTAGE_PICTURES", "")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()
        # While that loop runs, Django keeps connections apart from the thread's own, and nobody else closes them.
        connections.close_all()


@pytest.fixture
def new_page(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page, with console errors collected; they fail the test at its end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(**options) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1280, "height": 900}, **options}
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _complains(said) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _complains(said) -> bool:
    # A refused form answers 422 and a lost update 409: the browser calls that an error, we do not.
    return said.type == "error" and not any(f"status of {code}" in said.text for code in (409, 422))


def sign_in(page: Page, email: str) -> None:
    """Sign in as a person would."""
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/")


def come_in(page: Page, person) -> None:
    """Open the first page as somebody who has signed in before: for journeys whose matter is not the way in."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}])
    page.goto("/")


#: How a page is looked at: the window and the colours, and what axe is asked there (None: everything it knows).
LOOKS: dict[str, tuple[ViewportSize, Literal["light", "dark"], list[str] | None]] = {
    "desk-light": ({"width": 1280, "height": 900}, "light", None),
    "desk-dark": ({"width": 1280, "height": 900}, "dark", ["color-contrast", "link-in-text-block"]),
    "phone-light": ({"width": 360, "height": 740}, "light", ["scrollable-region-focusable", "label", "button-name"]),
}

#: What axe finds serious. Lists of all that is well stay in the page: they are long, and nobody reads them.
SERIOUS = """async rules => {
    const found = await axe.run(document, {resultTypes: ["violations"], ...(rules ? {runOnly: rules} : {})});
    return found.violations
        .filter(one => ["serious", "critical"].includes(one.impact))
        .map(one => `${one.id}: ${one.help} (${one.nodes[0].target})`);
}"""


def look_every_way(page: Page, name: str) -> None:
    """Look at a page on a desk, by night and on a phone, without loading it again.

    What axe finds of the document is the same everywhere; colours change with the night, and regions that scroll and
    names that are hidden with the width.
    """
    for how, (size, colours, rules) in LOOKS.items():
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        look(page, f"{how}-{name}", rules)


def look(page: Page, name: str, rules: list[str] | None = None) -> None:
    """Look at a page: axe finds nothing serious, nothing is wider than the window; keep a picture if asked."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    assert page.evaluate(SERIOUS, rules) == [], f"{name} {page.url}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
