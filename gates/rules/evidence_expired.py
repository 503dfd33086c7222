"""Rule: evidence that the gates of an undecided round rely on has expired."""

from datetime import date, timedelta

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found when a piece of the undecided round has been past its last day for `threshold` days, one at least."""
    oldest = today - timedelta(days=max(threshold, 1))
    expired = [piece for piece in facts.evidence if piece.until <= oldest]
    if not expired:
        return None
    first, more = expired[0], len(expired) - 1
    if more:
        others = "1 more piece" if more == 1 else f"{more} more pieces"
        detail = f"“{first.title}” and {others} of evidence have expired."
    else:
        detail = f"The evidence “{first.title}” has expired."
    return Finding(detail=detail, since=first.until + timedelta(days=1))


RULE = Rule(
    id="evidence-expired",
    title="Evidence expired",
    severity=Severity.WARNING,
    threshold=1,
    unit="days",
    threshold_means="Days after the last day on which a piece counts.",
    smallest=1,
    meaning="A gate relies on something that no longer counts, so nobody can decide on it.",
    clears="A newer piece in its place, or the gate no longer relies on it.",
    find=find,
    form="gates:evidence-list",
    form_says="Open the evidence",
)
