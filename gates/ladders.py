"""The ladders of open flags as the rules are set, and on which rungs somebody stands. Read once for many flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gates.ladder import Rung, Step, climb
from gates.models import CommitteeSeat, RuleSetting
from gates.rules.registry import RULES
from gates.states import CommitteePart


@dataclass(frozen=True)
class Ladders:
    """How flags climb: the same for the page that announces it and for the digests that do it."""

    #: Days until sponsor and chair are told, by rule.
    graces: Mapping[str, tuple[int, int]]
    #: Short names of the committees that somebody chairs.
    chaired: frozenset[str]

    def of(self, rule: str, *, opened_on: date, owned: bool, sponsored: bool, committee: str) -> tuple[Step, ...]:
        """The steps of a flag; `owned` and `sponsored` say whether somebody who is here holds the part."""
        if rule not in self.graces:
            return ()
        sponsor_after, chair_after = self.graces[rule]
        here = {Rung.OWNER: owned, Rung.SPONSOR: sponsored, Rung.CHAIR: committee in self.chaired}
        return climb(
            opened_on=opened_on,
            sponsor_after=sponsor_after,
            chair_after=chair_after,
            missing=[rung for rung, there in here.items() if not there],
        )


def ladders() -> Ladders:
    """Read how every rule is set, and who chairs. Two queries."""
    graces = {rule.id: (rule.sponsor_after, rule.chair_after) for rule in RULES}
    for rule, *days in RuleSetting.objects.values_list("rule", "sponsor_after", "chair_after"):
        if rule in graces:
            sponsor, chair = (own if held is None else held for held, own in zip(days, graces[rule], strict=True))
            graces[rule] = (sponsor, chair)
    chairs = CommitteeSeat.objects.filter(part=CommitteePart.CHAIR, until=None, user__is_active=True)
    return Ladders(
        graces=graces,
        chaired=frozenset(chairs.values_list("committee__slug", flat=True)),
    )
