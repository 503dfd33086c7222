"""Rule: a gate is in review, or was returned, and nobody touches it."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found when whoever has the gate has done nothing with it for `threshold` days.

    Counted from the day on which it came to them, or on which somebody last assessed, claimed or commented. Of
    several gates the one that waits longest is told.
    """
    review = facts.review
    if review is None or (today - review.touched_on).days < max(threshold, 1):
        return None
    if review.state == "returned":
        detail = f"Gate {review.gate} was returned to its owner, and nobody has touched it since."
    else:
        detail = f"Gate {review.gate} is in review, and nobody touches it."
    return Finding(detail=detail, since=review.touched_on)


RULE = Rule(
    id="review-untouched",
    title="Gate review untouched",
    severity=Severity.WARNING,
    threshold=14,
    unit="days",
    threshold_means="Days without an assessment, a claim or a comment on a gate that is in review or returned.",
    smallest=1,
    meaning="Somebody is to act and does not: a reviewer who was asked, or the owner to whom the gate was returned.",
    clears="Who has it acts: assesses, answers, submits or concludes. Handing it to somebody else does not count.",
    find=find,
)
