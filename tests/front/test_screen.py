"""Icons, words, money, days and page numbers, as every screen shows them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.utils import timezone

from accounts.templatetags.screen import (
    counted,
    dashed,
    day,
    grouped,
    icon,
    moment,
    money,
    outcome_words,
    page_numbers,
    severity_name,
    words,
)
from portfolio.states import LampState, Outcome, Severity, Stage

SPACE = "\N{NO-BREAK SPACE}"


def test_an_icon_is_a_reference_that_screen_readers_skip():
    html = icon("lamp", LampState.IN_REVIEW.value)
    assert html == (
        '<svg class="icon" aria-hidden="true" focusable="false">'
        '<use href="/static/icons.svg#lamp-in-review"></use></svg>'
    )


def test_an_icon_name_cannot_bring_markup():
    assert "<script" not in icon('"><script>')


@pytest.mark.parametrize("state", [*LampState, *Stage])
def test_words_of_states_are_those_of_the_rooms(state):
    assert words(state.value) == state.label


@pytest.mark.parametrize("outcome", Outcome)
def test_words_of_decisions_are_those_of_the_room(outcome):
    assert outcome_words(outcome.value) == outcome.label


@pytest.mark.parametrize("severity", Severity)
def test_a_severity_goes_by_rank_or_name(severity):
    name = severity_name(severity.value)
    assert words(name) == severity.label
    assert severity_name(name) == name


def test_dashed():
    assert dashed("In_review now") == "in-review-now"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("12400.00"), f"EUR{SPACE}12,400"),
        (0, f"EUR{SPACE}0"),
        (Decimal("-1999.60"), f"EUR{SPACE}\N{MINUS SIGN}2,000"),
        (None, ""),
    ],
)
def test_money(amount, text):
    assert money(amount) == text


def test_money_is_in_the_currency_of_the_installation(settings):
    settings.CURRENCY = "CHF"
    assert money(5) == f"CHF{SPACE}5"


def test_grouped():
    assert grouped(2133) == "2,133"


@pytest.mark.parametrize(
    ("total", "noun", "text"),
    [(0, "mails", "0 mails"), (1, "mails", "1 mail"), (2133, "mails", "2,133 mails"), (1, "people", "1 person")],
)
def test_counted(total, noun, text):
    assert counted(total, noun) == text


def test_a_day():
    assert day(date(2026, 3, 14)) == f'<time datetime="2026-03-14">14{SPACE}March 2026</time>'
    assert day(None) == ""


def test_the_day_of_a_moment_is_the_readers():
    late = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert day(late) == f'<time datetime="2026-03-15">15{SPACE}March 2026</time>'


def test_a_moment_is_in_the_readers_time():
    with timezone.override(ZoneInfo("America/New_York")):
        html = moment(datetime(2026, 3, 14, 13, 2, tzinfo=UTC))
    assert html == f'<time datetime="2026-03-14T13:02:00+00:00">14{SPACE}March 2026, 09:02</time>'
    assert moment(None) == ""


def test_page_numbers_leave_gaps():
    assert list(page_numbers(Paginator(range(2133), 25).page(9))) == [1, "…", 8, 9, 10, "…", 86]
