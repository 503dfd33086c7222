"""From the stage and the days of a register to the life of a pilot: its stage, its round, its due date."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portfolio.registers.dates import months_after
from portfolio.registers.mapping import StageRule
from portfolio.states import DueBasis, RoundState, Stage

#: Code, name of the day it is about, words.
Remark = tuple[str, str, str]
_ROUND_STATES = {
    Stage.DRAFT: RoundState.DRAFT,
    Stage.RUNNING: RoundState.RUNNING,
    Stage.AWAITING_DECISION: RoundState.AWAITING_DECISION,
}
_BEGUN = (Stage.RUNNING, Stage.AWAITING_DECISION)


@dataclass(frozen=True)
class Life:
    """Stage and days of a pilot and its one round."""

    stage: Stage
    starts_on: date | None = None
    planned_end: date | None = None
    decision_due: date | None = None
    ended_on: date | None = None
    launched_on: date | None = None
    retired_on: date | None = None
    due_basis: DueBasis = DueBasis.AGREED

    def facts(self) -> dict[str, Any]:
        """Return stage and days, with the state of the round; a stage without an open round has one that is past."""
        return vars(self) | {"state": _ROUND_STATES.get(self.stage, RoundState.PAST)}


def life_of(
    rule: StageRule, days: Mapping[str, date | None], *, today: date, assumed_months: int
) -> tuple[Life, list[Remark]]:
    """Return the life of a pilot whose stage follows `rule` and whose register gives `days`.

    A round can run only from a day on: without one, the pilot stays a draft. A running round whose work has ended,
    or whose planned end has passed, awaits its decision. Days that contradict the stage or each other are left out.
    """
    remarks: list[Remark] = []
    given: dict[str, Any] = dict(days)
    life = Life(rule.stage, **given)
    life = _begun(life, rule, today, remarks)
    life = _only_its_days(life, today, remarks)
    life = _consistent(life, remarks)
    if life.stage == Stage.RUNNING and (
        (life.ended_on and life.ended_on <= today) or (life.planned_end and life.planned_end < today)
    ):
        life = replace(life, stage=Stage.AWAITING_DECISION)
    if life.stage in _BEGUN and life.decision_due is None and assumed_months and life.starts_on:
        due = months_after(life.starts_on, assumed_months)
        life = replace(life, decision_due=due, due_basis=DueBasis.ASSUMED)
    return life, remarks


def _begun(life: Life, rule: StageRule, today: date, remarks: list[Remark]) -> Life:
    started = life.starts_on is not None and life.starts_on <= today
    if rule.runs_once_started and started:
        return replace(life, stage=Stage.RUNNING)
    if life.stage in _BEGUN and not started:
        if life.starts_on is None:
            remarks.append(
                ("no_start", "starts_on", "It has begun, by its stage, but no day is given; kept as a draft.")
            )
        else:
            remarks.append(
                ("starts_later", "starts_on", f"It begins on {life.starts_on}, after today; kept as a draft.")
            )
        return replace(life, stage=Stage.DRAFT)
    return life


def _consistent(life: Life, remarks: list[Remark]) -> Life:
    """Leave out days that lie before the start of the round; launch and retirement stand as the register has them."""
    for name in ("planned_end", "decision_due", "ended_on"):
        day = getattr(life, name)
        if day and life.starts_on and day < life.starts_on:
            remarks.append(("before_start", name, f"{day} lies before the start on {life.starts_on}; left out."))
            life = _without(life, name)
    for earlier, later in (("starts_on", "launched_on"), ("launched_on", "retired_on")):
        first, second = getattr(life, earlier), getattr(life, later)
        if first and second and second < first:
            remarks.append(("days_out_of_order", later, f"{second} lies before {first}; both were kept."))
    return life


def _only_its_days(life: Life, today: date, remarks: list[Remark]) -> Life:
    """Leave out days that the stage rules out, and days of what is said to have happened that are still to come."""
    for name, stages in (
        ("launched_on", (Stage.IN_PRODUCTION, Stage.RETIRED)),
        ("retired_on", (Stage.RETIRED,)),
        ("ended_on", (*_BEGUN, Stage.SCALING, Stage.STOPPED, Stage.IN_PRODUCTION, Stage.RETIRED)),
    ):
        day = getattr(life, name)
        if day is None:
            continue
        if life.stage not in stages:
            remarks.append(("day_against_stage", name, f"{day} does not go with the stage; left out."))
            life = _without(life, name)
        elif day > today:
            remarks.append(("day_to_come", name, f"{day} is still to come; left out."))
            life = _without(life, name)
    return life


def _without(life: Life, name: str) -> Life:
    nothing: dict[str, Any] = {name: None}
    return replace(life, **nothing)
