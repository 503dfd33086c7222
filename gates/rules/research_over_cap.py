"""Rule: a research round has cost what it may cost at most (requirement 60)."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Purpose, Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found once the running cost since the start of a research round has come to `threshold` % of its cap.

    What it has cost: monthly running cost x 12 / 365 x days, as for the cost of waiting. Without a cap or a running
    cost nothing can be said.
    """
    undecided = facts.undecided
    if undecided is None or undecided.purpose != Purpose.RESEARCH or undecided.budget_cap is None:
        return None
    a_day = (facts.monthly_cost or Decimal(0)) * 12 / 365
    if not a_day:
        return None
    days = int((undecided.budget_cap * threshold / 100 / a_day).to_integral_value(ROUND_CEILING))
    if (today - undecided.starts_on).days < days:
        return None
    return Finding(
        detail=f"Research round {undecided.number} has come to {threshold} % of the most that it may cost.",
        since=undecided.starts_on + timedelta(days=days),
    )


RULE = Rule(
    id="research-over-cap",
    title="Research over its cap",
    severity=Severity.WARNING,
    threshold=100,
    unit="percent",
    threshold_means="Share of the cap that the running cost since the start has come to.",
    smallest=1,
    meaning="What was set aside to learn something is spent. Going on costs what nobody has agreed to.",
    clears="A recorded decision on the research round.",
    find=find,
    form="gates:decision-create",
    form_says="Record a decision",
)
