"""Filters of the mail log."""

from django import forms

from accounts.states import MailKind, MailState


class MailFilterForm(forms.Form):
    """What the list of mails is narrowed by."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Recipient, subject, reason"}),
    )
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *MailState.choices])
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *MailKind.choices])

    def wanted(self) -> dict[str, str]:
        """What is asked for; a choice that does not exist asks for nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
