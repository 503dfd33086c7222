"""Forms for the draft of a gate set, and for precedent notes."""

from typing import Any

from django import forms

from accounts.states import Function
from gates.models import Criterion
from portfolio.states import RiskClass

_YES, _NO = "yes", "no"


def _text(label: str, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **more)


class GateForm(forms.Form):
    """What a gate is called, what it asks, and who leads it."""

    title = forms.CharField(label="Title", max_length=80)
    question = _text("Question", help_text="One question about real operation, not a list of documents.")
    lead_function = forms.ChoiceField(
        label="Led by", choices=Function.choices, help_text="Its reviewers conclude the gate."
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class CriterionForm(forms.Form):
    """What a criterion states, who judges it, when it is required and what supports it."""

    statement = _text("Statement", help_text="One sentence that somebody can check and find true or not.")
    convincing = _text("What convinces", help_text="What good evidence looks like.")
    not_enough = _text("What does not count", help_text="What is often shown instead.")
    function = forms.ChoiceField(label="Function", choices=Function.choices, help_text="Its reviewers assess it.")
    mandatory_from = forms.ChoiceField(
        label="Required from",
        choices=[(value, f"{label} risk up") for value, label in RiskClass.choices],
        help_text="On lighter paths it is optional.",
    )
    evidence = forms.ChoiceField(label="Evidence", choices=[(_YES, "Required"), (_NO, "Not required")])
    evidence_valid_days = forms.IntegerField(
        label="Evidence counts for (days)", min_value=0, max_value=3650, help_text="0: as long as it is not withdrawn."
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput, required=False)

    def facts(self) -> dict[str, Any]:
        """What the form says, as a draft takes it."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in {"version", "evidence"}}
        return {**facts, "evidence_required": self.cleaned_data["evidence"] == _YES}


def criterion_values(criterion: Criterion) -> dict[str, Any]:
    """A criterion as its form shows it."""
    names = ("statement", "convincing", "not_enough", "function", "mandatory_from", "evidence_valid_days", "version")
    facts = {name: getattr(criterion, name) for name in names}
    return {**facts, "evidence": _YES if criterion.evidence_required else _NO}


class PublishForm(forms.Form):
    """The last word before a draft becomes a set."""

    title = forms.CharField(label="Title", max_length=160)
    reason = _text(
        "What is new, and why",
        rows=3,
        help_text="Read by everybody whose round may move to this set.",
        error_messages={"required": "Say what is new in this set, and why."},
    )
    #: How often the draft had been changed when its difference was shown.
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class PrecedentForm(forms.Form):
    """How a question was settled."""

    text = _text(
        "How it was settled",
        rows=4,
        help_text="What was accepted or refused, and on what ground. The pilot and the review are linked.",
        error_messages={"required": "Say how it was settled, and on what ground."},
    )


class WithdrawalForm(forms.Form):
    """Why a precedent no longer stands."""

    reason = _text("Why it no longer stands", error_messages={"required": "Say why it no longer stands."})
