"""Forms of the reviewers' queue: narrowing it, handing a review over, naming a substitute."""

from typing import Any, cast

from django import forms

from accounts.forms.days import DayField
from accounts.models import User
from accounts.states import Function


class QueueForm(forms.Form):
    """Narrows the queue. What cannot be read does not narrow."""

    search = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Pilot or gate"}),
    )
    function = forms.ChoiceField(required=False, choices=[("", "All functions"), *Function.choices])

    def chosen(self) -> dict[str, str]:
        """Return the filters in force, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class HandOverForm(forms.Form):
    """To whom a review goes, with a note for them."""

    to = forms.ModelChoiceField(
        label="To", queryset=User.objects.none(), empty_label="Choose somebody",
        error_messages={"required": "Choose who takes it."},
    )  # fmt: skip
    note = forms.CharField(
        label="Note for them",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Leave a note for whoever takes it."},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["to"]).queryset = people


class SubstituteForm(forms.Form):
    """Who stands in, from the first day to the last."""

    stands_in = forms.ModelChoiceField(
        label="Who stands in", queryset=User.objects.none(), empty_label="Choose somebody",
        error_messages={"required": "Choose who stands in for you."},
    )  # fmt: skip
    since = DayField(label="First day")
    until = DayField(label="Last day")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["stands_in"]).queryset = people
