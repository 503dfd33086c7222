"""Forms by which somebody gets an account."""

from typing import Any

from django import forms
from django.conf import settings

from accounts.forms.zones import ZoneField


def _password(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = _password("Password", "At least 12 characters. A short sentence is easy to remember and hard to guess.")
    password_again = _password("Password, once more")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password"), cleaned.get("password_again")
        if first and second and first != second:
            self.add_error("password_again", "The two are not the same. Type the password once more.")
        return cleaned


class BeginForm(PasswordForm):
    """The first administrator."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    field_order = ("name", "email", "password", "password_again")


class InvitationForm(PasswordForm):
    """What an invited person says about themselves."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = ZoneField(help_text="Times are shown, and digests come, by the clock of this place.")
    field_order = ("name", "time_zone", "password", "password_again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone: ZoneField = self.fields["time_zone"]  # type: ignore[assignment]
        zone.offer(self.initial.get("time_zone") or settings.TIME_ZONE)
