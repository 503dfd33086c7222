"""The scale checklist as fields: for each item an answer, and what it rests on."""

from collections.abc import Sequence

from django import forms

from gates.states import Answer, ScaleCheck
from gates.terms import Checked


def checklist_fields(proposed: Sequence[Checked]) -> dict[str, forms.Field]:
    """Two fields for each item; what the file says of it is there already, and can be changed."""
    known = {one.item: one for one in proposed}
    found: dict[str, forms.Field] = {}
    for item in ScaleCheck:
        one = known.get(item.value, Checked(item.value, ""))
        found[f"check_{item}"] = forms.ChoiceField(
            label=item.label,
            required=False,
            choices=Answer.choices,
            widget=forms.RadioSelect,
            initial=one.answer,
        )
        found[f"because_{item}"] = forms.CharField(
            label="Because",
            required=False,
            max_length=500,
            initial=one.because,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
    return found


def checked(said: dict[str, str]) -> tuple[Checked, ...]:
    """The answers that were given."""
    return tuple(
        Checked(item.value, said[f"check_{item}"], (said.get(f"because_{item}") or "").strip())
        for item in ScaleCheck
        if said.get(f"check_{item}")
    )
