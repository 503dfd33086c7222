"""Forms of the contract: one short form for each step, and what an amendment needs beside it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms.days import DayField
from accounts.models import User
from portfolio.agreement import plain
from portfolio.criteria import TERMS, Terms
from portfolio.models import Contract, SuccessCriterion
from portfolio.questions import Step
from portfolio.states import Commitment, DataUsed, Direction, Involvement, MetricKind

_CHOICES: dict[str, Callable[[], forms.Field]] = {
    "commitment": lambda: forms.ChoiceField(
        choices=[*Commitment.choices, ("", "Not said yet")], required=False, widget=forms.RadioSelect
    ),
    "data_used": lambda: forms.ChoiceField(
        choices=[*DataUsed.choices, ("", "Not said yet")], required=False, widget=forms.RadioSelect
    ),
    "users_involved_in": lambda: forms.MultipleChoiceField(
        choices=Involvement.choices, required=False, widget=forms.CheckboxSelectMultiple
    ),
}


class StepForm(forms.Form):
    """The answers of one step. Nothing is required: what is missing is listed, not refused."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        for question in step.questions:
            field = _CHOICES[question.name]() if question.name in _CHOICES else _field(question.name)
            field.label, field.help_text = question.label, question.why
            self.fields[question.name] = field

    def answers(self) -> dict[str, Any]:
        """The answers, by name."""
        return {question.name: self.cleaned_data[question.name] for question in self.step.questions}


class WindowForm(forms.Form):
    """When it is to run."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    starts_on = DayField(label="Start", required=False, help_text="The day on which the contract freezes.")
    planned_end = DayField(
        label="Planned end of the work", required=False, help_text="Long enough to measure what was promised."
    )
    decision_due = DayField(
        label="Decision due",
        required=False,
        help_text="From the day after on, days without a decision are counted. After the start this day stands.",
    )

    def answers(self) -> dict[str, Any]:
        """The three days."""
        return {name: self.cleaned_data[name] for name in ("starts_on", "planned_end", "decision_due")}


class CriterionForm(forms.ModelForm):
    """One success criterion."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    baseline_on = DayField(label="Baseline measured on", required=False)
    measured_by = DayField(
        label="Measured by", required=False, help_text="The day by which the committee wants to see it."
    )
    kind = forms.ChoiceField(
        label="What kind of metric is it?",
        choices=MetricKind,
        widget=forms.RadioSelect,
        help_text="Activity: how much it is used. Model: how often it is right. Business: what it changes for the "
        "organisation. Only a business metric says what it is worth.",
    )
    direction = forms.ChoiceField(label="Which way is better?", choices=Direction, widget=forms.RadioSelect)

    class Meta:
        model = SuccessCriterion
        fields = TERMS
        labels = {"metric": "What is measured", "method": "How it is measured", "source": "Where the figures come from"}
        widgets = {"method": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "metric": "In words that the committee will use.",
            "unit": "Minutes, percent, letters a day.",
            "baseline": "How it is today, measured before the start. Without it nobody can say what got better.",
            "target": "The value at which you would call it a success.",
            "method": "So that two people would come to the same figure.",
        }

    def terms(self) -> dict[str, Any]:
        """What the criterion says, by name."""
        return {name: self.cleaned_data[name] for name in TERMS}


class GroundsForm(forms.Form):
    """What every amendment needs: why, and who approves it."""

    reason = forms.CharField(
        label="Why is it changed?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands beside the original for everybody who decides.",
    )
    approver = forms.ModelChoiceField(
        label="Approved by",
        queryset=User.objects.none(),
        empty_label="Choose",
        help_text="Somebody else than you: the sponsor, the owner, the chair or a portfolio manager. "
        "It stands under your name that they approved it, and they are told by mail.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, approvers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].queryset = approvers  # type: ignore[attr-defined]

    def grounds(self) -> dict[str, Any]:
        """Reason and approver."""
        return {name: self.cleaned_data[name] for name in ("reason", "approver")}


class AmendStepForm(GroundsForm, StepForm):
    """Answers of a step, changed after the start."""


class AmendCriterionForm(GroundsForm, CriterionForm):
    """A criterion, changed or added after the start."""


def _field(name: str) -> forms.Field:
    field: forms.Field = Contract._meta.get_field(name).formfield()  # type: ignore[union-attr, assignment]
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs["rows"] = 2
    return field


def shown_figures(terms: Terms) -> dict[str, str | None]:
    """Baseline and target as one would type them, without the noughts that the database keeps."""
    return {"baseline": plain(terms.baseline), "target": plain(terms.target)}
