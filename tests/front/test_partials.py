"""Every shared piece renders in every state: the word is there, and its shape is in the sprite."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages.storage.base import LEVEL_TAGS, Message
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from portfolio.states import LampState, Outcome, Severity, Stage

SIGNS = set(re.findall(r'<symbol id="([^"]+)"', (Path(settings.BASE_DIR) / "static/icons.svg").read_text()))
LATE = Thing(
    days=42,
    due=date(2026, 10, 10),
    monthly_cost=Decimal(12400),
    months=Decimal("1.4"),
    cost_of_waiting=Decimal(17360),
)


def rendered(partial: str, query: str = "", **context: Any) -> str:
    request = RequestFactory().get("/list/" + query)
    return render_to_string(f"partials/{partial}.html", context, request=request)


def text_of(html: str) -> str:
    """Return what a reader sees: tags gone, spaces (unbreakable ones too) made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?(time|strong)\b[^>]*>", "", html)).split())


def signs_in(html: str) -> set[str]:
    return set(re.findall(r'<use href="[^"#]*#([^"]+)"', html))


@pytest.mark.parametrize("state", LampState)
def test_a_lamp_is_a_word_and_a_shape(state):
    html = rendered("lamp", state=state.value)
    assert text_of(html) == state.label
    assert signs_in(html) == {f"lamp-{state.value.replace('_', '-')}"}
    assert signs_in(html) <= SIGNS


def test_no_two_lamps_share_a_shape():
    sprite = (Path(settings.BASE_DIR) / "static/icons.svg").read_text()
    shapes = dict(re.findall(r'<symbol id="(lamp-[^"]+)"[^>]*>(.*?)</symbol>', sprite))
    assert len(shapes) == len(LampState)
    assert len(set(shapes.values())) == len(LampState)


def test_lamps_in_a_list_name_the_gate_for_those_who_listen():
    html = rendered("lamps", states=["passed", "in_review"])
    assert text_of(html) == "Gate 1: Passed Gate 2: In review"


def test_lamps_in_full_show_name_word_and_reason():
    lamps = [Thing(gate="Production data", state="returned", url="/g/", reason="Waits on Data")]
    html = rendered("lamps", lamps=lamps)
    assert text_of(html) == "Production data Returned Waits on Data"
    assert 'href="/g/"' in html


def test_lamps_in_full_can_be_shown_small():
    html = rendered("lamps", lamps=[Thing(gate="Production data", state="returned")], compact=True)
    assert text_of(html) == "Production data: Returned"


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_is_a_word_and_a_shape(stage):
    html = rendered("stage", stage=stage.value)
    assert text_of(html) == stage.label
    assert signs_in(html) <= SIGNS


@pytest.mark.parametrize("outcome", Outcome)
def test_a_decision_is_a_word_and_a_shape(outcome):
    html = rendered("outcome", outcome=outcome.value)
    assert text_of(html) == outcome.label
    assert signs_in(html) <= SIGNS


@pytest.mark.parametrize("severity", Severity)
def test_a_severity_is_a_word_and_a_shape(severity):
    html = rendered("severity", severity=severity.value)
    assert text_of(html) == severity.label
    assert signs_in(html) <= SIGNS


def test_a_count_of_flags_is_read_out_with_its_severity():
    assert text_of(rendered("severity", severity=3, label=2)) == "Serious: 2"


def test_a_stop_is_calm_in_the_style_sheet():
    css = (Path(settings.BASE_DIR) / "static/pilotage.css").read_text()
    serious = "".join(re.findall(r"([^{}]+)\{[^{}]*--tone: var\(--serious\)", css))
    assert "lamp-not-passed" in serious
    assert "stage-stopped" not in serious
    assert "outcome-stop" not in serious


def test_the_clock_shows_days_and_cost_with_its_formula():
    text = text_of(rendered("clock", clock=LATE))
    assert text.startswith("42 days undecided A decision was due on 10 October 2026.")
    assert "EUR 12,400 running cost a month" in text
    assert text.endswith("= EUR 17,360")


def test_the_clock_says_when_the_cost_is_not_known():
    clock = Thing(days=1, due=date(2026, 10, 10), monthly_cost=None, months=None, cost_of_waiting=None)
    text = text_of(rendered("clock", clock=clock))
    assert "1 day undecided" in text
    assert "no monthly running cost is recorded" in text


def test_the_clock_before_the_due_day():
    clock = Thing(days=0, due=date(2026, 10, 10), monthly_cost=None)
    assert text_of(rendered("clock", clock=clock)) == "Decision due on 10 October 2026."


def test_the_clock_with_nothing_due():
    clock = Thing(days=0, due=None, monthly_cost=None)
    assert text_of(rendered("clock", clock=clock)) == "No decision is due now."


@pytest.mark.parametrize(
    ("clock", "text"),
    [
        (
            LATE,
            (
                "42 days undecided EUR 17,360 of waiting "
                "EUR 12,400 running cost a month × 12 months ÷ 365 days × "  # noqa: RUF001  as people write it
                "42 days undecided = EUR 17,360"
            ),
        ),
        (Thing(days=0, due=date(2026, 10, 10)), "Due 10 October 2026"),
        (Thing(days=0, due=None), "No decision due"),
    ],
)
def test_the_clock_in_a_list(clock, text):
    assert text_of(rendered("clock", clock=clock, compact=True)) == text


