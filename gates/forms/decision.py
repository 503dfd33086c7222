"""Forms of decisions: recording one, and finding those on record."""

from collections.abc import Sequence
from typing import Any

from django import forms

from gates.deciding import Checked, Terms
from gates.forms.scale_checklist import checked, checklist_fields
from gates.models import Committee
from gates.states import Change, ScaleCheck, StopReason
from portfolio.states import Outcome

#: The four decisions with what each of them means.
OUTCOMES = [
    (Outcome.SCALE.value, "Scale: it goes into production"),
    (Outcome.REDESIGN.value, "Redesign: another round, with other users, another workflow or another use case"),
    (Outcome.STOP.value, "Stop: it ends here, with a reason and what was learned"),
    (Outcome.RESEARCH.value, "Keep as research: with a goal, a budget cap and a day on which it is looked at again"),
]


def _text(label: str, *, rows: int = 3, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _day(label: str, *, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=help_text,
    )


class MatterForm(forms.Form):
    """One of four decisions. What each outcome needs is judged by the verb, so that every gap is named at once."""

    outcome = forms.ChoiceField(
        label="The committee decides to",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the four decisions."},
    )
    rationale = _text("Why", rows=5, help_text="As it is to be read in two years, by people who were not there.")
    launch_on = _day("In production by")
    redesign_of = forms.MultipleChoiceField(
        label="What is redesigned", required=False, choices=Change.choices, widget=forms.CheckboxSelectMultiple
    )
    redesign = _text("What changes", help_text="New users, another workflow, or another use case.")
    next_criteria = _text(
        "What the next round is measured by",
        rows=2,
        help_text="The new criteria in short; its contract spells them out.",
    )
    next_planned_end = _day("The next round's work ends")
    stop_reason = forms.ChoiceField(
        label="The reason that fits best", required=False, choices=[("", "Choose a reason"), *StopReason.choices]
    )
    not_yet = _text(
        "What must change first", help_text="If this is a “not yet”: what would make it worth another look."
    )
    look_again_on = _day("Look again on")
    learning_goal = _text("What the research is to find out")
    budget_cap = forms.DecimalField(label="The most it may cost", required=False, max_digits=12, decimal_places=2)
    next_due = _day(
        "The next decision is due on", help_text="For research, this is the day on which it is looked at again."
    )
    learnings = _text(
        "What was learned", help_text="What helps the next pilot, here or elsewhere. Needed for redesign and stop."
    )
    dissent = _text("Dissent", help_text="Who saw it differently, and why.")
    override_reason = _text(
        "Why against the findings",
        help_text="Needed to scale with a criterion unmet or a gate not passed, or not to scale with all of them met.",
    )
    closes_at = forms.DateTimeField(
        label="Members can vote until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    in_meeting = forms.BooleanField(label="The vote is taken in a meeting", required=False)
    hidden = forms.BooleanField(label="Hide the votes until all have voted", required=False)

    def __init__(self, *args: Any, proposed: Sequence[Checked] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= checklist_fields(proposed)

    def checks(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The checklist, item by item: the answer and what it rests on."""
        return [(self[f"check_{item}"], self[f"because_{item}"]) for item in ScaleCheck]

    def terms(self) -> Terms:
        """What was said beside outcome and rationale."""
        said: dict[str, Any] = {name: self.cleaned_data.get(name) for name in vars(Terms())}
        said |= {
            "checklist": checked(self.cleaned_data),
            "redesign_of": tuple(self.cleaned_data.get("redesign_of") or ()),
        }
        return Terms(**{name: value for name, value in said.items() if value is not None})


class DecisionForm(MatterForm):
    """A decision on the round that is open."""

    #: The round that the form is about, and its version when the form was shown.
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SupersedeForm(MatterForm):
    """A decision that supersedes another one, which it begins with."""

    supersedes_reason = _text("Why it is corrected", rows=2, help_text="What was wrong with it, or what has changed.")


class AfterwardsForm(MatterForm):
    """A decision that was taken before its pilot came here."""

    decided_on = _day("Decided on")
    deciders = forms.CharField(label="Decided by", required=False, max_length=500)


class DecisionFilter(forms.Form):
    """Narrowing the list of decisions. What is not understood narrows nothing."""

    q = forms.CharField(
        label="Search", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    outcome = forms.ChoiceField(label="Decision", required=False, choices=[("", "All"), *Outcome.choices])
    committee = forms.ModelChoiceField(
        label="Committee",
        required=False,
        queryset=Committee.objects.order_by("name"),
        to_field_name="slug",
        empty_label="All",
    )
    year = forms.TypedChoiceField(label="Year", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "All"), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]
