"""Rule: the work of a round is over, and nobody has asked the committee for a decision."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Purpose, RoundState, Severity


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found `threshold` days after the work ended, or was planned to end, while the round still counts as running.

    A research round asks for nothing: its review date brings it back to the committee by itself.
    """
    undecided = facts.undecided
    if undecided is None or undecided.state != RoundState.RUNNING or undecided.purpose == Purpose.RESEARCH:
        return None
    over_on = undecided.ended_on or undecided.planned_end
    if over_on is None or (today - over_on).days < max(threshold, 1):
        return None
    ended = "The work of round {} has ended" if undecided.ended_on else "The planned end of round {} has passed"
    return Finding(detail=f"{ended.format(undecided.number)}, and no decision was asked for.", since=over_on)


RULE = Rule(
    id="not-asked",
    title="No decision asked for",
    severity=Severity.WARNING,
    threshold=7,
    unit="days",
    threshold_means="Days after the end of the work, or after its planned end.",
    smallest=1,
    meaning="The pilot has run its course, but the committee does not know that it is its turn. Pilots fade like this.",
    clears="The owner ends the work, which asks the committee for a decision; or the committee decides.",
    find=find,
    form="portfolio:round-end",
    form_says="End the work",
)
