"""Reading deferrals: which one stands, and how often a decision was put off."""

from dataclasses import dataclass
from datetime import date

from gates.models import Deferral
from portfolio.models import Round

_ORDINALS = ("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


@dataclass(frozen=True)
class PutOff:
    """Every deferral of a round, the last one first, and the one that stands."""

    deferrals: list[Deferral]
    standing: Deferral | None
    days_undecided: int

    @property
    def sentence(self) -> str:
        """As in "Third deferral, undecided for 143 days."; empty where it was never put off."""
        if not self.deferrals:
            return ""
        days = self.days_undecided
        late = f", undecided for {days} day{'s' * (days != 1)}" if days else ""
        return f"{ordinal(self.deferrals[0].number)} deferral{late}."


def put_off(round_: Round | None, today: date) -> PutOff:
    """How often a round was put off. One query."""
    if round_ is None:
        return PutOff([], None, 0)
    deferrals = list(Deferral.objects.filter(round=round_).select_related("owner", "by").order_by("-number"))
    standing = next((one for one in deferrals if one.since <= today < one.until), None)
    return PutOff(deferrals, standing if round_.is_undecided else None, round_.days_undecided(today))


def ordinal(number: int) -> str:
    """A number as it is counted: "Third", "11th"."""
    return _ORDINALS[number] if number < len(_ORDINALS) else f"{number}th"
