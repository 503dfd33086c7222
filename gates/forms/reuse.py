"""Reusing a finding of another pilot."""

from typing import Any, cast

from django import forms

from accounts.forms.days import DayField
from gates.models import Assessment
from gates.states import ReuseKind


class SourceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Assessment) -> str:
        """Name a finding by its pilot, what was found, and when."""
        pilot = obj.review.round.pilot
        return f"{pilot}: {obj.get_finding_display().lower()}, {obj.at:%-d %B %Y}"


class ReuseForm(forms.Form):
    """Which finding, what of it, why it holds here, and until when."""

    source = SourceField(
        label="From", queryset=Assessment.objects.none(), widget=forms.RadioSelect, empty_label=None,
        error_messages={"required": "Choose what you reuse."},
    )  # fmt: skip
    kind = forms.ChoiceField(label="What you reuse", choices=ReuseKind.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label="What is the same here",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="So that the reviewer can see why the other pilot's answer holds.",
    )
    valid_until = DayField(label="Valid until")

    def __init__(self, *args: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("SourceField", self.fields["source"]).queryset = sources
