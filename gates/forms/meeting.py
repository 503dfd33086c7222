"""Forms of meetings: when and where, what is on the agenda, what is minuted."""

from datetime import datetime
from typing import Any

from django import forms

from accounts.models import User
from gates.models import AgendaItem, Committee, Meeting
from gates.states import ItemKind
from portfolio.models import Pilot


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _time(label: str, **more: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


class MeetingForm(forms.Form):
    """When and where a committee meets, in its own time zone."""

    day = _day("Day")
    time = _time("Time")
    planned_minutes = forms.IntegerField(label="Minutes", min_value=5, max_value=600, initial=90)
    place = forms.CharField(label="Place", max_length=200, required=False, help_text="A room or a link.")
    reason = forms.CharField(
        label="Why it is moved",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="The members read it. Only needed once the pack is out.",
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, committee: Committee, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committee = committee
        self.fields["time"].help_text = f"In {committee.time_zone}."
        if meeting is None:
            del self.fields["reason"]

    def starts_at(self, zone: Any) -> datetime:
        """The moment that day and time name."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=zone)


class ItemForm(forms.Form):
    """Something that is put on the agenda by hand."""

    kind = forms.ChoiceField(
        label="What is done",
        choices=[(kind.value, kind.label) for kind in (ItemKind.FREE, ItemKind.NOTE, ItemKind.DECIDE)],
    )
    title = forms.CharField(label="What it is about", max_length=200)
    pilot = forms.ModelChoiceField(
        label="Pilot",
        queryset=Pilot.objects.none(),
        required=False,
        empty_label="None",
        help_text="To decide, name one.",
    )
    planned_minutes = forms.IntegerField(label="Minutes", min_value=0, max_value=300, initial=10)

    def __init__(self, *args: Any, committee: Committee, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pilots = Pilot.objects.visible_to(user).filter(committee_slug=committee.slug).order_by("title")
        self.fields["pilot"].queryset = pilots  # type: ignore[attr-defined]


class ItemEditForm(forms.Form):
    """An item's words, minutes, and whether it is routine."""

    title = forms.CharField(label="What it is about", max_length=200)
    planned_minutes = forms.IntegerField(label="Minutes", min_value=0, max_value=300)
    consent = forms.BooleanField(label="Routine: agreed to with the others of the consent list", required=False)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if item.kind == ItemKind.DECIDE:
            del self.fields["consent"]


class PostponeForm(forms.Form):
    """Why an item is moved, who sees to it, and when it is back."""

    reason = forms.CharField(label="Why it is moved", widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ModelChoiceField(
        label="Who sees to it",
        queryset=User.objects.active().order_by("name", "email"),
        empty_label="Choose a person",
        help_text="That it can be decided then.",
    )
    until = _day("Back on the agenda from")


class DropForm(forms.Form):
    """Why an item is taken off."""

    reason = forms.CharField(label="Why it is taken off", widget=forms.Textarea(attrs={"rows": 2}))


class MinutesForm(forms.Form):
    """What was said of an item, and what came of it."""

    minutes = forms.CharField(label="Minutes", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    outcome = forms.CharField(label="Outcome, in a line", max_length=300, required=False)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput, required=False)


class SubstituteForm(forms.Form):
    """Who sits for a member, and when."""

    member = forms.ModelChoiceField(label="Member", queryset=User.objects.none(), empty_label="Choose a member")
    stands_in = forms.ModelChoiceField(
        label="Who sits there meanwhile",
        queryset=User.objects.active().order_by("name", "email"),
        empty_label="Choose a person",
    )
    since = _day("From")
    until = _day("Until, that day included")

    def __init__(self, *args: Any, members: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=members).order_by("name", "email")
        self.fields["member"].queryset = people  # type: ignore[attr-defined]
