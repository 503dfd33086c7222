"""What a drift rule is: a name, its defaults, its words, and a pure function over the facts of one pilot."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from gates.ladder import CHAIR_AFTER, SPONSOR_AFTER, in_words
from gates.rules.facts import PilotFacts
from portfolio.states import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found of a pilot."""

    #: A sentence without dates, which would age.
    detail: str
    #: Day from which it has been so; None where nothing says, and then the day on which it was first found counts.
    since: date | None
    #: Still young, or the lesser half of what the rule looks for: one step milder than the rule's severity.
    mild: bool = False


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule, in one place. `find` gets the facts, the pilot's own day, and the threshold in force."""

    id: str
    title: str
    severity: Severity
    threshold: int
    unit: str
    #: What the threshold counts, in a sentence.
    threshold_means: str
    #: The least threshold that makes sense.
    smallest: int
    meaning: str
    clears: str
    find: Callable[[PilotFacts, date, int], Finding | None]
    #: Name of the rules that pages show together; empty for a rule of its own.
    family: str = ""
    #: Route of the page on which it is cleared, for a pilot's code, and what the link says.
    form: str = "portfolio:pilot-detail"
    form_says: str = "Open the file"
    #: Days after the flag was raised on which it climbs (`gates.ladder`).
    sponsor_after: int = SPONSOR_AFTER
    chair_after: int = CHAIR_AFTER
    #: Whether its flags also stand in the digests of the whole committee and of the managers, from the first day.
    overview: bool = False

    @property
    def hears(self) -> str:
        """Who hears of a flag, unless an administrator has set it otherwise."""
        return in_words(self.sponsor_after, self.chair_after, overview=self.overview)


def weighed(severity: int, finding: Finding) -> Severity:
    """Return how serious a finding is under a rule of `severity`: a mild one is a step below, never below a notice."""
    return Severity(max(Severity.INFO, severity - 1)) if finding.mild else Severity(severity)
