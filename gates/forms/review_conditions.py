"""Conditions of a gate that passes with conditions: a few rows, each with what, who, and by when."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms

from accounts.forms.days import DayField
from accounts.models import User
from gates.conditioning import ConditionTerms
from portfolio.models import Pilot

#: Rows that the page offers.
ROWS = 4


class ConditionForm(forms.Form):
    """One condition."""

    text = forms.CharField(
        label="What has to be done", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = forms.ChoiceField(label="By whom", required=False)
    due = DayField(label="Until", required=False)

    def __init__(self, *args: Any, people: Mapping[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        owner = self.fields["owner"]
        if isinstance(owner, forms.ChoiceField):
            owner.choices = [("", "Choose somebody"), *((key, str(person)) for key, person in people.items())]

    def terms(self) -> ConditionTerms | None:
        """What was written; None for a row that is empty."""
        said = self.cleaned_data
        if not any(said.values()):
            return None
        return ConditionTerms(text=said["text"], owner=self.people.get(said["owner"]), due=said["due"])


class ConditionFormSet(forms.BaseFormSet):
    """The rows of conditions."""

    def terms(self) -> list[ConditionTerms]:
        """The conditions of the rows that are filled."""
        return [terms for form in self.forms if (terms := form.terms()) is not None]


_Rows = forms.formset_factory(ConditionForm, formset=ConditionFormSet, extra=ROWS, max_num=ROWS, absolute_max=ROWS)


def condition_forms(pilot: Pilot, data: Mapping[str, Any] | None = None) -> ConditionFormSet:
    """Rows for conditions of `pilot`, owned by the people who have a part in it."""
    people = User.objects.filter(assignments__pilot=pilot, assignments__until=None, is_active=True)
    known = {str(person.pk): person for person in people.distinct().order_by("name", "email")}
    none = {"conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0"}
    kept = data if data is None or "conditions-TOTAL_FORMS" in data else none
    return cast("ConditionFormSet", _Rows(kept, prefix="conditions", form_kwargs={"people": known}))
