"""Rule: a condition of a decision, or of a gate, was not met by its day."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Severity

_LONGEST = 200


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found `threshold` days after the day of the open condition that was due first; mild for one of a gate."""
    condition = facts.condition
    if condition is None or (today - condition.due).days < threshold:
        return None
    of = f"decision {condition.decision}" if condition.decision else "a gate"
    text = condition.text.rstrip(".")
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    state = "is said to be met and not accepted" if condition.awaits_chair else "is not met"
    return Finding(detail=f"A condition of {of} {state}: {text}.", since=condition.due, mild=not condition.decision)


RULE = Rule(
    id="condition-overdue",
    title="Condition overdue",
    severity=Severity.SERIOUS,
    threshold=1,
    unit="days",
    threshold_means="Days after the day on which the condition was to be met.",
    smallest=1,
    meaning="The committee said yes on this ground. Without it the matter is open again, and comes back to the agenda.",
    clears="What shows that it is met, accepted by the chair where it belongs to a decision; "
    "or it is waived, with a reason.",
    find=find,
)
