"""What was measured of the success criteria, and what had to be corrected.

A course is told as parts of the way from baseline to target, so that it holds whatever the unit: 0 is the baseline, 1
the target. `way = [0.4, "", 1.1]` gives a value to the first and the third criterion of the round.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from portfolio.criteria import AgreedCriterion, agreed_criteria
from portfolio.measure_sheet import Entry
from portfolio.measuring import correct_measurement, record_sheet, withdraw_measurement
from portfolio.models import Measurement, Round
from portfolio.states import UNDECIDED_ROUND_STATES, Origin

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told


def _measured(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """A value of `day` for each criterion that has one; nothing where nobody agreed on criteria."""
    round_ = Round.objects.get(pilot=story.row, state__in=UNDECIDED_ROUND_STATES)
    round_.pilot = story.row
    story.criteria = story.criteria or [one for one in agreed_criteria([round_.pk])[round_.pk] if not one.withdrawn]
    entries = [
        Entry(0, one.number, day, value_at(one, Decimal(str(way))), told.get("note", ""), told.get("source", ""))
        for one, way in zip(story.criteria, told["way"], strict=False)
        if way != "" and one.now.target is not None
    ]
    if entries:
        record_sheet(
            actor=replay.actor(story, told),
            round_=round_,
            entries=entries,
            origin=Origin(told.get("origin", Origin.ENTERED)),
            seen=None,
            today=day,
            now=now,
        )


def _remeasured(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """The last value of a criterion is corrected to another part of the way, or withdrawn where no `way` is told."""
    rows = Measurement.objects.counting().filter(criterion__round__pilot=story.row, criterion__number=told["criterion"])
    row = rows.select_related("criterion__round__pilot").order_by("on", "pk").last()
    if row is None:
        return
    actor, reason = replay.actor(story, told), told["reason"]
    if "way" not in told:
        withdraw_measurement(actor=actor, measurement=row, reason=reason, now=now)
        return
    (agreed,) = [
        one
        for one in agreed_criteria([row.criterion.round_id])[row.criterion.round_id]
        if one.original == row.criterion
    ]
    correct_measurement(
        actor=actor,
        measurement=row,
        on=row.on,
        value=value_at(agreed, Decimal(str(told["way"]))),
        note=row.note,
        source=row.source,
        reason=reason,
        today=day,
        now=now,
    )


def value_at(agreed: AgreedCriterion, way: Decimal) -> Decimal:
    """Return the value at a part of the way, as precise as such a figure is read off a report.

    Without a baseline the way is taken to begin at half of the target, or one and a half times it where less is better.
    Shares in percent stay between 0 and 100.
    """
    target = agreed.original.target if agreed.original.target is not None else agreed.now.target
    if target is None:
        raise ValueError(f"{agreed.original}: without a target there is no way to it")
    higher = agreed.now.direction == "higher"
    baseline = agreed.original.baseline
    if baseline is None:
        baseline = target * (Decimal("0.5") if higher else Decimal("1.5"))
    span = abs(target - baseline)
    step = Decimal(1) if span >= 20 else Decimal("0.1") if span >= 2 else Decimal("0.01")
    value = (baseline + way * (target - baseline)).quantize(step, rounding=ROUND_HALF_UP)
    value = max(value, Decimal(0)) if min(baseline, target) >= 0 else value
    return min(value, Decimal(100)) if agreed.now.unit.startswith("%") else value


HAPPENS = {"measured": _measured, "remeasured": _remeasured}
