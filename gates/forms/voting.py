"""Forms of votes, recusals and deferrals."""

from django import forms

from accounts.models import User
from gates.states import VoteChoice


def _reason(label: str, missing: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=4000,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
    )


class VoteForm(forms.Form):
    """What a member says to a proposal."""

    choice = forms.ChoiceField(
        label="What do you say?",
        choices=VoteChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose for, against or abstain."},
    )
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed against and for an abstention. A vote against is kept as dissent, in your words.",
    )


class ReasonForm(forms.Form):
    """Why: a recusal, a call into a meeting, or taking a proposal back."""

    reason = _reason("Why", "Say why.")


class DeferralForm(forms.Form):
    """What a decision waits for, who sees to it, and until when."""

    reason = _reason("What the committee waits for", "Say what the committee waits for.")
    owner = forms.ModelChoiceField(
        label="Who sees to it", queryset=User.objects.none(), required=False, empty_label="Choose somebody"
    )
    until = forms.DateField(
        label="Back on the agenda on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner"].queryset = User.objects.active().order_by("name", "email")  # type: ignore[attr-defined]
