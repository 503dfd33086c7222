"""Forms of evidence: narrowing the library, adding a piece, naming what it supports, withdrawing it."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.formats import date_format

from accounts.forms.days import DayField
from gates.evidence_library import NEWEST_FIRST, SORTS
from gates.filing import megabytes
from gates.models import Criterion, Evidence
from gates.sniffing import EXTENSIONS, TAKEN
from gates.states import EvidenceKind, EvidenceState
from portfolio.models import Measurement
from portfolio.progress import figure


class LibraryForm(forms.Form):
    """Narrows a pilot's library. What cannot be read does not narrow."""

    search = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Title, note or address"}),
    )
    kind = forms.ChoiceField(required=False, choices=[("", "All"), *EvidenceKind.choices])
    state = forms.ChoiceField(required=False, choices=[("", "All"), *EvidenceState.choices])
    criterion = forms.ChoiceField(required=False, label="Supports")

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["criterion"]).choices = [
            ("", "Any criterion"),
            *((one.slug, f"{one.gate.number}.{one.number} {one.statement[:80]}") for one in criteria),
        ]

    def chosen(self) -> dict[str, str]:
        """Return the filters in force, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def chosen_sort(asked: str) -> str:
    """Return the sort that was asked for, newest first for anything else."""
    return asked if asked in SORTS else NEWEST_FIRST


class MeasurementField(forms.ModelChoiceField):
    """A choice of measurements, each with its metric, value and day."""

    def label_from_instance(self, obj: Measurement) -> str:
        return measurement_words(obj)


class PieceForm(forms.Form):
    """A piece of one kind: only the fields that its kind has."""

    kind = forms.ChoiceField(choices=EvidenceKind, widget=forms.HiddenInput)
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(EXTENSIONS), "data-takes-files": ""}),
    )
    url = forms.CharField(
        required=False,
        label="Address",
        max_length=1000,
        help_text="The whole address. Who opens it needs the right to.",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    measurement = MeasurementField(Measurement.objects.none(), required=False, empty_label="Choose one")
    title = forms.CharField(required=False, label="What it is", max_length=200)
    note = forms.CharField(required=False, label="What it shows", max_length=10_000, widget=forms.Textarea)
    valid_until = DayField(
        required=False, label="Counts until", help_text="Leave it empty where it does not expire by itself."
    )
    criteria = forms.ModelMultipleChoiceField(Criterion.objects.none(), required=False, to_field_name="slug")

    def __init__(
        self,
        *args: Any,
        kind: EvidenceKind,
        criteria: Sequence[Criterion] = (),
        measurements: QuerySet[Measurement] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.of_kind, self.asked = kind, criteria
        self.fields["kind"].initial = kind
        for name, kinds in _ONLY.items():
            if kind not in kinds:
                del self.fields[name]
        if kind == EvidenceKind.FILE:
            limit = megabytes(settings.EVIDENCE_FILE_LIMIT)
            self.fields["file"].help_text = f"{TAKEN}; at most {limit}. You can drop or paste it here."
            self.fields["title"].help_text = "Empty: the name of the file."
        if kind == EvidenceKind.NOTE:
            self.fields["note"].label = "The note"
        if kind == EvidenceKind.MEASUREMENT:
            field = cast("MeasurementField", self.fields["measurement"])
            field.queryset = measurements
            self.fields["title"].help_text = "Empty: the metric and its value."
        if criteria:
            cast(
                "forms.ModelMultipleChoiceField[Criterion]", self.fields["criteria"]
            ).queryset = Criterion.objects.filter(pk__in=[one.pk for one in criteria]).select_related("gate")
        else:
            del self.fields["criteria"]

    @property
    def chosen_criteria(self) -> set[str]:
        """The short names of the criteria that are ticked."""
        return set(self["criteria"].value() or ()) if "criteria" in self.fields else set()

    @property
    def open_gates(self) -> set[int]:
        """The gates that have a ticked criterion."""
        return {one.gate_id for one in self.asked if one.slug in self.chosen_criteria}


#: Fields that only some kinds have.
_ONLY = {
    "file": {EvidenceKind.FILE},
    "url": {EvidenceKind.LINK},
    "measurement": {EvidenceKind.MEASUREMENT},
}


class UsesForm(forms.Form):
    """Which criteria a piece supports, and which it supported when the form was shown."""

    criteria = forms.ModelMultipleChoiceField(Criterion.objects.none(), required=False, to_field_name="slug")
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = criteria
        cast("forms.ModelMultipleChoiceField[Criterion]", self.fields["criteria"]).queryset = Criterion.objects.filter(
            pk__in=[one.pk for one in criteria]
        ).select_related("gate")

    @property
    def chosen_criteria(self) -> set[str]:
        """The short names of the criteria that are ticked."""
        return set(self["criteria"].value() or ())

    @property
    def open_gates(self) -> set[int]:
        """The gates that have a ticked criterion."""
        return {one.gate_id for one in self.asked if one.slug in self.chosen_criteria}

    def changes(self) -> tuple[list[Criterion], list[Criterion]]:
        """What was ticked, and what was unticked, against what the form had shown; what others changed stays."""
        shown = set(self.cleaned_data["shown"].split())
        ticked = {one.slug for one in self.cleaned_data["criteria"]}
        by_slug = {one.slug: one for one in self.asked}
        begin = [by_slug[slug] for slug in by_slug if slug in ticked - shown]
        return begin, [by_slug[slug] for slug in by_slug if slug in shown - ticked]


class WithdrawForm(forms.Form):
    """Why a piece no longer stands."""

    reason = forms.CharField(
        required=False,
        max_length=2000,
        label="Why it no longer stands",
        help_text="Readable beside the piece from now on.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def initial_of(piece: Evidence) -> dict[str, Any]:
    """What a form for the piece that is to supersede `piece` begins with."""
    return {"title": piece.title, "note": piece.note, "url": piece.url}


def measurement_words(measurement: Measurement) -> str:
    """A measurement in a line: its metric, value and day."""
    criterion = measurement.criterion
    value = figure(measurement.value, criterion.unit)
    return f"{criterion.metric}: {value}, {date_format(measurement.on, 'j F Y')}"
