"""Counting a vote. Pure: no clock, no database.

The rules, as pages state them:

- *Quorum*: so many members must have voted, abstentions included. A share is taken of all who may vote on the
  proposal, rounded up; who is recused may not, and does not count.
- *Simple majority*: more for than against; abstentions count for neither. On a tie the chair's vote decides, and
  where the chair abstained or may not vote, it is not carried.
- *Two thirds*: at least twice as many for as against. *Unanimous*: nobody against, and somebody for.
- *The chair decides after hearing*: what the chair says holds, once the quorum has spoken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gates.states import MajorityRule, VoteChoice


class Why(StrEnum):
    """Which rule gave the result, in words."""

    NO_QUORUM = "The quorum was not reached."
    CARRIED = "The majority is for it."
    REFUSED = "The majority that the rule asks for is not reached."
    CHAIR_BROKE_TIE = "As many for as against: the chair's vote decided."
    TIE = "As many for as against, and no vote of the chair to decide."
    CHAIR = "The chair decided after hearing the members."


@dataclass(frozen=True)
class Tally:
    """A vote, counted."""

    for_: int
    against: int
    abstain: int
    quorum: int
    carried: bool
    why: str

    @property
    def voted(self) -> int:
        return self.for_ + self.against + self.abstain


def tally(*, rule: str, quorum: int, votes: Mapping[int, str], chair: int | None) -> Tally:
    """Count `votes`, each member's last one. `chair` is the key of the chair, None where nobody chairs or may vote."""
    said = list(votes.values())
    for_, against = said.count(VoteChoice.FOR), said.count(VoteChoice.AGAINST)
    chairs = votes.get(chair) if chair is not None else None
    if len(said) < quorum:
        carried, why = False, Why.NO_QUORUM
    elif rule == MajorityRule.CHAIR:
        carried, why = chairs == VoteChoice.FOR, Why.CHAIR
    elif rule == MajorityRule.UNANIMOUS:
        carried = for_ > 0 and against == 0
        why = Why.CARRIED if carried else Why.REFUSED
    elif rule == MajorityRule.TWO_THIRDS:
        carried = for_ > 0 and for_ >= 2 * against
        why = Why.CARRIED if carried else Why.REFUSED
    elif for_ == against:
        decides = chairs in {VoteChoice.FOR, VoteChoice.AGAINST}
        carried, why = chairs == VoteChoice.FOR, Why.CHAIR_BROKE_TIE if decides else Why.TIE
    else:
        carried = for_ > against
        why = Why.CARRIED if carried else Why.REFUSED
    return Tally(for_, against, said.count(VoteChoice.ABSTAIN), quorum, carried, why.value)
