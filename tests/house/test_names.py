"""One name in three places: the URL's, the view's, the template's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern

from tests.access.test_matrix import routes

OURS = ("accounts:", "portfolio:", "gates:")
#: Views whose form stands on another page, that only lead on, or give a file: they have no page of their own.
PAGELESS = {
    "gates:stand-in-end", "gates:meeting-open", "gates:meeting-begin", "gates:meeting-close", "gates:meeting-cancel",
    "gates:attendance-note", "gates:agenda-fill", "gates:agenda-agree", "gates:item-add",
    "gates:item-drop", "gates:item-place",
    "gates:item-time", "gates:calendar-end", "gates:calendar-feed",
    "gates:snooze-end", "gates:exemption-end",
    "gates:vote-cast", "gates:vote-recuse", "gates:vote-close", "gates:proposal-call-in", "gates:proposal-withdraw",
    "gates:proposal-record", "gates:decision-export",
    "accounts:mail-preview", "accounts:mail-bounce", "accounts:bounce-end", "accounts:bounce-hook",
    "gates:digest-detail", "accounts:mail-resend", "accounts:mail-suppress", "accounts:person-invite",
    "accounts:person-leave", "accounts:person-return", "accounts:role-end", "accounts:role-grant",
    "accounts:second-step-drop",
    "gates:criterion-assess", "gates:criterion-bring-back", "gates:criterion-move", "gates:criterion-retire",
    "gates:gate-set-begin", "gates:gate-set-discard",
    "portfolio:assumption-create", "portfolio:assumption-edit", "portfolio:assumption-remove",
    "portfolio:benefit-create", "portfolio:benefit-edit", "portfolio:benefit-remove",
    "portfolio:business-case-create", "portfolio:business-case-submit", "portfolio:cost-line-edit",
    "gates:evidence-file", "gates:evidence-use",
    "gates:decision-snapshot", "gates:drift-scan", "gates:review-conclude", "gates:reviewer-end", "gates:seat-create",
    "gates:seat-end", "portfolio:friction-close", "portfolio:measurement-export",
    "portfolio:contract-take-over", "portfolio:criterion-remove",
    "portfolio:friction-create", "portfolio:import-report", "portfolio:part-end",
    "gates:intervention-finish", "gates:intervention-give-up",
    "gates:condition-accept", "gates:condition-return",
    "gates:condition-meet", "gates:condition-waive", "gates:request-take", "gates:reuse-end", "gates:substitute-end",
    "gates:claim-save", "gates:comment-add", "gates:review-reopen", "gates:review-return", "gates:review-submit",
}  # fmt: skip


def ours() -> Iterator[tuple[str, URLPattern]]:
    for name, pattern in routes():
        if name.startswith(OURS):
            yield name, pattern


@pytest.mark.parametrize(("name", "pattern"), list(ours()), ids=[name for name, _ in ours()])
def test_route_view_and_template_share_their_name(name, pattern):
    room, _, own = name.partition(":")
    view = own.replace("-", "_")
    assert pattern.callback.__name__ == view
    assert pattern.callback.__module__.startswith(f"{room}.views.")
    template = Path(settings.BASE_DIR) / "templates" / room / f"{view}.html"
    assert template.exists() == (name not in PAGELESS), template


def test_no_page_is_left_over():
    known = {f"{name.partition(':')[0]}/{name.partition(':')[2].replace('-', '_')}" for name, _ in ours()}
    folder = Path(settings.BASE_DIR) / "templates"
    extending = {
        f"{path.parent.name}/{path.stem}"
        for room in ("accounts", "portfolio", "gates")
        for path in (folder / room).glob("*.html")
        if '{% extends "base.html" %}' in path.read_text()
    }
    assert extending - known == set()
