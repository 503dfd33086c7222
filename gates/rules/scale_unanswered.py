"""Rule: nobody answers when this will scale (requirement 48)."""

from datetime import date
from itertools import takewhile

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Purpose, Severity


def find(facts: PilotFacts, _today: date, threshold: int) -> Finding | None:
    """Found when the last `threshold` status updates of the undecided round were asked and did not answer.

    Updates from before it was asked count for nothing. Research has no plan to scale.
    """
    undecided = facts.undecided
    if undecided is None or undecided.purpose == Purpose.RESEARCH:
        return None
    open_ended = list(takewhile(lambda update: update.confidence and not update.answered, undecided.updates))
    if len(open_ended) < max(threshold, 1):
        return None
    return Finding(
        detail=f"{len(open_ended)} updates in a row do not say when round {undecided.number} could scale.",
        since=open_ended[-1].on,
    )


RULE = Rule(
    id="scale-unanswered",
    title="“When will this scale?” unanswered",
    severity=Severity.INFO,
    threshold=3,
    unit="updates",
    threshold_means="Updates in a row that leave the question open.",
    smallest=2,
    meaning="A pilot that nobody can picture in daily work is on its way to nowhere.",
    clears="A status update that answers the question, be it with “never”.",
    find=find,
    form="portfolio:status-create",
    form_says="Write an update",
    sponsor_after=28,
    chair_after=56,
)
