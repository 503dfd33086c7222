"""Rule: a gate that was concluded was opened again (requirement 75 among the reasons)."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found from the day on which a gate was opened again; mild until it has stood open for `threshold` days."""
    reopened = facts.reopened
    if reopened is None:
        return None
    young = (today - reopened.since).days < threshold
    reason = f" {reopened.reason}" if reopened.reason else ""
    return Finding(detail=f"Gate {reopened.gate} was opened again.{reason}", since=reopened.since, mild=young)


RULE = Rule(
    id="gate-reopened",
    title="Gate opened again",
    severity=Severity.SERIOUS,
    threshold=14,
    unit="days",
    threshold_means="Days open again from which on it counts in full; until then it is one step milder.",
    smallest=0,
    meaning="What a conclusion stood on has given way: evidence, a person, the risk class. The committee should know.",
    clears="The owner submits the gate anew, and its lead reviewer concludes it.",
    find=find,
    overview=True,
)
