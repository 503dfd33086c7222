"""The form that takes a register."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from portfolio.registers.mapping import shipped
from portfolio.registers.mapping_file import load_register
from portfolio.registers.reading import MAX_BYTES

#: The most rows that are imported by a page; the command takes more.
MAX_PAGE_ROWS = 5_000
#: The same size as the reader takes, said before the upload.
MAX_MEGABYTES = MAX_BYTES // 1024 // 1024


class UploadForm(forms.Form):
    """A register, what its columns mean, and who is to decide its pilots."""

    file = forms.FileField(
        label="The register",
        max_length=200,
        help_text=f"CSV or Excel (.xlsx), at most {MAX_MEGABYTES} MB and {MAX_PAGE_ROWS:,} rows.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    mapping = forms.ChoiceField(label="What its columns mean")
    committee = forms.ChoiceField(
        label="Committee that decides its new pilots",
        required=False,
        help_text="Pilots that are here already keep theirs.",
    )

    def __init__(self, *args: Any, committees: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].choices = [(name, load_register(name).title) for name in shipped()]  # type: ignore[attr-defined]
        self.fields["committee"].choices = [("", "Not yet known"), *committees]  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(f"The file is larger than {MAX_MEGABYTES} MB. Split it and import the parts.")
        return file
