"""Forms for business units."""

from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Unit


class UnitForm(forms.Form):
    """A unit and its place in the tree."""

    name = forms.CharField(label="Name", max_length=160)
    parent = forms.ModelChoiceField(
        label="Part of", queryset=Unit.objects.none(), required=False, empty_label="Nothing: it stands at the top"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Unit.objects.order_by("name")  # type: ignore[attr-defined]


class ChangeUnitForm(UnitForm):
    """A unit that is there."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, unit: Unit) -> None:
        super().__init__(data, initial=self.shown(unit))
        parent: Any = self.fields["parent"]
        parent.queryset = parent.queryset.exclude(pk=unit.pk)

    @staticmethod
    def shown(unit: Unit) -> dict[str, Any]:
        """The fields as they are saved."""
        return {"name": unit.name, "parent": unit.parent_id, "version": unit.version}
