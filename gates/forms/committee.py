"""Forms for who sits in a committee, and who reviews for a function."""

from typing import Any

from django import forms

from accounts.models import User
from accounts.models.user import known_time_zone
from accounts.states import Function
from gates.models import Committee
from gates.states import CommitteePart, MajorityRule, Weekday

_PACK_HOURS = 48


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _person() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label="Person", queryset=User.objects.active().order_by("name", "email"), empty_label="Choose a person"
    )


class CommitteeForm(forms.Form):
    """A committee's name and rules."""

    name = forms.CharField(label="Name", max_length=120)
    slug = forms.SlugField(
        label="Short name for addresses", max_length=60, help_text="Letters, digits and hyphens; it stays as it is."
    )
    time_zone = forms.CharField(
        label="Time zone",
        max_length=64,
        validators=[known_time_zone],
        help_text="Such as Europe/Paris; its days begin and end there.",
    )
    quorum = forms.IntegerField(label="Quorum", min_value=1, max_value=100, help_text="Members who must be present.")
    quorum_share = forms.IntegerField(
        label="Quorum as a share of the seats, in percent",
        min_value=1,
        max_value=100,
        required=False,
        help_text="Rounded up. Where it is given, it counts in place of the number.",
    )
    majority_rule = forms.ChoiceField(label="Majority", choices=MajorityRule.choices)
    meets_every_weeks = forms.IntegerField(
        label="Meets every so many weeks", min_value=1, max_value=26, required=False, help_text="Empty: as it comes."
    )
    meets_on = forms.TypedChoiceField(
        label="On", choices=[("", "No fixed day"), *Weekday.choices], coerce=int, empty_value=None, required=False
    )
    meets_at = forms.TimeField(
        label="At", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False
    )
    place = forms.CharField(label="Place", max_length=200, required=False, help_text="A room or a link.")
    pack_hours = forms.IntegerField(
        label="Hours before a meeting at which its pack goes out",
        min_value=1,
        max_value=336,
        required=False,
        help_text="Empty: 48.",
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, committee: Committee | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if committee is not None:
            del self.fields["slug"]

    def clean(self) -> dict[str, Any]:
        """A cadence is whole: weeks, day and hour, or none of them."""
        said: dict[str, Any] = super().clean() or {}
        said["pack_hours"] = said.get("pack_hours") or _PACK_HOURS
        names = ("meets_every_weeks", "meets_on", "meets_at")
        missing = [name for name in names if said.get(name) is None]
        if 0 < len(missing) < len(names):
            for name in missing:
                self.add_error(name, "A cadence needs weeks, day and hour; leave all three empty for none.")
        return said


class SeatForm(forms.Form):
    """Who takes a seat, and since when."""

    person = _person()
    part = forms.ChoiceField(label="Part", choices=CommitteePart.choices, initial=CommitteePart.MEMBER)
    since = _day("Since")


class ReviewerForm(forms.Form):
    """Who reviews for a function, and since when."""

    person = _person()
    function = forms.ChoiceField(label="Function", choices=Function.choices)
    since = _day("Since")
