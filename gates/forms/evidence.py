"""Forms of evidence: narrowing the library."""

from typing import Any, cast

from django import forms

from gates.evidence_library import NEWEST_FIRST, SORTS
from gates.models import Criterion
from gates.states import EvidenceKind, EvidenceState


class LibraryForm(forms.Form):
    """Narrows a pilot's library. What cannot be read does not narrow."""

    search = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Title, note or address"}),
    )
    kind = forms.ChoiceField(required=False, choices=[("", "All"), *EvidenceKind.choices])
    state = forms.ChoiceField(required=False, choices=[("", "All"), *EvidenceState.choices])
    criterion = forms.ChoiceField(required=False, label="Supports")

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["criterion"]).choices = [
            ("", "Any criterion"),
            *((one.slug, f"{one.gate.number}.{one.number} {one.statement[:80]}") for one in criteria),
        ]

    def chosen(self) -> dict[str, str]:
        """Return the filters in force, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def chosen_sort(asked: str) -> str:
    """Return the sort that was asked for, newest first for anything else."""
    return asked if asked in SORTS else NEWEST_FIRST
