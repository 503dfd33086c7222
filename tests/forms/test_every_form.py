"""What every form that writes owes: two posts have one effect, an effect leaves an event, nobody is overwritten."""

import inspect
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from audit.models import Event
from portfolio.handing_over import launch_pilot
from portfolio.models import Pilot
from portfolio.states import Outcome
from tests import building
from tests.access.test_matrix import ROWS, answers, routes
from tests.access.world import World
from tests.forms.filling import ELSEWHERE, FORMS, Filled
from tests.forms.reading import PageForm, forms_of
from tests.gates.deciding_for import decide

PATTERNS = dict(routes())


def scaling(cast: building.Cast, *, today, now) -> Pilot:
    pilot = building.awaiting(cast, today=today, now=now)
    decide(cast, pilot, Outcome.SCALE, today=today, now=now)
    pilot.refresh_from_db()
    return pilot


def in_production(cast: building.Cast, *, today, now) -> Pilot:
    pilot = scaling(cast, today=today, now=now)
    launch_pilot(actor=cast.alice, pilot=pilot, launched_on=today, now=now)
    return pilot


#: How a pilot is brought to where a form can be filled in.
STAGES = {
    "draft": building.proposed,
    "running": building.running,
    "scaling": scaling,
    "in_production": in_production,
}


def writing_routes() -> Iterator[str]:
    for name, pattern in PATTERNS.items():
        if answers(name, pattern) and name.startswith(("accounts:", "portfolio:", "gates:")):
            source = inspect.getsource(inspect.unwrap(pattern.callback))
            if "POST" in source or "@once" in source:
                yield name


def test_every_form_that_writes_is_tried_here_or_says_where():
    assert set(writing_routes()) == set(FORMS) | set(ELSEWHERE)
    assert set(FORMS).isdisjoint(ELSEWHERE)


@pytest.fixture
def world(cast, gate_set, today, now) -> World:
    return World(cast, today=today, now=now)


class Writer:
    """Somebody in front of a form."""

    def __init__(self, world: World, cast: building.Cast, route: str, *, today, now) -> None:
        self.filled: Filled = FORMS[route]
        arguments = self._arguments(world, cast, route, PATTERNS[route], today=today, now=now)
        self.action = reverse(route, kwargs=arguments)
        self.page = self.filled.page.format(**arguments) or self.action
        self.days = {"today": today.isoformat(), "later": (today + timedelta(days=30)).isoformat()}
        self.client = Client()
        self.client.force_login(getattr(cast, self.filled.who))

    def _arguments(self, world, cast, route: str, pattern: URLPattern, *, today, now) -> dict[str, object]:
        arguments = world.arguments(route, pattern, "any" if "any" in ROWS[route] else "open")
        if self.filled.stage:
            arguments["code"] = STAGES[self.filled.stage](cast, today=today, now=now).code
        return arguments

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

    def post(self, form: PageForm, typed: dict[str, str]) -> HttpResponse:
        data = {**form.data, **{name: [value.format(**self.days)] for name, value in typed.items()}}
        return self.client.post(form.action, data)


def events() -> int:
    return Event.objects.count()


@pytest.fixture
def tried(world, cast, today, now):
    """Return a function that opens each form in turn, in a transaction of its own that is taken back."""

    def each(routes_: list[str]) -> Iterator[tuple[str, Writer]]:
        for route in routes_:
            with transaction.atomic():
                yield route, Writer(world, cast, route, today=today, now=now)
                transaction.set_rollback(True)

    return each


ROOMS = ["accounts:", "portfolio:", "gates:"]


@pytest.mark.parametrize("room", ROOMS)
def test_two_posts_have_one_effect_and_it_leaves_an_event(tried, room):
    wrong = []
    for route, writer in tried([route for route in FORMS if route.startswith(room)]):
        form, before = writer.open(), events()
        first = writer.post(form, writer.filled.fill)
        once = events()
        second = writer.post(form, writer.filled.fill)
        if first.status_code != 302:
            wrong.append(f"{route}: the post answers {first.status_code}: {said(first)}")
        elif once == before:
            wrong.append(f"{route}: the post leaves no event")
        elif (events(), second.headers.get("Location")) != (once, first.headers["Location"]):
            wrong.append(f"{route}: posted twice, it had {events() - once} more events and led to {second.headers}")
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_second_of_two_editors_gets_both_texts(tried, room):
    wrong = []
    for route, writer in tried([route for route, filled in FORMS.items() if filled.other and route.startswith(room)]):
        mine, yours = writer.open(), writer.open()
        first = writer.post(mine, {**writer.filled.fill})
        second = writer.post(yours, {**writer.filled.fill, **writer.filled.other})
        shown = second.content.decode()
        missing = [
            text
            for name, other in writer.filled.other.items()
            for text in (writer.filled.fill[name], other)
            if text not in shown
        ]
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


def said(response: HttpResponse) -> str:
    """What a refusing page says, for the message of a failing test."""
    text = response.content.decode()
    return " | ".join(part.split("<")[0].strip() for part in text.split('invalid-feedback">')[1:])[:300]
