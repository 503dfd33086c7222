"""Forms for the people of a pilot."""

from datetime import date
from typing import Any

from django import forms

from accounts.forms.days import DayField
from portfolio.models import Assignment
from portfolio.states import Authority, Part

#: The question of requirement 4, as it is asked beside a sponsor.
AUTHORITY_QUESTION = "Does the sponsor direct budget and priorities, or ask for them?"
AUTHORITY_WHY = "One who must ask needs a yes from somebody else before this can scale; better to know whose, now."


class AssignForm(forms.Form):
    """Naming somebody for a part, by e-mail address; handing it over where somebody holds it."""

    part = forms.ChoiceField(choices=Part)
    email = forms.EmailField(label="E-mail address", help_text="Who has no account yet is invited by mail.")
    name = forms.CharField(label="Name", max_length=120, required=False, help_text="Only needed for somebody new.")
    since = DayField(
        label="From", required=False, help_text="Whoever holds the part now hands it over on this day. Empty: today."
    )
    authority = forms.ChoiceField(
        label=AUTHORITY_QUESTION,
        choices=Authority,
        required=False,
        widget=forms.RadioSelect,
        help_text=AUTHORITY_WHY,
    )

    def chosen_authority(self) -> Authority:
        """Of a sponsor; not said where nothing was chosen."""
        return Authority(self.cleaned_data["authority"] or Authority.UNKNOWN)


class AuthorityForm(forms.Form):
    """Whether the sponsor directs budget and priorities."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    authority = forms.ChoiceField(
        label=AUTHORITY_QUESTION, choices=Authority, widget=forms.RadioSelect, help_text=AUTHORITY_WHY
    )


class DaysForm(forms.Form):
    """Correcting mistyped days of a part; one that goes on has no last day to correct."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    since = DayField(label="From")
    until = DayField(label="Until", help_text="The day on which it ended, or on which the next person took over.")

    def __init__(self, *args: Any, held: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if held.until is None:
            del self.fields["until"]

    def days(self) -> tuple[date, date | None]:
        """From and until."""
        return self.cleaned_data["since"], self.cleaned_data.get("until")


class OnForm(forms.Form):
    """The day for which people are shown; a day that is none is today."""

    on = DayField(label="On this day", required=False)

    def day(self, today: date) -> date:
        """The day that was asked for."""
        chosen: date | None = self.cleaned_data.get("on") if self.is_valid() else None
        return chosen or today
