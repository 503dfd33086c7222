"""Rule: nothing has been heard of an undecided round for a while."""

from datetime import date

from gates.rules.facts import PilotFacts, RoundFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found when the last sign of life of an undecided round is `threshold` days old.

    Signs of life are what people do for the round: its start, the end of its work, a status update, an assessment, a
    piece of evidence, a measurement on the day on which it was entered.
    """
    undecided = facts.undecided
    if undecided is None:
        return None
    heard_on = last_sign(undecided)
    if (today - heard_on).days < max(threshold, 1):
        return None
    missing = "status update, assessment, measurement or evidence"
    if undecided.updated_on or undecided.assessed_on or undecided.measured_on or undecided.evidence_on:
        detail = f"Round {undecided.number} has fallen silent: no new {missing}."
    else:
        detail = f"Round {undecided.number} has been silent from its start: no {missing}."
    return Finding(detail=detail, since=heard_on)


def last_sign(undecided: RoundFacts) -> date:
    """Return the day of the last sign of life."""
    signs = (
        undecided.starts_on,
        undecided.ended_on,
        undecided.updated_on,
        undecided.assessed_on,
        undecided.measured_on,
        undecided.evidence_on,
    )
    return max(sign for sign in signs if sign is not None)


RULE = Rule(
    id="silent",
    title="Silent",
    severity=Severity.WARNING,
    threshold=30,
    unit="days",
    threshold_means="Days after the last sign of life.",
    smallest=1,
    meaning="Nobody has said what moved or what blocks. A pilot that nobody reports on is one that nobody steers.",
    clears="A status update, a measurement, evidence, or an assessed criterion. Comments and edits do not count.",
    find=find,
    form="portfolio:status-create",
    form_says="Write an update",
)
