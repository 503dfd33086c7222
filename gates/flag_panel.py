"""What drift adds to the pages of other rooms: the flags of a pilot, and an entry of the settings."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.settings_registry import SettingsEntry, register_settings
from gates.flag_stories import with_stories
from gates.models import Flag
from gates.open_flags import WORST_FIRST, listed, one_for_each_family, shown
from portfolio.clock import days_at
from portfolio.models import Pilot
from portfolio.registry import Panel, register_panel

#: Closed flags shown below the open ones.
PAST_SHOWN = 5


def _flags(pilot: Pilot, user: User) -> dict[str, Any]:
    """Its open flags, worst first, with their stories, and the last ones that closed. At most eleven queries."""
    of_pilot = Flag.objects.filter(pilot=pilot)
    days = days_at(timezone.now())
    still_open = listed(one_for_each_family(of_pilot.filter(closed_on=None)), WORST_FIRST)
    past = of_pilot.exclude(closed_on=None).order_by("-closed_on", "-id")[:PAST_SHOWN]
    return {
        "open_flags": with_stories(shown(list(still_open), days.here), days, user),
        "past_flags": shown(list(past), days.here),
    }


register_panel(Panel("flags", 35, "gates/drift_panel.html", _flags, title="Drift", wide=True))
register_settings(
    SettingsEntry(
        "Drift rules", "What counts as drift: each rule on or off, its threshold, how serious it is.",
        "gates:rule-list", 60, "drift",
    )
)  # fmt: skip
