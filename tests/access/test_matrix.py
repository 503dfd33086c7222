"""Every route, every role, own and other's object: declared in matrix.toml, and true.

A row gives one sign per role, in the order of `roles`: + admitted, F refused (403), N not there (404), L led to the
sign-in. `open` speaks of an open pilot, `restricted` of a restricted one; both are Alice's. A row without `restricted`
has no object. GET and POST answer alike unless the row says otherwise with `post`.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import policy_of
from accounts.third_party import POLICIES
from portfolio.states import Visibility
from tests import building

TABLE = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text())
ROLES = TABLE["roles"]
ROWS = TABLE["route"]


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def answers(name: str, pattern: URLPattern) -> bool:
    """Whether the route has a policy; without one it answers 404 to everybody."""
    return policy_of(pattern.callback) is not None or name in POLICIES


def test_every_route_that_answers_has_a_row_and_every_row_a_route():
    assert {name for name, pattern in routes() if answers(name, pattern)} == set(ROWS)


def test_a_route_without_a_policy_does_not_answer(cast, sign_in):
    silent = [name for name, pattern in routes() if not answers(name, pattern)]
    client = sign_in(cast.manager)
    tried = 0
    for name in silent:
        try:
            url = reverse(name)
        except Exception:  # noqa: BLE001, S112  routes with arguments are not tried
            continue
        assert client.get(url).status_code == 404, name
        tried += 1
    assert tried


@pytest.fixture
def world(cast, gate_set, today, now) -> dict[str, dict[str, object]]:
    """Arguments of routes, for Alice's open pilot and for her restricted one."""
    return {
        visibility: building.arguments(cast, today=today, now=now, visibility=visibility)
        for visibility in (Visibility.OPEN, Visibility.RESTRICTED)
    }


def visitor(cast, role: str) -> Client:
    client = Client()
    if role != "anonymous":
        client.force_login(getattr(cast, role))
    return client


def sign(response: HttpResponse) -> str:
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(reverse(settings.LOGIN_URL)):
        return "L"
    return {403: "F", 404: "N"}.get(response.status_code, "+")


def arguments_of(name: str, known: dict[str, object]) -> dict[str, object]:
    pattern = dict(routes())[name]
    return {argument: known[argument] for argument in pattern.pattern.converters}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_who_is_admitted(name, cast, world):
    row = ROWS[name]
    for visibility in (Visibility.OPEN, Visibility.RESTRICTED):
        if visibility not in row:
            continue
        url = reverse(name, kwargs=arguments_of(name, {**world[visibility], **row.get("arguments", {})}))
        for method in ("get", "post"):
            expected = row.get(
                f"{method}_{visibility}", row.get(method, row[visibility]) if method == "post" else row[visibility]
            )
            if expected == "skip":
                continue
            seen = {role: sign(getattr(visitor(cast, role), method)(url)) for role in ROLES}
            assert seen == dict(zip(ROLES, expected.split(), strict=True)), f"{method} {url}"
