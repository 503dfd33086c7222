"""Rule: the people a pilot stands on are missing or have left (requirements 5 and 75)."""

from datetime import date

from gates.rules.facts import Holder, PilotFacts
from gates.rules.rule import Finding, Rule
from portfolio.states import ENDED_STAGES, Severity, Stage


def find(facts: PilotFacts, today: date, threshold: int) -> Finding | None:
    """Found when business owner or executive sponsor is missing or has left, for `threshold` days where that is known.

    The same of the production owner: of who has left at any time, of nobody named while it scales. In full for the
    owner; mild where only others are missing. A draft may still be looking for its people, so there it is found only
    when somebody who was named has left. Pilots that have ended need nobody.
    """
    if facts.stage in ENDED_STAGES:
        return None
    owner_gap = _gap("business owner", facts.owner, facts, today, threshold)
    sponsor_gap = _gap("executive sponsor", facts.sponsor, facts, today, threshold)
    production_gap = _production_gap(facts, today, threshold)
    if not owner_gap and not sponsor_gap and not production_gap:
        return None
    missing = facts.owner if owner_gap else facts.sponsor if sponsor_gap else facts.production_owner
    return Finding(
        detail=" ".join(gap for gap in (owner_gap, sponsor_gap, production_gap) if gap),
        since=_since(missing, facts, today),
        mild=not owner_gap,
    )


def _production_gap(facts: PilotFacts, today: date, threshold: int) -> str:
    """Before the scaling, whether anybody is named is a matter of the contract."""
    if facts.stage != Stage.SCALING and not facts.production_owner.left:
        return ""
    return _gap("production owner", facts.production_owner, facts, today, threshold)


def _gap(name: str, holder: Holder, facts: PilotFacts, today: date, threshold: int) -> str:
    """Say what is wrong with a part, or nothing."""
    if holder.named and not holder.left:
        return ""
    if not holder.named and facts.stage == Stage.DRAFT:
        return ""
    since = _since(holder, facts, today)
    if since is not None and (today - since).days < threshold:
        return ""
    return f"The {name} has left." if holder.left else f"No {name} is named."


def _since(holder: Holder, facts: PilotFacts, today: date) -> date | None:
    """From when on the part was empty: since its holder went, or since the round began without one."""
    if holder.gone_on is not None:
        return min(holder.gone_on, today)
    if not holder.named and facts.undecided is not None:
        return min(facts.undecided.starts_on, today)
    return None


RULE = Rule(
    id="no-owner",
    title="Nobody in charge",
    severity=Severity.SERIOUS,
    threshold=0,
    unit="days",
    threshold_means="Days that the part may stay empty.",
    smallest=0,
    meaning="Nobody accountable is left to bring this pilot to a decision, or to back what is decided.",
    clears="People who are here are named: a business owner, another one as executive sponsor, a production owner.",
    find=find,
    form="portfolio:people",
    form_says="Name people",
)
