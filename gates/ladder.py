"""Who is told of a flag, and from which day on: owner at once, sponsor after a grace, chair after a second one. Pure.

The days count from the one on which the flag was raised, so that whoever is told first has time to act. Nobody stands
on a rung that is empty: its day passes to the next one above, so what nobody is in charge of reaches the chair at once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: Days after which a flag climbs, unless its rule says otherwise.
SPONSOR_AFTER, CHAIR_AFTER = 14, 28
#: Who reads of some rules' flags before these climb, since it is theirs to decide.
OVERVIEW = "The committee and the portfolio managers have it in their overview from the first day."


class Rung(StrEnum):
    """Who is told, from the bottom up."""

    OWNER = "owner"
    SPONSOR = "sponsor"
    CHAIR = "chair"
    MANAGERS = "portfolio managers"


@dataclass(frozen=True, slots=True)
class Step:
    """A rung on which somebody stands, and the first day on which they are told."""

    rung: Rung
    since: date

    def reached(self, today: date) -> bool:
        return self.since <= today


def climb(*, opened_on: date, sponsor_after: int, chair_after: int, missing: Collection[Rung]) -> tuple[Step, ...]:
    """Return the steps of a flag that was raised on `opened_on`; `missing` are the rungs on which nobody stands.

    Where nobody chairs, the portfolio managers are told instead. A step never comes before the one below it.
    """
    days = {Rung.OWNER: 0, Rung.SPONSOR: sponsor_after, Rung.CHAIR: max(sponsor_after, chair_after)}
    steps: list[Step] = []
    inherited: int | None = None
    for rung, planned in days.items():
        day = planned if inherited is None else min(planned, inherited)
        if rung in missing:
            inherited = day
        else:
            steps.append(Step(rung, opened_on + timedelta(days=day)))
            inherited = None
    if inherited is not None:
        steps.append(Step(Rung.MANAGERS, opened_on + timedelta(days=inherited)))
    return tuple(steps)


def told(steps: Collection[Step], today: date) -> tuple[Rung, ...]:
    """The rungs that a flag has reached."""
    return tuple(step.rung for step in steps if step.reached(today))


def in_words(sponsor_after: int, chair_after: int, *, overview: bool = False) -> str:
    """The ladder of a rule in words; with `overview`, of one whose flags also stand in the overviews of some."""
    ladder = (
        f"The business owner at once, the sponsor {_after(sponsor_after)}, "
        f"the committee's chair {_after(max(sponsor_after, chair_after))}."
    )
    return f"{ladder} {OVERVIEW}" if overview else ladder


def _after(days: int) -> str:
    return "at once" if days == 0 else f"after {days} day{'' if days == 1 else 's'}"
