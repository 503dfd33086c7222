"""Laws of every template: nothing inline, nothing from elsewhere, lint clean, errors and sign-in in our words."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.parts[0] != "mail"]
COMMENTS = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
SIGNS = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "an htmx handler": re.compile(r"hx-on", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(r"(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE),
}


def source(path: Path) -> str:
    return COMMENTS.sub("", (ROOT / "templates" / path).read_text())


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_carries_nothing_inline(path):
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source(path))] == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color: red">',
        "<style>p{}</style>",
        '<a onclick="x()">',
        '<div hx-on:click="x()">',
        "<script>x()</script>",
        '<a href="javascript:x()">',
        '<img src="//elsewhere/x.png">',
    ],
)
def test_the_law_catches_what_it_forbids(bad):
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(bad)] != []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_compiles(path):
    get_template(str(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_icon_named_is_in_the_sprite(path):
    named = set(re.findall(r'{% icon "([^"]+)" %}', source(path)))
    assert named - SIGNS == set()


def test_templates_are_lint_clean():
    result = subprocess.run(
        [sys.executable, "-m", "djlint", "templates", "--lint", "--quiet"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout


def test_htmx_is_set_up_as_written():
    config = json.loads((ROOT / "templates/partials/htmx_config.json").read_text())
    assert {rule["code"]: rule["swap"] for rule in config.pop("responseHandling")} == {
        "204": False,
        "[23]..": True,
        "422": True,
        "409": True,
        "[45]..": False,
    }
    assert config == {
        "historyCacheSize": 0,
        "historyRestoreAsHxRequest": False,
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "timeout": 20000,
    }


def test_the_script_stays_small():
    assert len((ROOT / "static/pilotage.js").read_text().splitlines()) < 150


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "429"])
def test_an_error_page_has_a_title_a_heading_and_a_way_on(name):
    html = render_to_string(f"{name}.html", {"needs": "the role auditor"}, request=RequestFactory().get("/x/"))
    assert len(re.findall(r"<h1>", html)) == 1
    assert re.search(r"<title>\s*\S+", html)
    assert 'href="/"' in html


def test_the_page_for_our_own_faults_needs_nothing():
    html = get_template("500.html").render()
    assert "The fault is ours" in html
    assert "{" not in html


def test_refusals_say_which_right_is_needed():
    html = render_to_string("403.html", {"needs": "the role auditor"}, request=RequestFactory().get("/x/"))
    assert "This page needs <strong>the role auditor</strong>" in html


def test_what_the_refused_right_is_called_cannot_bring_markup():
    html = render_to_string("403.html", {"needs": "<b>x</b>"}, request=RequestFactory().get("/x/"))
    assert "<b>x</b>" not in html
