"""Forms for the run of a round."""

from datetime import date
from typing import Any

from django import forms

from accounts.forms.days import DayField


class StartForm(forms.Form):
    """The window of a round. From the start on, only a decision stops its clock."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    starts_on = DayField(label="Start")
    planned_end = DayField(label="Planned end of the work")
    decision_due = DayField(
        label="Decision due", help_text="From the day after on, days without a decision are counted."
    )

    accept_gaps = forms.BooleanField(
        label="Start it with these gaps. Each is an open flag until it is closed.", required=False
    )

    def __init__(self, *args: Any, gaps: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not gaps:
            del self.fields["accept_gaps"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, planned_end, due = (cleaned.get(name) for name in ("starts_on", "planned_end", "decision_due"))
        if starts_on and planned_end and planned_end < starts_on:
            self.add_error("planned_end", "The planned end is before the start.")
        if starts_on and due and due < starts_on:
            self.add_error("decision_due", "The decision is due before the start.")
        return cleaned


class EndForm(forms.Form):
    """The day on which the work ended."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    ended_on = DayField(label="The work ended on")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ended_on(self) -> date:
        ended_on: date = self.cleaned_data["ended_on"]
        if ended_on > self.today:
            raise forms.ValidationError("This day is still to come. End the work when it has ended.")
        return ended_on


class MoveForm(forms.Form):
    """The day on which a pilot was launched or retired."""

    day = DayField(label="Day")
