"""Asking for another e-mail address, on the library's page."""

from allauth.account.forms import AddEmailForm
from django import forms

from accounts.models import User


class AddressForm(AddEmailForm):
    """Refuses an address of somebody else: colleagues see each other here, so this tells nothing new."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        own = self.user.pk if self.user else None
        if User.objects.filter(email=email).exclude(pk=own).exists():
            raise forms.ValidationError(
                "This address belongs to somebody here. If that is you too, ask an administrator.", code="email_taken"
            )
        return email
