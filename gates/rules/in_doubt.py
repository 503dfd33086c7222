"""Rule: those who run the pilot have lost their confidence in it (requirement 48)."""

from datetime import date
from itertools import takewhile

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Confidence, Severity


def find(facts: PilotFacts, _today: date, threshold: int) -> Finding | None:
    """Found when the last `threshold` status updates of the undecided round were all in doubt."""
    undecided = facts.undecided
    if undecided is None:
        return None
    doubting = list(takewhile(lambda update: update.confidence == Confidence.IN_DOUBT, undecided.updates))
    if len(doubting) < max(threshold, 1):
        return None
    return Finding(
        detail=f"{len(doubting)} updates in a row doubt that round {undecided.number} keeps its promise.",
        since=doubting[-1].on,
    )


RULE = Rule(
    id="in-doubt",
    title="In doubt",
    severity=Severity.WARNING,
    threshold=2,
    unit="updates",
    threshold_means="Updates in a row whose writer doubts that it keeps its promise.",
    smallest=2,
    meaning="Those who know it best no longer believe in it. An early stop or redesign costs less than a late one.",
    clears="A more confident update; or a decision, which need not wait for the planned end.",
    find=find,
    form="gates:decision-create",
    form_says="Record a decision",
)
