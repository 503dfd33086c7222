"""Settling a condition: what shows that it is met, or why it is no longer needed."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from gates.models import Evidence


class MeetForm(forms.Form):
    """What shows that a condition is met."""

    proof = forms.CharField(
        label="What shows it",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Say where it can be seen: the evidence in this pilot's library, a system, a signed note.",
        error_messages={"required": "Say what shows that it is met."},
    )
    evidence = forms.ModelChoiceField(
        label="Evidence from the library",
        queryset=Evidence.objects.none(),
        required=False,
        empty_label="None",
        error_messages={"invalid_choice": "Choose a piece from this pilot's library."},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, library: QuerySet[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].queryset = library  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """That what was shown is enough."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """What is still missing of a condition that was said to be met."""

    returned_reason = forms.CharField(
        label="What is still missing",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is still missing."},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class WaiveForm(forms.Form):
    """Why a condition is no longer needed."""

    waived_reason = forms.CharField(
        label="Why it is no longer needed",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is no longer needed."},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
