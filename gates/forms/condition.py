"""Settling a condition: what shows that it is met, or why it is no longer needed."""

from django import forms


class MeetForm(forms.Form):
    """What shows that a condition is met."""

    proof = forms.CharField(
        label="What shows it",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Say where it can be seen: the evidence in this pilot's library, a system, a signed note.",
        error_messages={"required": "Say what shows that it is met."},
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
