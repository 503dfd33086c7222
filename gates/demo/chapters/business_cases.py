"""Business cases: a version written in one sitting, and submitted unless it is still a draft.

Amounts are in thousands. A cost is `[once, every year]`, likely; `spread` says how much lower and higher it may turn
out, in percent. A benefit gives its three figures itself, `once` or `yearly` or both.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.models import User
from portfolio.case_sheet import draft_of, sheet_of
from portfolio.costing import (
    add_assumption,
    add_benefit,
    edit_benefit,
    edit_cost,
    edit_frame,
    start_case,
    submit_case,
)
from portfolio.models import Pilot
from portfolio.models.business_case import FIGURES
from portfolio.states import CostKind, LaunchCondition

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told

_SPREAD = (20, 40)
_HORIZON = 5


def _case(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    actor, pilot = replay.actor(story, told), story.row
    start_case(actor=actor, pilot=pilot, now=now)
    _costs(actor, pilot, told, now)
    _benefits(actor, pilot, told, now)
    for said in told.get("assumptions", []):
        facts = dict(said)
        if "check_by" in facts:
            facts["check_by"] = replay.calendar.day(facts["check_by"])
        add_assumption(actor=actor, pilot=pilot, now=now, **facts)
    facts = {name: told[name] for name in ("confidence", "build_explanation") if name in told}
    facts["horizon_years"] = told.get("horizon_years", _HORIZON)
    lacks = set(told.get("lacks", ()))
    answers = {condition.value: condition.value not in lacks for condition in LaunchCondition}
    edit_frame(actor=actor, pilot=pilot, seen=None, now=now, launch_answers=answers, **told.get("plans", {}), **facts)
    if told.get("submitted", True):
        submit_case(actor=actor, pilot=pilot, seen=None, now=now)


def _costs(actor: User, pilot: Pilot, told: dict[str, Any], now: datetime) -> None:
    low, high = told.get("spread", _SPREAD)
    reasons = told.get("reasons", {})
    for kind in CostKind:
        if kind in told.get("costs", {}) or kind in reasons:
            once, yearly = told.get("costs", {}).get(kind, (None, None))
            figures = dict(zip(FIGURES, (*_three(once, low, high), *_three(yearly, low, high)), strict=True))
            reason = reasons.get(kind, "")
            edit_cost(actor=actor, pilot=pilot, kind=kind, seen=None, now=now, reason=reason, **figures)


def _benefits(actor: User, pilot: Pilot, told: dict[str, Any], now: datetime) -> None:
    """Add benefits; one that the version before has already, by its name, is brought up to date."""
    draft = draft_of(pilot)
    known = {line.name: line.place for line in sheet_of(draft).benefits} if draft else {}
    for said in told.get("benefits", []):
        facts = {name: value for name, value in said.items() if name not in {"once", "yearly"}}
        amounts = [*said.get("once", (0, 0, 0)), *said.get("yearly", (0, 0, 0))]
        facts |= dict(zip(FIGURES, map(_thousands, amounts), strict=True))
        if facts["name"] in known:
            edit_benefit(actor=actor, pilot=pilot, place=known[facts["name"]], seen=None, now=now, **facts)
        else:
            add_benefit(actor=actor, pilot=pilot, now=now, **facts)


def _three(likely: float | None, low: int, high: int) -> tuple[Decimal | None, ...]:
    """Low, likely and high, the outer ones rounded to half thousands."""
    if likely is None:
        return (None, None, None)
    middle = Decimal(str(likely))
    around = (middle * (100 - low) / 100, middle, middle * (100 + high) / 100)
    return tuple(_thousands(round(amount * 2) / Decimal(2)) if amount != middle else middle * 1000 for amount in around)


def _thousands(amount: float | Decimal) -> Decimal:
    return Decimal(str(amount)) * 1000


HAPPENS = {"case": _case}
