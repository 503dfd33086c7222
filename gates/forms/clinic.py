"""Forms of the clinic: the six tests, starting an intervention, closing one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from accounts.forms.days import DayField
from gates.clinic_tests import Reading
from portfolio.diagnosing import Answered
from portfolio.models import Diagnosis
from portfolio.stuck import ClinicAnswer, StuckPattern
from portfolio.stuck_patterns import LIBRARY, Idea


@dataclass(frozen=True)
class AskedTest:
    """One test as the form shows it: what the file says, the two fields, and what was answered last time."""

    reading: Reading
    answer: forms.BoundField
    note: forms.BoundField
    last: str


class DiagnosisForm(forms.Form):
    """The six tests, pre-filled by what the file says."""

    #: Key of the last diagnosis that the writer has seen; 0 where there was none.
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    binding = forms.ChoiceField(label="What to work on first", required=False)
    binding_reason = forms.CharField(
        label="Why this one, if it is not the one proposed",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, readings: Sequence[Reading], last: Diagnosis | None
    ) -> None:
        proposed = {f"{one.pattern}_answer": one.proposed.value for one in readings}
        super().__init__(data, initial={"version": last.pk if last else 0, **proposed})
        self.readings, self.last = readings, last
        for one in readings:
            self.fields[f"{one.pattern}_answer"] = forms.ChoiceField(
                label=one.words.question,
                choices=ClinicAnswer.choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Answer this one, too; “not sure” is an answer."},
            )
            self.fields[f"{one.pattern}_note"] = forms.CharField(
                label="What the file does not know", required=False, max_length=1000, widget=forms.TextInput()
            )
        choices = [(pattern.value, pattern.label) for pattern in StuckPattern]
        self.fields["binding"].choices = [("", "As proposed: a sponsor gap before all others"), *choices]  # type: ignore[attr-defined]

    @property
    def tests(self) -> Iterator[AskedTest]:
        """The tests in their order, with their fields."""
        for one in self.readings:
            said = self.last.answers[one.pattern] if self.last else None
            last = ClinicAnswer(said["answer"]).label if said else ""
            yield AskedTest(one, self[f"{one.pattern}_answer"], self[f"{one.pattern}_note"], last)

    def said(self) -> dict[str, Any]:
        """What the verb is told; what the file says goes along as it was read for this form."""
        data = self.cleaned_data
        answers = {
            one.pattern: Answered(
                answer=ClinicAnswer(data[f"{one.pattern}_answer"]),
                note=data[f"{one.pattern}_note"],
                file=one.proposed,
                says=one.says,
            )
            for one in self.readings
        }
        return {
            "answers": answers,
            "binding": StuckPattern(data["binding"]) if data["binding"] else None,
            "binding_reason": data["binding_reason"],
            "seen": data["version"],
        }


def saved_answers(diagnosis: Diagnosis) -> dict[str, str]:
    """What a diagnosis holds, by the names of the form's fields."""
    said = {f"{pattern}_{name}": one[name] for pattern, one in diagnosis.answers.items() for name in ("answer", "note")}
    return said | {"binding": diagnosis.binding, "binding_reason": diagnosis.binding_reason}


class InterventionForm(forms.Form):
    """Who does what against a pattern, by when."""

    pattern = forms.ChoiceField(label="Against")
    text = forms.CharField(
        label="What is to be done",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is to be done."},
    )
    owner_email = forms.EmailField(
        label="Who does it, by e-mail address",
        help_text="One person. Who has no account yet is invited.",
        widget=forms.EmailInput(attrs={"list": "people-here", "autocomplete": "off"}),
        error_messages={"required": "Name who does it: what everybody does, nobody does."},
    )
    due = DayField(label="By", error_messages={"required": "Say by which day."})
    idea = forms.SlugField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        patterns: Sequence[StuckPattern],
        idea: Idea | None,
        pattern: StuckPattern | None,
        today: date,
    ) -> None:
        initial: dict[str, Any] = {"pattern": pattern}
        if idea:
            text = f"{idea.title}. {idea.what}"
            initial |= {"idea": idea.slug, "text": text, "due": today + timedelta(days=idea.days)}
        super().__init__(data, initial=initial)
        self.fields["pattern"].choices = [(one.value, one.label) for one in patterns]  # type: ignore[attr-defined]

    def clean_idea(self) -> str:
        """An idea of the library, or none."""
        idea: str = self.cleaned_data["idea"]
        return idea if idea in LIBRARY else ""

    def said(self) -> dict[str, Any]:
        """What the verb is told. An idea that helps against another pattern is one of the pilot's own."""
        data = dict(self.cleaned_data)
        pattern = StuckPattern(data["pattern"])
        if data["idea"] and LIBRARY[data["idea"]][0] != pattern:
            data["idea"] = ""
        return data | {"pattern": pattern}


class FinishForm(forms.Form):
    """What came of an intervention."""

    outcome = forms.CharField(
        label="What came of it",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="“Nothing” is an honest answer. Whether the pattern still holds, the next look says.",
        error_messages={"required": "Say what came of it."},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class GiveUpForm(forms.Form):
    """Why an intervention is given up."""

    outcome = forms.CharField(
        label="Why it is given up",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it is given up."},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class UnitForm(forms.Form):
    """Narrows the patterns to a unit and those below it. What cannot be read does not narrow."""

    unit = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "All"), *units]  # type: ignore[attr-defined]

    def chosen(self) -> int | None:
        """Key of the unit, if one is chosen."""
        self.is_valid()
        unit = self.cleaned_data.get("unit", "")
        return int(unit) if unit else None
