"""Rule: an intervention is past its day (requirement 44)."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import ENDED_STAGES, Severity

#: Characters of an intervention that a flag repeats.
_ENOUGH = 120


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found when an intervention under way has been past its day for `threshold` days, one at least."""
    stuck = facts.stuck
    if stuck is None or stuck.due is None or facts.stage in ENDED_STAGES:
        return None
    if (today - stuck.due).days < max(threshold, 1):
        return None
    text = stuck.action if len(stuck.action) <= _ENOUGH else f"{stuck.action[:_ENOUGH].rstrip()}…"
    return Finding(detail=f"An intervention is past its day: “{text}”", since=stuck.due)


RULE = Rule(
    id="intervention-late",
    title="Intervention overdue",
    severity=Severity.WARNING,
    threshold=3,
    unit="days",
    threshold_means="Days after the day on which it was to be done.",
    smallest=1,
    meaning="What was to get the pilot moving has stopped moving itself.",
    clears="Who does it says what came of it, or gives it up with a reason.",
    find=find,
    form="gates:clinic",
    form_says="Open the clinic",
)
