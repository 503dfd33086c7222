"""Rule: a deferral has expired, or the decision was put off too often (requirement 52)."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found from the day on which the last deferral ended; and, even while it lasts, from the `threshold`th one on.

    Mild where the round was put off less often than that.
    """
    deferral = facts.deferral
    if deferral is None:
        return None
    often, over = deferral.number >= threshold, today >= deferral.until
    if not (often or over):
        return None
    times = {1: "once", 2: "twice"}.get(deferral.number, f"{deferral.number} times")
    ended = " The last deferral has ended, and nothing is decided." if over else ""
    since = deferral.since if often else deferral.until
    return Finding(detail=f"The decision was put off {times}.{ended}", since=since, mild=not often)


RULE = Rule(
    id="deferral-over",
    title="Put off again and again",
    severity=Severity.SERIOUS,
    threshold=3,
    unit="deferrals",
    threshold_means="Deferrals from which on it counts in full, even while the last one lasts; "
    "before, an expired one is one step milder.",
    smallest=1,
    meaning="A deferral answers nothing. When its day has come, or it is one of several, "
    "no decision has become the decision.",
    clears="A recorded decision; or, while it was not put off too often, another deferral with its reason, "
    "owner and end.",
    find=find,
    form="gates:decision-create",
    form_says="Decide",
)
