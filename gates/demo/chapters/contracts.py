"""What was agreed before each round: the contract, its success criteria, and what was amended later.

Ostrelle fills in a contract from the words that a unit always uses (`[house]` and `[unit.*]` in contracts.toml); what
is this pilot's own stands in its event. A criterion is [metric, unit, kind, direction, baseline, target].
"""

import tomllib
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portfolio.agreement import ANSWERS
from portfolio.amending import amend_contract, amend_criterion
from portfolio.contracting import add_criterion, fill_in
from portfolio.states import Part

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told

#: Days before it was agreed on which a baseline was measured.
_MEASURED_BEFORE = timedelta(days=9)


@cache
def _usual() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _agreed(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """The contract of the drafted round; `bare = true` leaves out what the unit usually says."""
    usual = {} if told.get("bare") else _usual()["house"] | _usual()["unit"].get(story.written.unit, {})
    if not story.row.vendor:
        usual = {name: words for name, words in usual.items() if not name.startswith("vendor")}
    answers = {name: words for name, words in (usual | told).items() if name in ANSWERS}
    if "commitment_budget" in answers:
        answers["commitment_budget"] = Decimal(answers["commitment_budget"])
    actor = replay.actor(story, told)
    fill_in(actor=actor, pilot=story.row, seen=None, now=now, **answers)
    starts = (step for step in story.written.steps if step.kind == "started" and replay.calendar.day(step.day) >= day)
    measured_by = next((replay.calendar.day(step.told["ends"]) for step in starts), None)
    for metric, unit, kind, direction, baseline, target in told.get("criteria", ()):
        add_criterion(
            actor=actor,
            pilot=story.row,
            now=now,
            metric=metric,
            unit=unit,
            kind=kind,
            direction=direction,
            baseline=None if baseline == "" else Decimal(str(baseline)),
            baseline_on=None if baseline == "" else day - _MEASURED_BEFORE,
            target=None if target == "" else Decimal(str(target)),
            source=told.get("source", "The unit's own figures"),
            method=told.get("method", "Counted over all cases of a week, not over a sample."),
            measured_by=measured_by,
        )


def _amended(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    """An amendment of a criterion (`number`) or of the contract, by the owner, approved by the sponsor."""
    approver = replay.house.people[told.get("approver", story.people[Part.EXECUTIVE_SPONSOR])]
    shared: dict[str, Any] = {
        "actor": replay.actor(story, told),
        "pilot": story.row,
        "approver": approver,
        "reason": told["reason"],
        "seen": None,
        "now": now,
    }
    if "number" in told:
        terms: dict[str, Any] = {name: Decimal(str(told[name])) for name in ("baseline", "target") if name in told}
        amend_criterion(**shared, number=told["number"], **terms)
    else:
        amend_contract(**shared, **{name: words for name, words in told.items() if name in ANSWERS})


HAPPENS = {"agreed": _agreed, "amended": _amended}
