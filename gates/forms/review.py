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


class ClaimForm(forms.Form):
    """What the owner claims of one criterion."""

    text = forms.CharField(
        label="What holds here",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In a few sentences that a reviewer can check.",
    )
    view = forms.ChoiceField(label="Your own view", required=False, choices=Finding.choices, widget=forms.RadioSelect)
    #: The round that the form is about, and the id of the claim that it showed; 0 for none.
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class CommentForm(forms.Form):
    """A turn of the talk about a criterion."""

    text = forms.CharField(
        label="Comment",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write what you want to say."},
    )


class ReasonForm(forms.Form):
    """Why a gate is returned, or opened again."""

    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason; everybody concerned will read it."},
    )
    #: The version of the review that it showed.
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


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
        help_text="Needed where the gate is not passed: what is missing, and what would clear it.",
    )
    #: The round that the form is about, and the version of the review that it showed.
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
