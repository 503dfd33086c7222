"""Forms before the door, in the words of the rest of the product."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms

ADDRESS = "E-mail address"


class SignInForm(LoginForm):
    """Address, password, and whether to stay signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = ADDRESS
        self.fields["remember"].label = "Stay signed in on this device"
        without_placeholders(self)


class ForgottenPasswordForm(ResetPasswordForm):
    """The address to which a link is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = ADDRESS
        without_placeholders(self)


def without_placeholders(form: forms.BaseForm) -> None:
    """Take out placeholders that only repeat the label above the field."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
