"""Criteria and measurements, with every choice that matters in the call."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

from portfolio.contracting import add_criterion
from portfolio.criteria import AgreedCriterion, Terms
from portfolio.measuring import record_measurement
from portfolio.models import Measurement, Pilot, SuccessCriterion
from portfolio.progress import CriterionProgress, Value
from portfolio.starting import start_round
from portfolio.states import Direction
from portfolio.uploads import keep_upload
from tests import building
from tests.remembering import remembering

#: Handling time is to go from 55 to 30 minutes, first answers that are right from 60 to 80 %.
MINUTES = {
    "metric": "Handling time", "unit": "minutes", "kind": "business", "direction": "lower",
    "baseline": Decimal(55), "target": Decimal(30),
}  # fmt: skip
RIGHT = {
    "metric": "First answers right", "unit": "%", "kind": "model", "direction": "higher",
    "baseline": Decimal(60), "target": Decimal(80),
}  # fmt: skip


@remembering
def measured_pilot(
    cast: building.Cast,
    *criteria: dict,
    today: date,
    now: datetime,
    started: int = 100,
    due: int = 30,
    **facts,
) -> Pilot:
    """Alice's pilot, started `started` days ago with the given criteria, or with both of those above."""
    pilot = building.proposed(cast, today=today, now=now, **facts)
    for terms in criteria or (MINUTES, RIGHT):
        add_criterion(actor=cast.alice, pilot=pilot, now=now, **terms)
    start_round(
        actor=cast.alice, pilot=pilot, starts_on=today - timedelta(days=started),
        planned_end=today + timedelta(days=due - 10), decision_due=today + timedelta(days=due), now=now,
    )  # fmt: skip
    pilot.refresh_from_db()
    return pilot


def criterion_of(pilot: Pilot, number: int = 1) -> SuccessCriterion:
    return SuccessCriterion.objects.get(round__pilot=pilot, number=number)


def measure(
    cast: building.Cast,
    pilot: Pilot,
    value: object,
    *,
    ago: int,
    today: date,
    now: datetime,
    number: int = 1,
    **options,
) -> Measurement:
    """A value by Alice, of so many days ago."""
    return record_measurement(
        actor=cast.alice, criterion=criterion_of(pilot, number), on=today - timedelta(days=ago),
        value=Decimal(str(value)), today=today, now=now, **options,
    )  # fmt: skip


def progress(*values: object, today: date, every: int = 10, original: dict | None = None, **terms) -> CriterionProgress:
    """Where a criterion stands whose last value is of today, the others `every` so many days before."""
    agreed = {**MINUTES, "direction": Direction.LOWER, "number": 1, **terms}
    row = SuccessCriterion(**{**agreed, **(original or {})})
    now = Terms.of(SuccessCriterion(**agreed))
    days = [today - timedelta(days=every * back) for back in reversed(range(len(values)))]
    return CriterionProgress(
        AgreedCriterion(row, now),
        today,
        [Value(on, Decimal(str(value))) for on, value in zip(days, values, strict=True)],
    )


def of_routes(cast: building.Cast, *, visibility: str, today: date, now: datetime) -> dict[str, object]:
    """What the addresses of measurements name: a pilot, a criterion, a value, and a table that the manager pasted."""
    pilot = measured_pilot(cast, today=today, now=now, visibility=visibility)
    row = measure(cast, pilot, 41, ago=2, today=today, now=now)
    reading = {"only": 1, "sign": "", "days": "day", "round": row.criterion.round_id}
    table = f"Date\tValue\n{today.isoformat()}\t40\n".encode()
    upload = keep_upload(
        table, owner=cast.manager, name="", mapping=json.dumps(reading), purpose="measurements", now=now
    )
    return {"code": pilot.code, "number": 1, "pk": row.pk, "token": upload.token}
