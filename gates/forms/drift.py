"""Forms of drift: narrowing the list, tuning a rule."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from gates.models import Flag
from gates.open_flags import SORTS, WORST_FIRST, owners_of, units_of
from gates.rules.contract_gaps import AS_ONE
from gates.rules.registry import RULES
from gates.rules.rule import Rule
from gates.tuning import LONGEST, RuleInForce
from portfolio.states import Severity

_AGES = (
    ("", "Any time"),
    ("7", "A week"),
    ("30", "30 days"),
    ("90", "90 days"),
    ("180", "180 days"),
    ("365", "A year"),
)
_ON_OFF = (("on", "On"), ("off", "Off"))


class FlagFilterForm(forms.Form):
    """Narrows the list of open flags. What cannot be read does not narrow."""

    search = forms.CharField(
        required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search", "placeholder": "Title or code"})
    )
    severity = forms.ChoiceField(required=False)
    rule = forms.ChoiceField(required=False, label="Rule")
    unit = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(required=False, label="Business owner")
    age = forms.ChoiceField(required=False, label="For at least", choices=_AGES)

    def __init__(self, *args: Any, flags: QuerySet[Flag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        worst_first = sorted(Severity, reverse=True)
        for name, choices in (
            ("severity", [(str(severity.value), severity.label) for severity in worst_first]),
            ("rule", [(rule.id, rule.title) for rule in (*(one for one in RULES if not one.family), AS_ONE)]),
            ("unit", units_of(flags)),
            ("owner", owners_of(flags)),
        ):
            cast("forms.ChoiceField", self.fields[name]).choices = [("", "All"), *choices]

    def chosen(self) -> dict[str, str]:
        """Return the filters in force, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def chosen_sort(asked: str) -> str:
    """Return the sort that was asked for, worst first for anything else."""
    return asked if asked in SORTS else WORST_FIRST


class RuleForm(forms.Form):
    """Sets a drift rule."""

    enabled = forms.ChoiceField(label="This rule is", choices=_ON_OFF)
    threshold = forms.IntegerField(max_value=LONGEST)
    severity = forms.TypedChoiceField(
        choices=Severity.choices, coerce=lambda value: Severity(int(value)), label="How serious a flag of it is"
    )
    sponsor_after = forms.IntegerField(
        required=False, min_value=0, max_value=LONGEST, label="The sponsor is told after, in days"
    )
    chair_after = forms.IntegerField(
        required=False, min_value=0, max_value=LONGEST, label="The committee's chair is told after, in days"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        threshold = self.fields["threshold"]
        threshold.label = f"Threshold, in {rule.unit}"
        threshold.help_text = f"{rule.threshold_means} By default {rule.threshold}."
        self.fields[
            "sponsor_after"
        ].help_text = f"Counted from the day on which the flag was raised. By default {rule.sponsor_after}."
        self.fields["chair_after"].help_text = f"Not before the sponsor. By default {rule.chair_after}."
        self.fields["severity"].help_text = f"By default {rule.severity.label.lower()}."

    def proposed(self, in_force: RuleInForce) -> RuleInForce:
        """Return the rule as this form would set it."""
        return RuleInForce(in_force.rule, **self.values(), version=in_force.version)

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        cleaned = self.cleaned_data
        return {
            "enabled": cleaned["enabled"] == "on",
            "threshold": cleaned["threshold"],
            "severity": cleaned["severity"],
            "sponsor_after": cleaned["sponsor_after"],
            "chair_after": cleaned["chair_after"],
        }


def rule_values(in_force: RuleInForce) -> dict[str, Any]:
    """What `RuleForm` shows of a rule as it is set."""
    return {
        "enabled": "on" if in_force.enabled else "off",
        "threshold": in_force.threshold,
        "severity": in_force.severity.value,
        "sponsor_after": in_force.graces[0],
        "chair_after": in_force.graces[1],
        "version": in_force.version,
    }


class QuietForm(forms.Form):
    """Why a flag is silenced, or a pilot exempt, and until when."""

    reason = forms.CharField(max_length=1000, label="Why", widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(label="The last day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
