"""Measuring: entering values of success criteria, one or many, correcting them, withdrawing them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.acting import note as note_event
from accounts.models import User
from accounts.obstacles import Obstacle, RefusedError, StaleError, refuse_any
from audit.recording import verb
from portfolio.locking import locked_pilot
from portfolio.measure_plan import MeasurePlan, day_refused, plan_entries
from portfolio.measure_sheet import Entry
from portfolio.models import Amendment, Measurement, Round, SuccessCriterion
from portfolio.progress import figure
from portfolio.standing import keep_facts
from portfolio.states import AmendmentKind, Origin, RoundState


@verb
def record_measurement(
    *,
    actor: User | None,
    criterion: SuccessCriterion,
    on: date,
    value: Decimal,
    note: str = "",
    source: str = "",
    afterwards: bool = False,
    today: date,
    now: datetime,
) -> Measurement:
    """Add a value of `on` to a criterion; it counts from then on, and is a sign of life of the round.

    Refuses days to come and days before the start, a second value on one day (correct the first), criteria that were
    withdrawn, rounds that have not begun, and decided rounds, unless `afterwards` says that it is known to be late.
    """
    round_ = _locked(criterion.round)
    obstacles = [*_closed(round_, afterwards=afterwards), *_unfit_day(round_, on, today)]
    if Amendment.objects.filter(criterion=criterion, kind=AmendmentKind.WITHDRAWN).exists():
        obstacles.append(
            Obstacle("withdrawn", "This criterion was taken out of the contract; nothing is measured for it.")
        )
    obstacles += _taken(criterion, on)
    refuse_any(obstacles)
    row = Measurement.objects.create(
        criterion=criterion,
        on=on,
        value=value,
        note=note.strip(),
        source=source.strip(),
        origin=Origin.ENTERED,
        **_written(round_, actor, now),
    )
    _keep(actor, "recorded", row, now)
    return row


@verb
def correct_measurement(
    *,
    actor: User | None,
    measurement: Measurement,
    on: date,
    value: Decimal,
    note: str,
    source: str,
    reason: str,
    afterwards: bool = False,
    today: date,
    now: datetime,
) -> Measurement:
    """Add a value that stands in the place of another, with the reason; the other one is kept.

    Refuses what `record_measurement` refuses; StaleError where somebody else has corrected it meanwhile.
    """
    criterion = measurement.criterion
    round_ = _locked(criterion.round)
    _still_stands(measurement)
    obstacles = [*_closed(round_, afterwards=afterwards), *_unfit_day(round_, on, today), *_unsaid(reason)]
    obstacles += _taken(criterion, on, besides=measurement)
    refuse_any(obstacles)
    row = Measurement.objects.create(
        criterion=criterion,
        on=on,
        value=value,
        note=note.strip(),
        source=source.strip(),
        origin=Origin.ENTERED,
        supersedes=measurement,
        reason=reason.strip(),
        **_written(round_, actor, now),
    )
    _keep(actor, "corrected", row, now)
    return row


@verb
def withdraw_measurement(
    *, actor: User | None, measurement: Measurement, reason: str, afterwards: bool = False, now: datetime
) -> Measurement:
    """Add a row that takes a value out of account, with the reason; the value is kept, struck through.

    StaleError where somebody else has corrected or withdrawn it meanwhile.
    """
    round_ = _locked(measurement.criterion.round)
    _still_stands(measurement)
    refuse_any([*_closed(round_, afterwards=afterwards), *_unsaid(reason)])
    row = Measurement.objects.create(
        criterion=measurement.criterion,
        on=measurement.on,
        value=measurement.value,
        note=measurement.note,
        source=measurement.source,
        origin=measurement.origin,
        supersedes=measurement,
        reason=reason.strip(),
        withdrawn=True,
        **_written(round_, actor, now),
    )
    _keep(actor, "withdrawn", row, now)
    return row


@verb
def record_sheet(
    *,
    actor: User | None,
    round_: Round,
    entries: Sequence[Entry],
    origin: Origin,
    seen: str | None,
    afterwards: bool = False,
    today: date,
    now: datetime,
) -> MeasurePlan:
    """Add every entry that is neither here already nor refused, all of them or none; return what was done with each.

    `seen` is the mark of the plan that the actor looked at: refuses where values that others entered meanwhile would
    make it another one. None is for callers that show no preview.
    """
    round_ = _locked(round_)
    plan = plan_entries(round_, entries, today=today)
    obstacles = _closed(round_, afterwards=afterwards)
    if seen is not None and plan.mark != seen:
        obstacles.append(
            Obstacle(
                "changed", "Somebody entered values while you were looking. Nothing was added: look again, then add."
            )
        )
    if not plan.new:
        obstacles.append(Obstacle("nothing_new", "There is nothing to add: every value is here already, or refused."))
    refuse_any(obstacles)
    criteria = {one.number: one for one in SuccessCriterion.objects.filter(round=round_)}
    rows = [
        Measurement(
            **{name: getattr(entry, name) for name in ("on", "value", "note", "source")},
            **_written(round_, actor, now),
            criterion=criteria[entry.number],
            origin=origin,
        )
        for entry in plan.new
    ]
    Measurement.objects.bulk_create(rows)
    keep_facts([round_.pilot_id], zone=settings.TIME_ZONE)
    metrics = sorted({row.criterion.metric for row in rows})
    said = {"count": len(rows), "metrics": metrics, "origin": origin}
    note_event(actor, "portfolio.measurements.added", round_, now=now, scope=round_.pilot.scope, **said)
    return plan


def _locked(round_: Round) -> Round:
    """The round as it is now, its pilot locked until the end of the transaction."""
    pilot = locked_pilot(round_.pilot)
    found = Round.objects.get(pk=round_.pk)
    found.pilot = pilot
    return found


def _written(round_: Round, actor: User | None, now: datetime) -> dict[str, Any]:
    """Who wrote a row, when, and whether that was after the decision."""
    return {"recorded_by": actor, "at": now, "afterwards": round_.state == RoundState.DECIDED}


def _closed(round_: Round, *, afterwards: bool) -> list[Obstacle]:
    """Why this round takes no measurements, if so."""
    if round_.state == RoundState.DRAFT:
        what = f"Round {round_.number} has not started. What is measured before the start is the baseline."
        return [Obstacle("not_started", what, "the owner, who starts the round")]
    if round_.state == RoundState.DECIDED and not afterwards:
        what = f"Round {round_.number} is decided. Say that this is added afterwards: it is kept, and does not count."
        return [Obstacle("afterwards", what)]
    return []


def _unfit_day(round_: Round, on: date, today: date) -> Iterable[Obstacle]:
    if outside := day_refused(round_, on, today=today):
        _, what, way_out = outside
        yield Obstacle("on", f"{what} {way_out}")


def _unsaid(reason: str) -> Iterable[Obstacle]:
    if not reason.strip():
        yield Obstacle("reason", "Say why, in a sentence: what was wrong with the value.")


def _taken(criterion: SuccessCriterion, on: date, *, besides: Measurement | None = None) -> Iterable[Obstacle]:
    rows = Measurement.objects.standing().filter(criterion=criterion, on=on)
    there = rows.first()
    if there is not None and there != besides:
        what = f"There is a value on that day: {figure(there.value)}. Correct that one, or change the day."
        address = [criterion.round.pilot.code, criterion.number, there.pk]
        yield Obstacle("on", what, url=reverse("portfolio:measurement-correct", args=address))


def _still_stands(measurement: Measurement) -> None:
    """StaleError where a correction has replaced the row meanwhile; refuses where it was withdrawn."""
    last = latest_of(measurement)
    if last.withdrawn:
        raise RefusedError([Obstacle("withdrawn", f"This value was withdrawn: {last.reason}")])
    if last != measurement:
        raise StaleError(seen=measurement.pk, current=last.pk)


def latest_of(measurement: Measurement) -> Measurement:
    """The row that stands in the place of this one today: the last of its corrections, or itself."""
    last = measurement
    while following := Measurement.objects.filter(supersedes=last).first():
        last = following
    return last


def _keep(actor: User | None, what: str, row: Measurement, now: datetime) -> None:
    pilot = row.criterion.round.pilot
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note_event(
        actor,
        f"portfolio.measurement.{what}",
        row,
        now=now,
        scope=pilot.scope,
        metric=row.criterion.metric,
        value=figure(row.value, row.criterion.unit),
        on=row.on,
        reason=row.reason,
    )
