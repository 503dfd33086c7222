"""Rule: what a decision stood on has changed since (requirement 75)."""

from collections.abc import Iterator
from datetime import date

from gates.rules.facts import DecidedFacts, PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import RiskClass, Severity, Stage


def find(facts: PilotFacts, _today: date, threshold: int) -> Finding | None:
    """Found when who owned or sponsored it then has left, its risk class is another, or its cost rose by `threshold` %.

    Looks at decisions that are being carried out. Once in production, people come and go, so there only risk class
    and cost count. Decisions of which nobody wrote down what they stood on are left out.
    """
    decided = facts.decided
    if decided is None or not decided.risk_then:
        return None
    changes = list(_changes(facts, decided, threshold))
    return Finding(detail=" ".join(changes), since=None) if changes else None


def _changes(facts: PilotFacts, decided: DecidedFacts, threshold: int) -> Iterator[str]:
    if facts.stage != Stage.IN_PRODUCTION:
        if decided.owner_left:
            yield "Who owned it when it was decided has left."
        if decided.sponsor_left:
            yield "Who sponsored it when it was decided has left."
    if facts.risk_class != decided.risk_then:
        then, now = RiskClass(decided.risk_then).label.lower(), RiskClass(facts.risk_class).label.lower()
        yield f"Its risk class was {then} and is {now}."
    if decided.cost_then and facts.monthly_cost and facts.monthly_cost * 100 > decided.cost_then * (100 + threshold):
        rise = round((facts.monthly_cost / decided.cost_then - 1) * 100)
        yield f"Its running cost has risen by {rise} %."


RULE = Rule(
    id="basis-changed",
    title="Decided on other facts",
    severity=Severity.WARNING,
    threshold=25,
    unit="percent",
    threshold_means="Rise of the monthly running cost beyond which the decision stands on another figure.",
    smallest=1,
    meaning="The committee decided on a pilot that is no longer this one. Perhaps it would decide the same again.",
    clears="A decision on today's facts, or what changed is put back.",
    find=find,
    form_says="Open the file",
)
