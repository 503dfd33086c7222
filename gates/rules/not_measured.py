"""Rule: what was promised has no baseline or no measurement by the day on which it was to be measured."""

from datetime import date, timedelta

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found `threshold` days after the day by which a criterion was to be measured, without a value or a baseline.

    In full where a value is missing; mild where only the baseline is, since then nobody can say what has moved.
    Criteria without such a day are due with the planned end of the work, or else with the decision.
    """
    undecided = facts.undecided
    if undecided is None:
        return None
    grace = timedelta(days=max(threshold, 1))
    unmeasured = [day for day in undecided.unmeasured if day + grace <= today]
    unbased = [day for day in undecided.unbased if day + grace <= today]
    if not unmeasured and not unbased:
        return None
    said = [_said(len(unmeasured), "has no measurement", "have no measurement")] if unmeasured else []
    said += [_said(len(unbased), "has no baseline", "have no baseline")] if unbased else []
    return Finding(
        detail=f"Of round {undecided.number}, {' and '.join(said)}, and the day for it has passed.",
        since=min(unmeasured or unbased),
        mild=not unmeasured,
    )


def _said(count: int, one: str, many: str) -> str:
    return f"one success criterion {one}" if count == 1 else f"{count} success criteria {many}"


RULE = Rule(
    id="not-measured",
    title="Not measured",
    severity=Severity.WARNING,
    threshold=7,
    unit="days",
    threshold_means="Days after the day by which a success criterion was to be measured.",
    smallest=1,
    meaning="What was promised in figures cannot be held against anything. The committee would decide on impressions.",
    clears="A measurement of each criterion; and for a missing baseline, an amendment of the contract that names one.",
    find=find,
    form="portfolio:measurement-sheet",
    form_says="Enter measurements",
)
