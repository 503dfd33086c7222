"""What an import would do: compares a register with what stands here. Reads the database, writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Unit
from accounts.unit_paths import Path, spelled_alike, units_by_path
from portfolio.models import Pilot, Round
from portfolio.registers.facts import FILE_FACTS, LIFE, LIFE_OF_PILOT, LIFE_OF_ROUND, Facts, plain_fact
from portfolio.registers.findings import Finding
from portfolio.registers.references import settled
from portfolio.registers.whole import Contents


@dataclass(frozen=True)
class Arrival:
    """A pilot that is not here yet."""

    reference: str
    line: int
    facts: Facts


@dataclass(frozen=True)
class Change:
    """A pilot of which the register says something new. `before` and `after` hold what changes, as JSON has it."""

    pilot: Pilot
    round: Round | None
    line: int
    facts: Facts
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """An import before it happens; afterwards, the account of it."""

    contents: Contents
    arrivals: list[Arrival]
    changes: list[Change]
    unchanged: int
    #: Pilots that came from this register and are not in this file. They are left as they are.
    absent: int
    #: Changes of the register that were left out because the same thing was changed here.
    left: list[Finding] = field(default_factory=list)

    @property
    def refused_rows(self) -> int:
        return len({finding.line for finding in self.contents.refused})

    @property
    def warned_rows(self) -> int:
        return len({finding.line for finding in self.contents.warnings})

    @property
    def changes_nothing(self) -> bool:
        return not (self.arrivals or self.changes)


def plan_import(contents: Contents, *, lock: bool = False) -> Plan:
    """Compare a register with the pilots that came from it. `lock`: keep their rows locked, inside a transaction."""
    known = _known(contents.register.source, lock=lock)
    rounds = _rounds(known)
    units = units_by_path()
    references = settled([row.keyed for row in contents.rows], known)
    arrivals, changes, left, unchanged = [], [], [], 0
    for row, reference in zip(contents.rows, references, strict=True):
        line = row.keyed.row.line
        pilot = known.get(reference)
        if pilot is None:
            arrivals.append(Arrival(reference, line, row.facts))
            continue
        mine = rounds.get(pilot.pk, [])
        change, not_followed = _compared(pilot, mine, units, row.facts, line)
        left += not_followed
        if change.after:
            changes.append(change)
        else:
            unchanged += 1
    return Plan(
        contents=contents,
        arrivals=arrivals,
        changes=changes,
        unchanged=unchanged,
        absent=len(known.keys() - set(references)),
        left=left,
    )


def _known(source: str, *, lock: bool) -> dict[str, Pilot]:
    pilots = Pilot.objects.filter(external_source=source).exclude(external_reference="")
    pilots = pilots.select_related("register_entry").order_by("pk")
    if lock:
        pilots = pilots.select_for_update(of=("self",))
    return {pilot.external_reference: pilot for pilot in pilots}


def _rounds(known: Mapping[str, Pilot]) -> dict[int, list[Round]]:
    found: dict[int, list[Round]] = {}
    for round_ in Round.objects.filter(pilot__in=[pilot.pk for pilot in known.values()]).order_by("number"):
        found.setdefault(round_.pilot_id, []).append(round_)
    return found


def _compared(
    pilot: Pilot, rounds: list[Round], units: Mapping[Path, Unit], facts: Facts, line: int
) -> tuple[Change, list[Finding]]:
    """Compare what the register said, what it says and what stands here, group by group of facts."""
    said = _said(pilot)
    says = facts.plain()
    here = _here(pilot, rounds)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    left = []
    groups = [(name,) for name in FILE_FACTS] + [LIFE]
    for group in groups:
        changed = {name: says[name] for name in group if says[name] != said.get(name)}
        if not changed:
            continue
        if all(here[name] == said.get(name) for name in group):
            before |= {name: said.get(name) for name in changed}
            after |= changed
        elif any(here[name] != value for name, value in changed.items()):
            left.append(_left(group, line))
    if spelled_alike(facts.unit_path) != spelled_alike(said.get("unit_path", ())):
        unit = units.get(spelled_alike(said.get("unit_path", ())))
        if unit is not None and unit.pk == pilot.unit_id:
            before["unit_path"], after["unit_path"] = said["unit_path"], says["unit_path"]
        elif units.get(spelled_alike(facts.unit_path), unit) != pilot.unit:
            left.append(_left(("unit_path",), line))
    only = rounds[0] if len(rounds) == 1 else None
    return Change(pilot, only, line, facts, before, after), left


def _said(pilot: Pilot) -> dict[str, Any]:
    entry = getattr(pilot, "register_entry", None)
    return dict(entry.facts) if entry is not None else {}


def _here(pilot: Pilot, rounds: list[Round]) -> dict[str, Any]:
    here = {name: plain_fact(getattr(pilot, name)) for name in FILE_FACTS + LIFE_OF_PILOT}
    if len(rounds) == 1:
        return here | {name: plain_fact(getattr(rounds[0], name)) for name in LIFE_OF_ROUND}
    return here | dict.fromkeys(LIFE_OF_ROUND, f"{len(rounds)} rounds")


def _left(group: tuple[str, ...], line: int) -> Finding:
    what = {"unit_path": "unit"}.get(group[0], group[0].replace("_", " ")) if len(group) == 1 else "stage and days"
    return Finding(
        line,
        "",
        "changed_here",
        f"The register has another {what} than last time, but this was changed here too; what stands here was kept.",
        "Compare the two, and change it on the pilot's page if the register is right.",
    )
