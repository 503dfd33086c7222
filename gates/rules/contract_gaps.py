"""Rules: a round was started with gaps in its contract, and they are still open (requirement 2); one for each gap."""

from datetime import date
from functools import partial

from gates.rules.facts import PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.gap_kinds import GAPS, WINDOW, GapKind
from portfolio.states import Severity

#: Name of these rules together, for pages that show them as one.
FAMILY = "contract-gaps"
FAMILY_TITLE = "Contract gaps"

#: Gaps of which another rule speaks: nobody in charge.
_TOLD_ELSEWHERE = ("owner", "sponsor")
#: Gaps without which a decision has nothing to stand on.
_WEIGHTY = (
    "sponsor_is_owner", "production_owner", "adopting_team", "integration_to_build", "owner_then", "commitment",
    "criteria", "baseline", "business_metric", "decision_conditions", "value_hypothesis",
)  # fmt: skip


def find(facts: PilotFacts, today: date, threshold: int, *, code: str) -> Finding | None:
    """Found `threshold` days after a start that accepted gaps, while this one is open.

    Drafts have gaps and no flags. Rounds that were not started here, as imported and research rounds, have neither.
    """
    undecided = facts.undecided
    if undecided is None or code not in facts.gaps or (today - undecided.starts_on).days < threshold:
        return None
    return Finding(detail=GAPS[code].what, since=undecided.starts_on)


def _rule(kind: GapKind) -> Rule:
    closing = "Somebody is named for the part." if kind.part else "An amendment that says it."
    return Rule(
        id=f"gap-{kind.code.replace('_', '-')}",
        title=f"Contract gap: {kind.code.replace('_', ' ')}",
        severity=Severity.WARNING if kind.code in _WEIGHTY else Severity.INFO,
        threshold=0,
        unit="days",
        threshold_means="Days after the start that the gap may stay open.",
        smallest=0,
        meaning=kind.cost,
        clears=closing,
        find=partial(find, code=kind.code),
        family=FAMILY,
        form="portfolio:people" if kind.part else "portfolio:contract-detail",
        form_says="Name people" if kind.part else "Amend the contract",
        sponsor_after=28,
        chair_after=56,
    )


RULES = tuple(_rule(kind) for kind in GAPS.values() if kind.step != WINDOW and kind.code not in _TOLD_ELSEWHERE)

#: How pages that show all of them as one speak of them; it finds nothing itself.
AS_ONE = Rule(
    id=FAMILY,
    title=FAMILY_TITLE,
    severity=Severity.WARNING,
    threshold=0,
    unit="days",
    threshold_means="Each gap has a threshold of its own.",
    smallest=0,
    meaning="Rounds that were started with something missing from what was agreed.",
    clears="What is missing is agreed, by an amendment, or named.",
    find=lambda _facts, _today, _threshold: None,
    form="portfolio:contract-detail",
    form_says="Open the contract",
    sponsor_after=28,
    chair_after=56,
)
