"""Forms for people and their roles."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from accounts.forms.days import DayField
from accounts.forms.zones import ZoneField
from accounts.models import User
from accounts.queries import PersonState
from accounts.states import Function, Role


class PersonFilterForm(forms.Form):
    """What the list of people is narrowed by."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name or e-mail"}),
    )
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "Any"), *Role.choices])
    state = forms.ChoiceField(label="Account", required=False, choices=[("", "Any"), *PersonState.choices])

    def wanted(self) -> dict[str, str]:
        """What is asked for; a choice that does not exist asks for nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class AddPersonForm(forms.Form):
    """A person who is new here."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    name = forms.CharField(label="Name", max_length=120, required=False)
    function = forms.ChoiceField(
        label="Function",
        required=False,
        choices=[("", "None in particular"), *Function.choices],
        help_text="What this person stands for in reviews and meetings.",
    )
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[("", "No role"), *Role.choices],
        help_text="Owners, reviewers and committee members need none: they are named where they act.",
    )
    invite = forms.BooleanField(
        label="Send the invitation now", required=False, initial=True, help_text="A link to join, valid for 14 days."
    )


class PersonForm(forms.Form):
    """What is known of a person. The address of one who has joined is their own affair."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    email = forms.EmailField(label="E-mail address", max_length=254)
    name = forms.CharField(label="Name", max_length=120, required=False)
    function = forms.ChoiceField(
        label="Function", required=False, choices=[("", "None in particular"), *Function.choices]
    )
    time_zone = ZoneField()
    language = forms.ChoiceField(label="Language", choices=settings.LANGUAGES)

    def __init__(self, data: QueryDict | None = None, *, person: User) -> None:
        super().__init__(data, initial=self.shown(person))
        zone: ZoneField = self.fields["time_zone"]  # type: ignore[assignment]
        zone.offer(person.time_zone)
        if person.has_usable_password():
            del self.fields["email"]

    @staticmethod
    def shown(person: User) -> dict[str, Any]:
        """The fields as they are saved."""
        names = ("version", "email", "name", "function", "time_zone", "language")
        return {name: getattr(person, name) for name in names}


class GrantForm(forms.Form):
    """A role, with its dates."""

    role = forms.ChoiceField(label="Role", choices=[("", "Choose one"), *Role.choices])
    since = DayField(label="From")
    until = DayField(
        label="Until", required=False, help_text="The first day without the role. Leave it empty for no end."
    )


class EndForm(forms.Form):
    """The day on which a role ends."""

    until = DayField(label="First day without the role")


class LeavingForm(forms.Form):
    """The day on which a person left."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    left_on = DayField(label="Left on", help_text="From now on this person cannot sign in.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_left_on(self) -> date:
        left_on: date = self.cleaned_data["left_on"]
        if left_on > self.today:
            raise forms.ValidationError("This day is still to come. Note it when the person has left.")
        return left_on
