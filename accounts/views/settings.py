"""The index of what administrators set."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from accounts.access import SignedInRequest, access, administrators
from accounts.settings_registry import SettingsEntry, settings_entries


@dataclass(frozen=True)
class Shown:
    """An entry with its address."""

    entry: SettingsEntry
    url: str


@access(administrators)
def settings(request: SignedInRequest) -> HttpResponse:
    """Every page that a room registered and that has an address."""
    shown = []
    for entry in settings_entries():
        try:
            shown.append(Shown(entry, reverse(entry.url_name)))
        except NoReverseMatch:
            continue
    return render(request, "accounts/settings.html", {"entries": shown})
