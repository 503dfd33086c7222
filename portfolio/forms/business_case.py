"""Forms of the business case: the case itself, and one small form for each of its lines."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.forms.days import DayField
from portfolio.case_sheet import Answer
from portfolio.forms.amount import AmountField
from portfolio.models import Assumption, BenefitLine, BusinessCase, CostLine
from portfolio.models.business_case import FIGURES
from portfolio.states import BenefitKind, CostKind, LaunchCondition

#: What each of the eight costs covers, said before it is asked.
COVERS = {
    CostKind.INTEGRATIONS: "Interfaces, queues and permissions that connect it to the systems in which people work.",
    CostKind.DATA: "Cleaning, delivering and looking after the data, year after year.",
    CostKind.SECURITY: "Review, tests, access, keys, and mending what they find.",
    CostKind.TRAINING: "Hours of those who learn and of those who teach, and the material.",
    CostKind.MONITORING: "Watching quality, cost and failures; samples checked by hand.",
    CostKind.MAINTENANCE: "Licences, running, new versions, and mending what breaks.",
    CostKind.GOVERNANCE: "Documentation, audits, risk reviews, reports.",
    CostKind.MANAGER_TIME: "Hours of managers for the change, the exceptions and the questions.",
}


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _from_file(answer: Answer) -> str:
    """What counts where nobody answers: "No: no process owner is named"."""
    if not answer.why:
        return "Not answered"
    return f"{'Yes' if answer.holds else 'No'}: {answer.why}"


class FrameForm(forms.ModelForm):
    """The case itself: over how long, how sure, with which plans, ready for what."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    discount_rate = AmountField(label="Discount rate, percent a year", required=True)

    class Meta:
        model = BusinessCase
        fields = (
            "horizon_years", "discount_rate", "confidence",
            "integration_plan", "adoption_plan", "accountability", "measurement", "build_explanation",
        )  # fmt: skip
        labels = {
            "horizon_years": "Horizon, in years",
            "confidence": "How sure are you of the whole?",
            "integration_plan": "How it is connected",
            "adoption_plan": "How people come to use it",
            "accountability": "Who is accountable after the launch, for what",
            "measurement": "How its value is measured, by whom, how often",
            "build_explanation": "Why production costs so much more than the pilot",
        }
        help_texts = {
            "horizon_years": "1 to 10.",
            "build_explanation": "Asked only where production work is over five times what the pilot has cost.",
        }
        widgets = {
            "integration_plan": _lines(3),
            "adoption_plan": _lines(3),
            "accountability": _lines(2),
            "measurement": _lines(2),
            "build_explanation": _lines(2),
        }

    def __init__(self, *args: Any, answers: Iterable[Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for answer in answers:
            said = self.instance.launch_answers.get(answer.condition)
            self.fields[answer.condition.value] = forms.ChoiceField(
                label=answer.condition.label,
                choices=[("", _from_file(answer)), ("yes", "Yes"), ("no", "No")],
                initial={True: "yes", False: "no"}.get(said, ""),
                required=False,
            )

    def conditions(self) -> list[forms.BoundField]:
        """The fields of the conditions of a quick launch."""
        return [self[condition.value] for condition in LaunchCondition]

    def facts(self) -> dict[str, Any]:
        """What to save."""
        said = {condition.value: self.cleaned_data[condition.value] for condition in LaunchCondition}
        answers = {condition: answer == "yes" for condition, answer in said.items() if answer}
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"launch_answers": answers}

    def _post_clean(self) -> None:
        """Leave the checks of the row to the verb, which has the row as it is now."""


class LineForm(forms.ModelForm):
    """Six figures of a line."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    one_off_low = AmountField(label="Once, low")
    one_off_likely = AmountField(label="Once, likely")
    one_off_high = AmountField(label="Once, high")
    yearly_low = AmountField(label="Every year, low")
    yearly_likely = AmountField(label="Every year, likely")
    yearly_high = AmountField(label="Every year, high")

    def groups(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """The six fields under "Once" and "Every year", each with its short label."""
        fields = [self[name] for name in FIGURES]
        words = ("Low", "Likely", "High")
        return [
            ("Once", list(zip(words, fields[:3], strict=True))),
            ("Every year", list(zip(words, fields[3:], strict=True))),
        ]

    def facts(self) -> dict[str, Any]:
        """What to save."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _post_clean(self) -> None:
        """Leave the checks of the row to the verb, which has the row as it is now."""


class CostForm(LineForm):
    """One of the eight costs."""

    class Meta:
        model = CostLine
        fields = (*FIGURES, "reason")
        labels = {"reason": "What the figures stand for, or why they are zero"}
        widgets = {"reason": forms.TextInput}


class BenefitForm(LineForm):
    """A benefit."""

    class Meta:
        model = BenefitLine
        fields = ("name", "kind", "starts_in", *FIGURES, "becomes")
        labels = {"becomes": "What does the saved time become?", "starts_in": "Starts in year", "name": "Benefit"}
        help_texts = {"becomes": "More cases, less overtime, fewer hires, shorter queues. “Capacity” is no answer."}
        widgets = {"becomes": forms.TextInput}


class AddBenefitForm(forms.Form):
    """A new benefit, by its name; figures follow on its card."""

    name = forms.CharField(label="Benefit", max_length=160)
    kind = forms.ChoiceField(label="Kind", choices=BenefitKind)


class AssumptionForm(forms.ModelForm):
    """An assumption."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    check_by = DayField(label="By when", required=False)

    class Meta:
        model = Assumption
        fields = ("statement", "confidence", "what_changes_it", "checked_by", "check_by")
        labels = {
            "statement": "We assume that",
            "what_changes_it": "What would change it",
            "checked_by": "Who checks it",
        }
        widgets = {"statement": _lines(2), "what_changes_it": forms.TextInput}

    def facts(self) -> dict[str, Any]:
        """What to save."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def _post_clean(self) -> None:
        """Leave the checks of the row to the verb, which has the row as it is now."""


class AddAssumptionForm(forms.Form):
    """A new assumption, in a sentence; the rest follows on its card."""

    statement = forms.CharField(label="We assume that", max_length=2000, widget=_lines(2))


class SubmitForm(forms.Form):
    """Submitting: the count of changes that the submitter has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