def test_the_pager_keeps_the_query():
    page = Paginator(range(2133), 25).page(7)
    html = rendered("pager", "?q=claims&page=7", page=page, noun="pilots", target="results")
    assert text_of(html).startswith("151 to 175 of 2,133 pilots")
    assert 'href="?q=claims&amp;page=8"' in html
    assert 'hx-get="?q=claims&amp;page=8"' in html
    assert 'hx-target="#results"' in html


def test_a_single_page_shows_its_count_only():
    html = rendered("pager", page=Paginator(range(3), 25).page(1), noun="pilots")
    assert text_of(html) == "3 pilots"
    assert "<a" not in html


@pytest.mark.parametrize(
    ("sort", "aria", "link"),
    [
        ("", None, "?q=x&amp;sort=title"),
        ("title", "ascending", "?q=x&amp;sort=-title"),
        ("-title", "descending", "?q=x&amp;sort=title"),
    ],
)
def test_a_column_head_sorts_and_turns_round(sort, aria, link):
    html = rendered("sort_header", "?q=x&page=3", column="title", label="Pilot", sort=sort)
    assert f'href="{link}"' in html
    assert re.findall(r'aria-sort="(\w+)"', html) == ([aria] if aria else [])


def test_obstacles_name_who_can_clear_them():
    obstacles = [Thing(what="No owner is named", who="a portfolio manager", url="/pilots/P-0001/people/")]
    html = rendered("obstacles", obstacles=obstacles, id="why")
    assert text_of(html) == "Not possible yet No owner is named Can be cleared by a portfolio manager"
    assert 'id="why"' in html


def test_no_obstacle_shows_nothing():
    assert text_of(rendered("obstacles", obstacles=[])) == ""


def test_facts_say_what_is_not_recorded_and_keep_a_zero():
    facts = [Thing(label="Vendor", value=""), Thing(label="Open flags", value=0)]
    assert text_of(rendered("facts", facts=facts)) == "Vendor Not recorded Open flags 0"


def test_a_conflict_shows_both_texts_and_posts_the_current_version():
    conflict = Thing(
        action="/edit/", back="/pilot/", version=7, by="Jonas Weber", at=datetime(2026, 11, 21, 13, 2, tzinfo=UTC),
        hidden=[("key", "abc")],
        fields=[
            Thing(name="summary", label="Summary", long=True, theirs="Theirs.", yours="Yours."),
            Thing(name="title", label="Title", theirs="T", yours="Y"),
            Thing(name="risk", label="Risk", fixed=True, yours="high", theirs_text="Low", yours_text="High"),
        ],
    )  # fmt: skip
    html = rendered("conflict", conflict=conflict)
    for piece in ("Theirs.", "Yours.", 'name="version" value="7"', 'name="key"', 'name="risk"', "Jonas Weber"):
        assert piece in html


def test_a_conflict_loses_no_leading_line_break():
    fields = [Thing(name="summary", label="Summary", long=True, theirs="", yours="\nfirst")]
    conflict = Thing(action="/", back="/", version=1, by="J", at=None, hidden=[], fields=fields)
    assert ">\n\nfirst</textarea>" in rendered("conflict", conflict=conflict)


def test_the_timeline_tells_when_who_and_what():
    event = Thing(at=datetime(2026, 3, 3, 8, 0, tzinfo=UTC), what="Round 1 started", who="Amina", detail="As agreed")
    text = text_of(rendered("timeline", events=[event]))
    assert text == "Round 1 started 3 March 2026, 09:00, Amina As agreed"


def test_an_empty_list_says_what_to_do():
    html = rendered("empty", title="No pilot yet", text="Propose one.", url="/new/", label="Propose a pilot")
    assert text_of(html) == "No pilot yet Propose one. Propose a pilot"


@pytest.mark.parametrize("level", ["success", "info", "warning", "danger"])
def test_messages_are_announced(level):
    number = {tag: number for number, tag in LEVEL_TAGS.items()}[level]
    html = rendered("messages", messages=[Message(number, "Saved")])
    assert text_of(html) == "Saved"
    assert 'aria-live="polite"' in html
    assert signs_in(html) <= SIGNS


class Filters(forms.Form):
    q = forms.CharField(label="Search", required=False)
    undecided = forms.BooleanField(required=False)


def test_filters_work_without_javascript():
    html = rendered("filters", form=Filters(), target="results")
    assert 'method="get"' in html
    assert '<button class="btn btn-quiet" type="submit">' in html
    assert 'hx-get="/list/"' in html


def test_a_field_with_an_error_tells_why():
    class Form(forms.Form):
        title = forms.CharField(help_text="A few words.")

    html = rendered("field", field=Form({})["title"])
    assert "This field is required." in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_helptext"' in html


def test_the_navigation_marks_where_one_is():
    entries = [Thing(label="Portfolio", url="/portfolio/", icon="portfolio", current=True)]
    user = Thing(is_authenticated=True, name="Amina", email="amina@example.org")
    html = rendered("navigation", user=user, navigation=entries, navigation_foot=[])
    assert html.count('aria-current="page"') == 2
    assert signs_in(html) <= SIGNS


def test_visitors_get_no_navigation():
    assert "<nav" not in rendered("navigation", user=Thing(is_authenticated=False))
