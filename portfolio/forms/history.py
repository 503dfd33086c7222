"""Narrowing a pilot's history."""

from typing import Any

from django import forms


class HistoryForm(forms.Form):
    """What it is about, and who did it. A choice that is none narrows nothing."""

    about = forms.ChoiceField(label="About", required=False)
    who = forms.ChoiceField(label="Done by", required=False)

    def __init__(self, *args: Any, abouts: list[str], actors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [("", "Anything"), *((one, one) for one in abouts)]  # type: ignore[attr-defined]
        self.fields["who"].choices = [("", "Anybody"), *actors]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What was chosen, of what there is."""
        self.is_valid()
        return {"about": self.cleaned_data.get("about", ""), "actor": self.cleaned_data.get("who", "")}
