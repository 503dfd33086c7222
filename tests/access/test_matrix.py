"""Every route, every role, own and other's object: declared in matrix.toml, and true."""

import copy
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.access import policy_of
from accounts.models import User
from accounts.permissions import roles_of
from accounts.third_party import POLICIES
from tests.access.world import World

TABLE = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text())
ROLES = TABLE["roles"]
ROWS = TABLE["route"]


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}", pattern


def answers(name: str, pattern: URLPattern) -> bool:
    """Whether the route has a policy; without one it answers 404 to everybody."""
    return policy_of(pattern.callback) is not None or name in POLICIES


def test_every_route_that_answers_has_a_row_and_every_row_a_route():
    assert {name for name, pattern in routes() if answers(name, pattern)} == set(ROWS)


def test_a_route_without_a_policy_does_not_answer(cast, sign_in, monkeypatch):
    """The control: the same route answers while it has its policy."""
    client = sign_in(cast.manager)
    assert client.get("/portfolio/").status_code == 200
    view = dict(routes())["portfolio:pilot-list"].callback
    monkeypatch.delattr(view, "access_policy")
    assert client.get("/portfolio/").status_code == 404


def test_what_libraries_bring_and_we_did_not_list_does_not_answer(cast, sign_in):
    client = sign_in(cast.manager)
    for name, pattern in routes():
        if answers(name, pattern):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:  # a route with arguments: the policy is looked at before them
            continue
        assert client.get(url).status_code == 404, name


@pytest.fixture
def world(cast, gate_set, today, now) -> World:
    return World(cast, today=today, now=now)


def sign(response: HttpResponse) -> str:
    if response.status_code == 302 and response.headers["Location"].startswith(reverse(settings.LOGIN_URL)):
        return "L"
    return {403: "F", 404: "N"}.get(response.status_code, "+")


def expected(row: dict, method: str, objects: str) -> dict[str, str] | None:
    """What the table says, role by role; None where the method is not spoken of."""
    said = row.get(method, row)
    if not isinstance(said, dict):
        return None
    return dict(zip(ROLES, TABLE["answers"][said[objects]].split(), strict=True))


@pytest.fixture
def cookies(cast) -> dict[str, SimpleCookie]:
    """Everybody's session, by role; the anonymous visitor has none."""
    kept = {"anonymous": SimpleCookie()}
    for role in ROLES[1:]:
        client = Client()
        client.force_login(getattr(cast, role))
        kept[role] = client.cookies
    return kept


@pytest.fixture
def known(monkeypatch) -> None:
    """Whose session it is, and which roles they hold, is asked once; later requests get a copy of what was found."""
    found: dict[str, User] = {}

    def get_user(request: HttpRequest) -> User | AnonymousUser:
        key = request.session.session_key
        if key is None:
            return django_get_user(request)
        if key not in found:
            found[key] = django_get_user(request)
            roles_of(found[key])
        return copy.copy(found[key])

    django_get_user = auth.get_user
    monkeypatch.setattr(auth, "get_user", get_user)


@dataclass
class Pages:
    are_rendered: bool = True


def answer(client: Client, cookie: SimpleCookie, method: str, url: str) -> str:
    """Answer of one request by whose session it is; whatever it changes is taken back."""
    client.cookies = SimpleCookie(cookie.output(header="", sep=";"))
    with transaction.atomic():
        response = getattr(client, method)(url)
        if response.streaming:
            list(response)  # a download is closed once it was read
        transaction.set_rollback(True)
    return sign(response)


@pytest.fixture
def pages(monkeypatch) -> Pages:
    """Pages are rendered for the first whom a route admits; for the others only the answer counts."""
    pages, render = Pages(), Template.render

    def rendered(template: Template, context: dict | None = None, request: HttpRequest | None = None) -> SafeString:
        return render(template, context, request) if pages.are_rendered else mark_safe("")

    monkeypatch.setattr(Template, "render", rendered)
    return pages


#: The routes in parts, so that several processes share them.
PARTS = [
    "[^:]+$", "accounts:", "portfolio:[a-j]", "portfolio:[k-z]",
    "gates:[a-d]", "gates:[e-j]", "gates:[k-q]", "gates:[r-z]",
]  # fmt: skip


def test_every_route_is_in_one_part():
    assert {name for name in ROWS if sum(bool(re.match(part, name)) for part in PARTS) != 1} == set()


@pytest.mark.parametrize("part", PARTS)
def test_who_is_admitted(part, world, cookies, known, pages):
    patterns, wrong, client = dict(routes()), [], Client()
    for name in sorted(name for name in ROWS if re.match(part, name)):
        row = ROWS[name]
        for objects in ("any", "open", "restricted"):
            for method in ("get", "post"):
                said = expected(row, method, objects) if objects in row else None
                if said is None:
                    continue
                url = reverse(name, kwargs=world.arguments(name, patterns[name], objects))
                seen, pages.are_rendered = {}, True
                for role in sorted(ROLES, key=lambda role: (said[role] != "+", -ROLES.index(role))):
                    seen[role] = answer(client, cookies[role], method, url)
                    pages.are_rendered &= seen[role] != "+"
                wrong += [
                    f"{method} {name} ({objects}) {role}: {seen[role]}, not {said[role]}"
                    for role in ROLES
                    if seen[role] != said[role]
                ]
    assert wrong == []
