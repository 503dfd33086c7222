"""Importing a register: units, pilots, rounds and their events, all of them or none."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import OperationalError, connection

from accounts.acting import note
from accounts.models import Unit, User
from accounts.obstacles import Obstacle, RefusedError
from accounts.organising import ensure_units
from accounts.unit_paths import Path, spelled_alike
from audit.recording import verb
from portfolio.import_plan import Arrival, Change, Plan, plan_import
from portfolio.models import Pilot, RegisterEntry, Round
from portfolio.numbering import pilot_code, take
from portfolio.registers.facts import LIFE_OF_ROUND, Facts
from portfolio.registers.whole import Contents
from portfolio.standing import keep_facts

_BATCH = 500


@verb
def import_rows(*, actor: User | None, contents: Contents, now: datetime, committee_slug: str = "") -> Plan:
    """Bring the pilots of a register in, and those that are here up to date; return the account of it.

    New pilots get a code, their unit (made where it is missing), one round, no owner, and the committee of
    `committee_slug`, if any. Of known ones only what the register changed is written, and only where it was not
    changed here too. Nothing is written where nothing changed. Refuses while another import is running.
    """
    _queue()
    plan = plan_import(contents, lock=True)
    if plan.changes_nothing:
        return plan
    units = ensure_units(actor=actor, paths=_unit_paths(plan), now=now)
    added = _add(actor, plan.arrivals, units, now=now, source=contents.register.source, committee=committee_slug)
    _change(actor, plan.changes, units, now=now)
    touched = [pilot.pk for pilot in added] + [change.pilot.pk for change in plan.changes]
    keep_facts(touched, zone=settings.TIME_ZONE)
    return plan


def _queue() -> None:
    """Let imports happen one after the other: two at once would both find the same pilots missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('portfolio.importing'))")
    except OperationalError as error:
        raise RefusedError(
            [Obstacle("import_running", "Another import is running.", "Whoever started it; try again in a minute.")]
        ) from error


def _unit_paths(plan: Plan) -> list[Path]:
    arriving = [arrival.facts.unit_path for arrival in plan.arrivals]
    moving = [change.facts.unit_path for change in plan.changes if "unit_path" in change.after]
    return list(dict.fromkeys(arriving + moving))


def _add(
    actor: User | None,
    arrivals: list[Arrival],
    units: dict[Path, Unit],
    *,
    now: datetime,
    source: str,
    committee: str,
) -> list[Pilot]:
    if not arrivals:
        return []
    pilots = [
        Pilot(
            code=pilot_code(number),
            unit=units[spelled_alike(arrival.facts.unit_path)],
            committee_slug=committee,
            external_source=source,
            external_reference=arrival.reference,
            created_at=now,
            created_by=actor,
            **_pilot_facts(arrival.facts),
        )
        for arrival, number in zip(arrivals, take("pilot", len(arrivals)), strict=True)
    ]
    Pilot.objects.bulk_create(pilots, batch_size=_BATCH)
    Round.objects.bulk_create(
        [
            Round(pilot=pilot, number=1, created_at=now, **_round_facts(arrival.facts))
            for pilot, arrival in zip(pilots, arrivals, strict=True)
        ],
        batch_size=_BATCH,
    )
    RegisterEntry.objects.bulk_create(
        [
            RegisterEntry(pilot=pilot, facts=arrival.facts.plain(), line=arrival.line, imported_at=now)
            for pilot, arrival in zip(pilots, arrivals, strict=True)
        ],
        batch_size=_BATCH,
    )
    for pilot, arrival in zip(pilots, arrivals, strict=True):
        _note_arrival(actor, pilot, arrival, now=now)
    return pilots


def _note_arrival(actor: User | None, pilot: Pilot, arrival: Arrival, *, now: datetime) -> None:
    note(
        actor,
        "portfolio.pilot.imported",
        pilot,
        now=now,
        scope=pilot.scope,
        title=pilot.title,
        code=pilot.code,
        source=pilot.external_source,
        reference=arrival.reference,
        line=arrival.line,
        stage=pilot.stage,
    )


def _change(actor: User | None, changes: list[Change], units: dict[Path, Unit], *, now: datetime) -> None:
    """Write what changed: of each pilot only these facts, and the entry that remembers what its register said."""
    rounds, entries = [], []
    names: set[str] = set()
    for change in changes:
        pilot, values = change.pilot, vars(change.facts)
        if "unit_path" in change.after:
            pilot.unit = units[spelled_alike(change.facts.unit_path)]
        on_pilot = change.after.keys() - {"unit_path", *LIFE_OF_ROUND}
        for name in on_pilot:
            setattr(pilot, name, values[name])
        names |= on_pilot
        pilot.version += 1
        if change.round is not None and change.after.keys() & set(LIFE_OF_ROUND):
            for name in LIFE_OF_ROUND:
                setattr(change.round, name, values[name])
            change.round.version += 1
            rounds.append(change.round)
        entries.append(_remembered(change, now))
        note(
            actor,
            "portfolio.pilot.reimported",
            pilot,
            now=now,
            scope=pilot.scope,
            fields=sorted(change.after),
            before=change.before,
            after=change.after,
            line=change.line,
        )
    _write(changes, rounds, entries, names)


def _write(changes: list[Change], rounds: list[Round], entries: list[RegisterEntry], names: set[str]) -> None:
    if not changes:
        return
    pilots = [change.pilot for change in changes]
    Pilot.objects.bulk_update(pilots, [*sorted(names), "unit", "version"], batch_size=_BATCH)
    Round.objects.bulk_update(rounds, [*LIFE_OF_ROUND, "version"], batch_size=_BATCH)
    RegisterEntry.objects.bulk_update(entries, ["facts", "line", "imported_at"], batch_size=_BATCH)


def _remembered(change: Change, now: datetime) -> RegisterEntry:
    entry = change.pilot.register_entry
    entry.facts = entry.facts | change.after
    entry.line, entry.imported_at = change.line, now
    return entry


def _pilot_facts(facts: Facts) -> dict[str, object]:
    return {name: value for name, value in vars(facts).items() if name not in _NOT_OF_PILOT}


def _round_facts(facts: Facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in LIFE_OF_ROUND}


_NOT_OF_PILOT: Iterable[str] = {"unit_path", *LIFE_OF_ROUND}
