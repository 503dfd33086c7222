"""What every template may use."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.access import signed_in
from accounts.permissions import is_administrator


@dataclass(frozen=True)
class NavigationEntry:
    """One entry of the main navigation."""

    label: str
    url: str
    icon: str
    current: bool


_ENTRIES = (
    ("My work", "gates:my-work", "home"),
    ("Portfolio", "portfolio:pilot-list", "portfolio"),
    ("Reviews", "gates:review-queue", "review"),
    ("Meetings", "gates:meeting-list", "calendar"),
    ("Decisions", "gates:decision-list", "decision"),
    ("Drift", "gates:drift", "drift"),
)
_FOOT_ENTRIES = (("Account", "accounts:account", "account"),)
_ADMINISTRATOR_ENTRIES = (("Settings", "accounts:settings", "settings"),)


def installation(_request: HttpRequest) -> dict[str, Any]:
    """The installation's currency, and whether this is a trial."""
    return {"currency": settings.CURRENCY, "trial": settings.TRIAL}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries of the navigation that this visitor can use."""
    user = getattr(request, "user", None)
    if user is None or not signed_in.admits(user):
        return {"navigation": []}
    foot = _FOOT_ENTRIES + (_ADMINISTRATOR_ENTRIES if is_administrator(user) else ())
    return {
        "navigation": [found for entry in _ENTRIES if (found := _entry(request, *entry))],
        "navigation_foot": [found for entry in foot if (found := _entry(request, *entry))],
    }


def _entry(request: HttpRequest, label: str, name: str, icon: str) -> NavigationEntry | None:
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    current = request.path == url or (url != "/" and request.path.startswith(url))
    return NavigationEntry(label, url, icon, current)
