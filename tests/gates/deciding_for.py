"""Decisions for tests: each outcome with the least that it needs."""

import uuid
from datetime import timedelta
from decimal import Decimal

from gates.deciding import Terms, record_decision
from portfolio.models import Round
from portfolio.states import Outcome


def terms_of(outcome, today) -> Terms:
    """The least that `outcome` needs."""
    return {
        Outcome.SCALE: Terms(launch_on=today + timedelta(days=90)),
        Outcome.REDESIGN: Terms(
            redesign="Another team.", learnings="The first had no time.", next_due=today + timedelta(days=120)
        ),
        Outcome.STOP: Terms(stop_reason="users_do_not_need_it", learnings="Letters are sorted faster by hand."),
        Outcome.RESEARCH: Terms(
            learning_goal="Whether it reads handwriting.", budget_cap=Decimal(5000), next_due=today + timedelta(days=90)
        ),
    }[outcome]


def decide(cast, pilot, outcome, *, today, now, rationale="Too few letters.", actor=None, terms=None, **seen):
    """A decision by Bob, who chairs, unless said otherwise."""
    return record_decision(
        actor=actor or cast.bob, pilot=pilot, outcome=outcome, rationale=rationale,
        terms=terms or terms_of(outcome, today), today=today, now=now, **{"seen": None, **seen},
    )  # fmt: skip


def form_of(pilot, outcome, today, **changes) -> dict[str, str]:
    """What the chair's browser sends for `outcome`, unless changed."""
    current = Round.objects.filter(pilot=pilot).order_by("-number").first()
    said = {name: str(value) for name, value in vars(terms_of(outcome, today)).items() if value}
    return {
        "outcome": outcome.value, "rationale": "Too few letters.", **said,
        "round": str(current.number), "version": str(current.version), "form_key": str(uuid.uuid4()), **changes,
    }  # fmt: skip
