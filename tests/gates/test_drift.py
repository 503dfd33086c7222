"""The list of what drifts, and looking again now."""

import pytest
from django.urls import reverse

from gates.scanning import scan
from tests import building

DRIFT = reverse("gates:drift")
SCAN = reverse("gates:drift-scan")


@pytest.fixture(autouse=True)
def _on_the_day(time_machine_at_now):
    """Pages ask the clock; here it stands."""


@pytest.fixture
def time_machine_at_now(now):
    import time_machine

    with time_machine.travel(now, tick=False):
        yield


def titles(response) -> list[str]:
    return [row.flag.pilot.title for row in response.context["rows"]]


def test_nothing_drifts(cast, sign_in):
    response = sign_in(cast.viewer).get(DRIFT)
    assert response.status_code == 200
    assert "Nothing drifts" in response.content.decode()


def test_the_worst_come_first_with_what_they_mean_and_what_clears_them(cast, sign_in, today, now):
    building.awaiting(cast, today=today, now=now, due=-5, title="Young")
    building.awaiting(cast, today=today, now=now, due=-80, title="Old")
    building.awaiting(cast, today=today, now=now, due=-60, title="Middle")
    building.awaiting(cast, today=today, now=now, due=5, title="Not yet")
    scan(actor=None, today=today, now=now)

    response = sign_in(cast.viewer).get(DRIFT)

    assert titles(response) == ["Old", "Middle", "Young"]
    page = response.content.decode()
    assert "A recorded decision: scale, redesign, stop or keep as research." in page
    assert "Work, money and people wait for an answer." in page
    assert "80 days" in page
    assert "?rule=decision-overdue" in page
