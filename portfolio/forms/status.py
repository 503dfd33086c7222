"""The form of a status update: in under a minute, on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from portfolio.blockers import OpenBlocker
from portfolio.states import Confidence

#: Answers to "does it still block?".
STILL, CLEARED = "still", "cleared"
_PREFIX = "blocker_"


@dataclass(frozen=True)
class Question:
    """Whether an open blocker still blocks, with its field."""

    asked: OpenBlocker
    field: forms.BoundField


class StatusForm(forms.Form):
    """What moved, what blocks, how sure one is, who uses it. Each open blocker is asked after by itself.

    A blocker that somebody else added meanwhile was not asked after: its field is then missing, and named.
    """

    moved = forms.CharField(
        label="What moved",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="“Nothing” is an honest answer.",
        error_messages={"required": "Say in a sentence what moved, even if it is nothing."},
    )
    blocks = forms.CharField(
        label="What blocks",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One blocker a line. It is asked after in each update until it is cleared.",
    )
    confidence = forms.ChoiceField(
        label="How sure are you that it will keep its promise?",
        choices=Confidence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three: a word is enough."},
    )
    because = forms.CharField(
        label="What is that based on?",
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"placeholder": "A measurement, what users say, a feeling"}),
    )
    users_inside = forms.IntegerField(label="Users in the team", required=False, min_value=0, max_value=1_000_000)
    users_outside = forms.IntegerField(label="Users beyond it", required=False, min_value=0, max_value=1_000_000)
    scale_when = forms.CharField(
        label="When will this scale?",
        required=False,
        max_length=1000,
        help_text="People will ask. “Nobody has said” is an answer, too.",
    )

    def __init__(self, *args: Any, asked: list[OpenBlocker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        if asked:
            self.fields["blocks"].label = "What else blocks"
        for one in asked:
            self.fields[f"{_PREFIX}{one.blocker.pk}"] = forms.ChoiceField(
                label=one.blocker.text,
                choices=[(STILL, "Still blocks"), (CLEARED, "Cleared")],
                initial=STILL,
                widget=forms.RadioSelect,
                error_messages={"required": "Added while you were writing: say whether it still blocks."},
            )

    def questions(self) -> Iterator[Question]:
        """Each open blocker with its field, the longest first."""
        for one in self.asked:
            yield Question(one, self[f"{_PREFIX}{one.blocker.pk}"])

    def said(self) -> dict[str, Any]:
        """What the verb is told."""
        data = {name: value for name, value in self.cleaned_data.items() if not name.startswith(_PREFIX)}
        keys = [one.blocker.pk for one in self.asked]
        return data | {
            "confidence": Confidence(data["confidence"]),
            "blocks": data["blocks"].splitlines(),
            "cleared": [key for key in keys if self.cleaned_data[f"{_PREFIX}{key}"] == CLEARED],
            "seen": keys,
        }
