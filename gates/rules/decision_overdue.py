"""Rule: the day on which a round was to be decided has passed, and no decision is recorded (requirement 49)."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import DueBasis, Purpose, Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found from the day after the due date on, mild until it is `threshold` days late.

    Only a decision ends it: status updates, assessments and our own jobs are no part of what it looks at. The review
    date of a research round is its due date (requirement 60).
    """
    undecided = facts.undecided
    if undecided is None or undecided.decision_due is None:
        return None
    late = (today - undecided.decision_due).days
    if late < 1:
        return None
    if undecided.purpose == Purpose.RESEARCH:
        detail = f"Research round {undecided.number} is past its review date, and no decision is recorded."
    elif undecided.due_basis == DueBasis.ASSUMED:
        detail = f"Round {undecided.number} is past its decision date, which was assumed at import."
    else:
        detail = f"Round {undecided.number} is past its decision date, and no decision is recorded."
    return Finding(detail=detail, since=undecided.decision_due, mild=late < threshold)


RULE = Rule(
    id="decision-overdue",
    title="Decision overdue",
    severity=Severity.SERIOUS,
    threshold=14,
    unit="days",
    threshold_means="Days late from which on it counts in full; from the first day until then it is one step milder.",
    smallest=1,
    meaning="The day on which this round was to be decided has passed. Work, money and people wait for an answer.",
    clears="A recorded decision: scale, redesign, stop or keep as research. Nothing else stops this clock.",
    find=find,
    form="gates:decision-create",
    form_says="Record a decision",
    overview=True,
)
