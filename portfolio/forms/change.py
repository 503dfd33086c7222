"""Forms of the change plan and of the friction log."""

from django import forms

from portfolio.changing import PLANNED
from portfolio.models import ChangePlan, Friction


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ChangePlanForm(forms.ModelForm):
    """The change plan: short, and saved while it is written."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = ChangePlan
        fields = PLANNED
        widgets = {name: _area(2) for name in ("what_changes", "for_whom", "training", "support", "timing")} | {
            name: _area(4) for name in ("steps_before", "steps_after")
        }
        help_texts = {
            "what_changes": "What people do, stop doing, or do differently.",
            "for_whom": "Which teams, how many people, in which places.",
            "support": "Whom they ask, and who helps beside them.",
            "timing": "When each team changes, and what must not fall together with it.",
            "steps_before": "One step a line.",
            "steps_after": "One step a line.",
        }


class FrictionForm(forms.ModelForm):
    """Something that chafes: a sentence, where, and who saw it."""

    class Meta:
        model = Friction
        fields = ("what", "seen_where", "seen_by")
        labels = {"what": "What chafes", "seen_where": "Where it was seen", "seen_by": "Who saw it"}
        widgets = {"what": _area(2)}


class CloseForm(forms.Form):
    """What was done about a friction."""

    done = forms.CharField(
        label="What was done",
        max_length=2000,
        widget=_area(2),
        help_text="“Nothing, because …” is an answer, too. It stays on record as it is.",
    )
