"""Business cases for tests: the least that can be submitted, every figure in the call that changes it."""

from decimal import Decimal

from portfolio.costing import (
    add_assumption,
    add_benefit,
    edit_benefit,
    edit_cost,
    edit_frame,
    start_case,
    submit_case,
)
from portfolio.models import BusinessCase
from portfolio.models.business_case import FIGURES
from portfolio.states import BenefitKind, Certainty, CostKind
from tests.remembering import remembering


def six(*amounts: int | str | None) -> dict[str, Decimal | None]:
    """Six figures in their order: once low, likely, high; every year low, likely, high."""
    return {name: None if amount is None else Decimal(amount) for name, amount in zip(FIGURES, amounts, strict=True)}


@remembering
def drafted_case(cast, pilot, *, now) -> BusinessCase:
    """A draft with one benefit and one assumption, and no figures yet."""
    case = start_case(actor=cast.alice, pilot=pilot, now=now)
    add_benefit(actor=cast.alice, pilot=pilot, name="Fewer letters by hand", kind=BenefitKind.COST_SAVED, now=now)
    add_assumption(actor=cast.alice, pilot=pilot, statement="Letters stay as many as they are.", now=now)
    return case


@remembering
def complete_case(cast, pilot, *, now, once: int = 30000) -> BusinessCase:
    """A draft that can be submitted: integrations cost `once`, likely, and 5,000 a year; it brings 25,000 a year."""
    case = drafted_case(cast, pilot, now=now)
    edit_cost(
        actor=cast.alice, pilot=pilot, kind=CostKind.INTEGRATIONS, seen=None, now=now,
        **six(once - 10000, once, once + 20000, 4000, 5000, 8000),
    )  # fmt: skip
    edit_benefit(actor=cast.alice, pilot=pilot, place=1, seen=None, now=now, **six(0, 0, 0, 15000, 25000, 30000))
    edit_frame(
        actor=cast.alice, pilot=pilot, seen=None, now=now, confidence=Certainty.MEDIUM,
        integration_plan="One queue of the letter system.", adoption_plan="Two afternoons for each team.",
        accountability="Alice answers for the outcome.", measurement="Letters by hand, counted each month.",
    )  # fmt: skip
    case.refresh_from_db()
    return case


@remembering
def submitted_case(cast, pilot, *, now, once: int = 30000) -> BusinessCase:
    """A submitted version."""
    complete_case(cast, pilot, now=now, once=once)
    return submit_case(actor=cast.alice, pilot=pilot, seen=None, now=now)
