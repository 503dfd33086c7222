"""Rule: it is known why a pilot is stuck, and nothing is under way against it (requirements 44 and 46)."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import ENDED_STAGES, Severity
from portfolio.stuck import StuckPattern


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found `threshold` days after the diagnosis, or the last closed intervention, where nothing is under way.

    Mild where several patterns hold and only one of them gets help.
    """
    stuck = facts.stuck
    if stuck is None or facts.stage in ENDED_STAGES or (today - stuck.since).days < threshold:
        return None
    alone = [StuckPattern(pattern).in_words for pattern in stuck.patterns if pattern not in stuck.helped]
    helped = len(stuck.patterns) - len(alone)
    if not alone or helped > 1:
        return None
    left = ", ".join(alone)
    if helped:
        detail = f"Several patterns hold it up, and only one gets help. Left alone: {left}."
    else:
        detail = f"It is known why it is stuck, and nothing is under way: {left}."
    return Finding(detail=detail, since=stuck.since, mild=helped == 1)


RULE = Rule(
    id="stuck-unhelped",
    title="Stuck, and left alone",
    severity=Severity.WARNING,
    threshold=7,
    unit="days",
    threshold_means="Days since the diagnosis, or since the last intervention was closed.",
    smallest=0,
    meaning="Somebody asked why it is stuck and got an answer. Knowing it moves nothing.",
    clears="Interventions under way against what holds it up; or a diagnosis by which nothing does.",
    find=find,
    form="gates:clinic",
    form_says="Open the clinic",
)
