"""Forms of a gate review. Verbs judge what is said; forms only read it."""

from django import forms

from gates.states import CONCLUSIONS, Finding
from portfolio.states import LampState


class AssessForm(forms.Form):
    """What a reviewer found of one criterion."""

    finding = forms.ChoiceField(
        label="What you found",
        choices=Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Not saved yet: choose what you found."},
    )
    comment = forms.CharField(
        label="Comment",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What you looked at. Needed for anything but met and short of evidence.",
    )
    #: The round that the form is about, and the id of the finding that it showed; 0 for none.
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ConcludeForm(forms.Form):
    """How a gate concludes."""

    state = forms.ChoiceField(
        label="The gate is",
        choices=[(state.value, LampState(state).label) for state in CONCLUSIONS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the gate concludes."},
    )
    conclusion = forms.CharField(
        label="Conclusion",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed with conditions, and where the gate is not passed: what is missing, and what would clear it.",
    )
    #: The round that the form is about, and the version of the review that it showed.
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
