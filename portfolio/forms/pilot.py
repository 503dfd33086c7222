"""Forms for the facts of a pilot. Six fields propose one; the rest is asked for when it starts to matter."""

from typing import Any

from django import forms
from django.conf import settings

from accounts.models import Unit
from portfolio.models import Pilot
from portfolio.proposing import EDITABLE


class FactsForm(forms.ModelForm):
    """Facts of a pilot, whoever writes them down."""

    class Meta:
        model = Pilot
        fields = ("title", "summary", "unit", "risk_class", "committee_slug")
        labels = {"committee_slug": "Committee that decides", "summary": "What is tried, for whom"}
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "title": "As people will say it in a meeting.",
            "summary": "Two sentences: what it does, and what is to be better then.",
            "unit": "Where it is tried. Its people find it there.",
            "risk_class": "It picks the path through the gates. If unsure, choose Limited.",
        }

    def __init__(self, *args: Any, committees: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = "Choose a unit"  # type: ignore[attr-defined]
        self.fields["committee_slug"] = forms.ChoiceField(
            label="Committee that decides",
            choices=[("", "Not yet known"), *committees],
            required=False,
            initial=committees[0][0] if len(committees) == 1 else "",
            help_text="Nobody else can end it. Without one, nothing will be decided.",
        )

    def facts(self) -> dict[str, Any]:
        """The facts to propose with."""
        return {name: value for name, value in self.cleaned_data.items() if name in EDITABLE}


class ProposeForm(FactsForm):
    """What it takes to propose a pilot, in two minutes: six fields."""

    owner = forms.EmailField(
        label="Business owner",
        required=False,
        help_text="Who answers for it: an e-mail address. Empty: you. Who has no account yet is invited.",
    )
    #: That the pilots like it were shown; the list of them brings it along.
    seen_similar = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ("title", "summary", "unit", "owner", "risk_class", "committee_slug")


class EditForm(FactsForm):
    """Every fact of the file that is edited freely."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta(FactsForm.Meta):
        fields = EDITABLE  # type: ignore[assignment]
        widgets = {"summary": forms.Textarea(attrs={"rows": 5})}
        labels = {"summary": "What is tried, for whom"}
        help_texts = {
            "monthly_cost": f"What the pilot costs to run each month, in {settings.CURRENCY}. "
            "The cost of waiting is worked out from it.",
            "cost_so_far": f"What has been spent on it altogether, in {settings.CURRENCY}.",
            "visibility": "Restricted: only its people, its committee, portfolio managers and auditors see it.",
        }
