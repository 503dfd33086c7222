"""Rule: it was decided to scale, and the launch is later than its conditions made one expect (requirement 76)."""

from datetime import date

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import Severity, Stage, TimelineClass
from portfolio.timeline import launch_window


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found `threshold` days after the latest launch of the class of the business case that was submitted last.

    Without a case, the launch day of the decision counts; without either, the slowest class does.
    """
    decided = facts.decided
    if facts.stage != Stage.SCALING or decided is None:
        return None
    if not decided.timeline and decided.launch_on:
        latest, of = decided.launch_on, "the day that was decided"
    else:
        timeline = TimelineClass(decided.timeline or TimelineClass.COMPLEX)
        latest, of = launch_window(decided.decided_on, timeline).latest, f"a {timeline} launch takes"
    if (today - latest).days < max(threshold, 1):
        return None
    than = "is past" if of.startswith("the day") else "has taken longer than"
    return Finding(detail=f"It was decided to scale, and the launch {than} {of}.", since=latest)


RULE = Rule(
    id="launch-late",
    title="Scaled, not launched",
    severity=Severity.WARNING,
    threshold=1,
    unit="days",
    threshold_means="Days after the latest launch of its timeline class.",
    smallest=1,
    meaning="It was decided, and it has not happened. What was promised to start by now brings nothing yet.",
    clears="The launch; or a new version of the business case, whose conditions say that it takes longer.",
    find=find,
    form="portfolio:pilot-launch",
    form_says="Say that it is launched",
)
