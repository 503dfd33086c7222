"""Forms for measurements: one value, a correction, a withdrawal, a whole table."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.forms.days import DayField
from portfolio.measure_sheet import MAX_NOTE, MAX_SHEET_BYTES, MAX_SHEET_MEGABYTES, MAX_SOURCE, Asked
from portfolio.registers.figures import FigureError, Spelling, read_figure


class FigureField(forms.CharField):
    """A number as people write it, with a decimal point or comma; what could be two numbers is not guessed."""

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)
        self.unit = unit
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """Return a Decimal of four places, or None for nothing."""
        text = super().to_python(value)
        return self._read(text) if text else text

    def _read(self, text: str) -> Decimal:
        try:
            return read_figure(text, unit=self.unit)
        except FigureError as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    def run_validators(self, value: Any) -> None:
        """Leave out those of texts."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another number is meant, however it is written."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


class MeasurementForm(forms.Form):
    """One value of one criterion."""

    on = DayField(label="Measured on")
    value = FigureField(label="Value")
    note = forms.CharField(
        label="Note", max_length=MAX_NOTE, required=False, help_text="What it covers, or what was unusual about it."
    )
    source = forms.CharField(
        label="Source", max_length=MAX_SOURCE, required=False, help_text="The report or the system that it comes from."
    )
    afterwards = forms.BooleanField(
        label="Add it afterwards",
        required=False,
        help_text="The round is decided. The value is kept and shown, and changes nothing of what was decided on.",
    )

    def __init__(self, *args: Any, unit: str, decided: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = FigureField(label=f"Value, in {unit}" if unit else "Value", unit=unit)
        if not decided:
            del self.fields["afterwards"]


class CorrectionForm(MeasurementForm):
    """Another value in the place of one, with the reason."""

    reason = forms.CharField(
        label="Why it is corrected", max_length=1000, help_text="The value that was there is kept, struck through."
    )

    field_order = ("on", "value", "reason", "note", "source", "afterwards")


class WithdrawalForm(forms.Form):
    """Taking a value out of account, with the reason."""

    reason = forms.CharField(label="Why it is withdrawn", max_length=1000)
    afterwards = forms.BooleanField(
        label="Withdraw it afterwards",
        required=False,
        help_text="The round is decided. This is kept and shown, and changes nothing of what was decided on.",
    )

    def __init__(self, *args: Any, decided: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not decided:
            del self.fields["afterwards"]


class SheetForm(forms.Form):
    """A table of measurements: pasted, or a file."""

    table = forms.CharField(
        label="Paste it here",
        required=False,
        strip=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false", "class": "as-typed"}),
        help_text="Copy the cells in your spreadsheet, with the row of column names, and paste them.",
    )
    file = forms.FileField(
        label="Or choose a file",
        required=False,
        max_length=200,
        help_text=f"CSV or Excel (.xlsx), at most {MAX_SHEET_MEGABYTES} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    criterion = forms.ChoiceField(label="What it is about", required=False)
    sign = forms.ChoiceField(
        label="Numbers are written",
        required=False,
        choices=[
            ("", "As they stand: 41.5 or 41,5"),
            (".", "With a decimal point: 1,234.5"),
            (",", "With a decimal comma: 1.234,5"),
        ],
        help_text="1,234 alone could mean two numbers. It is refused unless you say so here.",
    )
    days = forms.ChoiceField(
        label="Days such as 3/11/2026 are written",
        required=False,
        choices=[("day", "Day first: 3 November"), ("month", "Month first: 11 March")],
        initial="day",
    )

    def __init__(self, *args: Any, asked: list[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        each = [(str(one.number), f"{one.number}. {one.metric}") for one in asked]
        self.fields["criterion"].choices = [("", "The table says so"), *each]  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MAX_SHEET_BYTES:
            raise forms.ValidationError(f"The file is larger than {MAX_SHEET_MEGABYTES} MB. Bring it in parts.")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pasted, file = (cleaned.get("table") or "").strip(), cleaned.get("file")
        if pasted and file:
            self.add_error("file", "There is a pasted table as well. Bring one of them, then the other.")
        elif not pasted and not file and not self.errors:
            self.add_error("table", "Paste a table, or choose a file.")
        return cleaned

    def content(self) -> bytes:
        """The table as bytes."""
        file = self.cleaned_data["file"]
        content: bytes = file.read() if file else self.cleaned_data["table"].encode()
        return content

    def reading(self) -> dict[str, Any]:
        """How it is to be read, in plain values."""
        return {
            "only": int(self.cleaned_data["criterion"] or 0) or None,
            "sign": self.cleaned_data["sign"],
            "days": self.cleaned_data["days"] or "day",
        }


def spelling_of(reading: dict[str, Any]) -> Spelling:
    """How numbers and days are written, as somebody said in a form."""
    return Spelling(sign=reading["sign"], day_first=reading["days"] != "month")
