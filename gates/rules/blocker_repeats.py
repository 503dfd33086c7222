"""Rule: the same blocker stands in update after update (requirement 47)."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import BLOCKER_REPEATS, ENDED_STAGES, Severity

#: Characters of a blocker that a flag repeats.
_ENOUGH = 160


def find(facts: PilotFacts, _today: date, threshold: int) -> Finding | None:
    """Found when `threshold` updates in a row, whatever their days, have reported the same blocker.

    Of several blockers the longest counts. Pilots that scale or run are looked at, too; those that have ended are not.
    """
    blocker = facts.blocker
    if blocker is None or blocker.times < max(threshold, 1) or facts.stage in ENDED_STAGES:
        return None
    text = blocker.text if len(blocker.text) <= _ENOUGH else f"{blocker.text[:_ENOUGH].rstrip()}…"
    return Finding(detail=f"“{text}” has blocked {blocker.times} updates in a row.", since=blocker.since)


RULE = Rule(
    id="blocker-repeats",
    title="Blocked by the same again",
    severity=Severity.WARNING,
    threshold=BLOCKER_REPEATS,
    unit="updates",
    threshold_means="Updates in a row that report the same blocker.",
    smallest=2,
    meaning="The same thing is in the way each time somebody reports. Saying it again does not move it.",
    clears="A status update that says that the blocker is cleared.",
    find=find,
    form="portfolio:status-create",
    form_says="Write an update",
)
