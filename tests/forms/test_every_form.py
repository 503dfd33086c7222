"""What every form that writes owes: two posts have one effect, an effect leaves an event, nobody is overwritten."""

import inspect
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from audit.models import Event
from tests import building
from tests.access.test_matrix import ROWS, answers, routes
from tests.access.world import World
from tests.conftest import NOW, TODAY
from tests.forms import accounts, gates, portfolio
from tests.forms.filling import Filled, Scene
from tests.forms.reading import PageForm, forms_of

pytestmark = pytest.mark.django_db

PATTERNS = dict(routes())
ROOMS = ["accounts:", "portfolio:", "gates:"]
FORMS: dict[str, Filled] = accounts.FORMS | portfolio.FORMS | gates.FORMS
#: Forms that are not tried here, each with the reason.
ELSEWHERE: dict[str, str] = accounts.ELSEWHERE | portfolio.ELSEWHERE | gates.ELSEWHERE
#: What the source of a view that writes says.
WRITES = ("POST", "@once", "save_entry")


def writing_routes() -> Iterator[str]:
    for name, pattern in PATTERNS.items():
        if answers(name, pattern) and name.startswith(tuple(ROOMS)):
            source = inspect.getsource(inspect.unwrap(pattern.callback))
            if any(word in source for word in WRITES):
                yield name


def test_every_form_that_writes_is_tried_here_or_says_where():
    assert set(writing_routes()) == set(FORMS) | set(ELSEWHERE)
    assert set(FORMS).isdisjoint(ELSEWHERE)


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker) -> Iterator[Scene]:
    """The world of the matrix, set up once for all forms: each of them takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = building.cast(today=TODAY, now=NOW)
        building.gate_set(now=NOW)
        yield Scene(World(cast, today=TODAY, now=NOW), cast, TODAY, NOW)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _when(time_machine) -> None:
    """Votes close and days pass: who fills in a form does so on the day of the scene."""
    time_machine.move_to(NOW)


class Writer:
    """Somebody in front of a form."""

    def __init__(self, scene: Scene, route: str) -> None:
        self.filled: Filled = FORMS[route]
        pattern = PATTERNS[route]
        known = scene.world.arguments(route, pattern, "any" if "any" in ROWS[route] else "open")
        known |= self.filled.scene(scene) if self.filled.scene else {}
        self.action = reverse(route, kwargs={name: known[name] for name in pattern.pattern.regex.groupindex})
        days = {"today": 0, "earlier": -3, "long_ago": -9, "later": 30}
        self.words = known | {word: (scene.today + timedelta(days=days[word])).isoformat() for word in days}
        self.page = self.filled.page.format(**self.words) or self.action
        self.client = Client()
        self.client.force_login(getattr(scene.cast, self.filled.who))

    def open(self) -> PageForm:
        """The form as the page offers it."""
        response = self.client.get(self.page)
        assert response.status_code == 200, (self.page, response.status_code)
        found = [
            form
            for form in forms_of(response.content.decode(), self.page)
            if form.method == "post" and urlsplit(form.action).path == self.action
        ]
        assert found, f"{self.page} has no form for {self.action}"
        return found[0]

    def both_texts(self) -> list[str]:
        """What the second editor is to see."""
        typed = [text for name, other in self.filled.other.items() for text in (self.filled.fill[name], other)]
        return [text.format(**self.words) for text in self.filled.shows or typed]

    def post(self, form: PageForm, typed: dict[str, str], *, by_itself: bool = False) -> HttpResponse:
        data = {**form.data, **{name: [value.format(**self.words)] for name, value in typed.items()}}
        return self.client.post(form.action, data, headers={"HX-Request": "true"} if by_itself else {})


def events() -> int:
    return Event.objects.count()


@pytest.fixture
def tried(scene):
    """Return a function that opens each form in turn, in a transaction of its own that is taken back."""

    def each(routes_: list[str]) -> Iterator[tuple[str, Writer]]:
        for route in routes_:
            with transaction.atomic():
                yield route, Writer(scene, route)
                transaction.set_rollback(True)

    return each


@pytest.mark.parametrize("room", ROOMS)
def test_two_posts_have_one_effect_and_it_leaves_an_event(tried, room):
    wrong = []
    for route, writer in tried([route for route in FORMS if route.startswith(room)]):
        form, before, by_itself = writer.open(), events(), writer.filled.saves_itself
        first = writer.post(form, writer.filled.fill, by_itself=by_itself)
        once = events()
        second = writer.post(form, writer.filled.fill, by_itself=by_itself)
        if first.status_code != (200 if by_itself else 302):
            wrong.append(f"{route}: the post answers {first.status_code}: {said(first)}")
        elif once == before:
            wrong.append(f"{route}: the post leaves no event")
        elif (events(), where(second)) != (once, where(first)):
            wrong.append(f"{route}: posted twice, it had {events() - once} more events and led to {where(second)}")
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_second_of_two_editors_gets_both_texts(tried, room):
    wrong = []
    for route, writer in tried([route for route, filled in FORMS.items() if filled.other and route.startswith(room)]):
        mine, yours = writer.open(), writer.open()
        first = writer.post(mine, {**writer.filled.fill})
        second = writer.post(yours, {**writer.filled.fill, **writer.filled.other})
        shown = second.content.decode()
        missing = [text for text in writer.both_texts() if text not in shown]
        if first.status_code != 302 or second.status_code != 409:
            wrong.append(f"{route}: {first.status_code}, then {second.status_code}: {said(second)}")
        elif missing:
            wrong.append(f"{route}: the second editor does not see {missing}")
    assert wrong == []


def test_without_the_key_the_second_post_has_its_own_effect(tried):
    """The control: what keeps the second post from having an effect is the key in the form."""
    for _route, writer in tried(["accounts:unit-add"]):
        form = writer.open()
        del form.data["form_key"]
        assert writer.post(form, writer.filled.fill).status_code == 302
        once = events()
        assert writer.post(form, {"name": "Fleet, again"}).status_code == 302
        assert events() > once


def where(response: HttpResponse) -> tuple[int, str]:
    """What an answer comes to: its status, and where it leads."""
    return response.status_code, response.headers.get("Location", "")


def said(response: HttpResponse) -> str:
    """What a refusing page says, for the message of a failing test."""
    text = response.content.decode()
    return " | ".join(part.split("<")[0].strip() for part in text.split('invalid-feedback">')[1:])[:300]
