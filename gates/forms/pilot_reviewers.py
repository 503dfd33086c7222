"""Form of the people who are asked first to review a pilot."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import User
from accounts.states import Function
from gates.candidates import Pool

#: What stands before the name of a function in the field that says whom the form showed.
SEEN = "seen_"


class PilotReviewersForm(forms.Form):
    """For each function with a pool, somebody of it or nobody in particular."""

    def __init__(self, data: Mapping[str, Any] | None, *, pools: Sequence[Pool]) -> None:
        super().__init__(data)
        self._people = {str(one.pk): one for pool in pools for one in [*pool.people, *filter(None, [pool.named])]}
        for pool in pools:
            held = pool.named.pk if pool.named else 0
            offered = {one.pk: str(one) for one in pool.people}
            if pool.named:
                offered.setdefault(held, f"{pool.named} (reviews for it no more)")
            self.fields[pool.function] = forms.ChoiceField(
                label=pool.function.label,
                required=False,
                choices=[("", "Whoever has least to do"), *offered.items()],
                initial=held or "",
                disabled=not offered,
            )
            self.fields[SEEN + pool.function] = forms.IntegerField(
                min_value=0, initial=held, required=False, widget=forms.HiddenInput
            )

    def chosen(self) -> dict[Function, User | None]:
        """Whom the form asks for, by function."""
        return {function: self._people.get(self.cleaned_data[function]) for function in self._functions()}

    def seen(self) -> dict[Function, int]:
        """The ids of those whom the form showed, by function; 0 for nobody."""
        return {function: self.cleaned_data[SEEN + function] or 0 for function in self._functions()}

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each choice with what it showed."""
        return [(self[function], self[SEEN + function]) for function in self._functions()]

    def _functions(self) -> list[Function]:
        return [Function(name) for name in self.fields if name in set(Function)]
