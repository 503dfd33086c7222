"""The form for one's own wishes."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from accounts.forms.days import DayField
from accounts.forms.zones import ZoneField
from accounts.models import Preference
from accounts.models.preference import Weekday
from accounts.preferring import version_of
from accounts.states import DigestRhythm

_HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class PreferenceForm(forms.Form):
    """When digests come, and by which clock."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    rhythm = forms.ChoiceField(
        label="Digest of stalled pilots",
        choices=DigestRhythm.choices,
        help_text="It comes only when there is something to say. Monthly ones come on the first such day of the month.",
    )
    weekday = forms.TypedChoiceField(label="On", choices=Weekday.choices, coerce=int)
    hour = forms.TypedChoiceField(label="At", choices=_HOURS, coerce=int)
    away_from = DayField(
        label="Away from",
        required=False,
        help_text="No digest comes while you are away; the one after it tells all that changed in between.",
    )
    away_until = DayField(label="Until", required=False, help_text="The last day of your absence.")
    time_zone = ZoneField(help_text="Times are shown, and digests come, by the clock of this place.")
    language = forms.ChoiceField(label="Language", choices=settings.LANGUAGES)

    def __init__(self, data: QueryDict | None = None, *, wishes: Preference) -> None:
        super().__init__(data, initial=self.shown(wishes))
        zone: ZoneField = self.fields["time_zone"]  # type: ignore[assignment]
        zone.offer(wishes.user.time_zone)

    @staticmethod
    def shown(wishes: Preference) -> dict[str, Any]:
        """The fields as they are saved."""
        return {
            "version": version_of(wishes),
            "rhythm": wishes.rhythm,
            "weekday": wishes.weekday,
            "hour": wishes.hour,
            "away_from": wishes.away_from,
            "away_until": wishes.away_until,
            "time_zone": wishes.user.time_zone,
            "language": wishes.user.language,
        }
