"""Choosing a day."""

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day, in the browser's own calendar; that one reads a value in ISO 8601 only, whatever the language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
