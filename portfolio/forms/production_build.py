"""The form of one piece of the production build."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.forms.days import DayField
from portfolio.models import ScopeItem
from portfolio.production_build import Piece
from portfolio.states import ScopeKind, ScopeState


class PieceForm(forms.Form):
    """How far a piece is, who makes it, by when. Named by hand only where it is a pilot's own."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(label="What is to be built", max_length=120)
    state = forms.ChoiceField(label="How far it is", choices=ScopeState.choices, widget=forms.RadioSelect)
    owner_email = forms.EmailField(
        label="Who makes it, by e-mail address",
        required=False,
        help_text="Who has no account yet is invited.",
        widget=forms.EmailInput(attrs={"list": "people-here", "autocomplete": "off"}),
    )
    due = DayField(label="Ready by", required=False)
    note_text = forms.CharField(
        label="What it takes, or why it is not needed",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, piece: Piece) -> None:
        super().__init__(data, initial=facts_of(piece.item), auto_id=f"{piece.slug}-%s")
        if piece.kind != ScopeKind.OWN:
            del self.fields["title"]

    def said(self) -> dict[str, Any]:
        """What the verb is told."""
        data = dict(self.cleaned_data)
        seen = data.pop("version")
        return data | {"state": ScopeState(data["state"]), "seen": seen}


def facts_of(item: ScopeItem | None) -> dict[str, Any]:
    """What is saved of a piece, by the names of the form's fields."""
    if item is None:
        return {"version": 0, "state": ScopeState.NOT_STARTED.value}
    return {
        "version": item.version,
        "title": item.title,
        "state": item.state,
        "owner_email": item.owner.email if item.owner else "",
        "due": item.due,
        "note_text": item.note,
    }
