"""Choosing a time zone."""

import functools
import zoneinfo
from typing import Any

from django import forms

_REGIONS = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)

Choices = list[tuple[str, str]]


@functools.cache
def zone_choices() -> tuple[tuple[str, Choices], ...]:
    """Every place with a time zone, by region; names that only stand for another are left out."""
    regions: dict[str, Choices] = {"World": [("UTC", "UTC")]}
    for name in sorted(zoneinfo.available_timezones()):
        region = name.partition("/")[0]
        if region in _REGIONS:
            regions.setdefault(region, []).append((name, name.replace("_", " ")))
    return tuple(regions.items())


class ZoneField(forms.ChoiceField):
    """A time zone. One that is in use and not on the list is offered too, so that saving changes nothing unasked."""

    def __init__(self, *, label: str = "Time zone", **kwargs: Any) -> None:
        super().__init__(choices=zone_choices, label=label, **kwargs)

    def offer(self, name: str) -> None:
        """Add a zone that is in use to the choices."""
        if name and not self.valid_value(name):
            self.choices = [("In use now", [(name, name)]), *zone_choices()]
