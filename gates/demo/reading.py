"""Reading the demo that was written by hand (README.md says how it is written)."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.states import Part

_FOLDER = Path(__file__).parent
_FACTS = ("title", "summary", "technology", "vendor", "visibility", "monthly_cost", "cost_so_far")


@dataclass(frozen=True)
class Step:
    """One thing that happened to a pilot, so many days from today."""

    day: int
    kind: str
    told: dict[str, Any]


@dataclass(frozen=True)
class WrittenPilot:
    """A pilot as it stands in its file."""

    key: str
    unit: str
    #: Stage to which its steps must lead.
    stage: str
    facts: dict[str, Any]
    people: dict[Part, str]
    steps: list[Step]


def organisation() -> dict[str, Any]:
    """Return the organisation: units, people, committee."""
    return _read(_FOLDER / "organisation.toml")


def written_pilots() -> list[WrittenPilot]:
    """Return all pilots, file by file; on one day, what the chapters tell comes after the main story."""
    further = _chapters()
    return [
        _pilot(described, content["unit"], further.get(described["key"], []))
        for path in sorted((_FOLDER / "pilots").glob("*.toml"))
        for content in [_read(path)]
        for described in content["pilot"]
    ]


def chapter(name: str) -> dict[str, Any]:
    """Return what a chapter tells, beside what happens to pilots."""
    return _read(_FOLDER / "chapters" / f"{name}.toml")


def _chapters() -> dict[str, list[dict[str, Any]]]:
    """What happens to each pilot beside its main story, by the pilot's key."""
    further: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((_FOLDER / "chapters").glob("*.toml")):
        for pilot in _read(path)["pilot"]:
            further.setdefault(pilot["key"], []).extend(pilot["events"])
    return further


def _pilot(described: dict[str, Any], unit: str, further: list[dict[str, Any]]) -> WrittenPilot:
    decided = described.get("decision", [])
    decisions = [decision | {"kind": "decision"} for decision in decided]
    proposed = [one | {"kind": "put_to_committee", "day": one["proposed"]} for one in decided if "proposed" in one]
    events = described["events"] + proposed + decisions + further
    steps = [
        Step(event["day"], event["kind"], {name: told for name, told in event.items() if name not in {"day", "kind"}})
        for event in sorted(events, key=lambda event: int(event["day"]))
    ]
    return WrittenPilot(
        key=described["key"],
        unit=unit,
        stage=described["stage"],
        facts={name: described[name] for name in _FACTS if name in described} | {"risk_class": described["risk"]},
        people={Part(part): person for part, person in described["people"].items()},
        steps=steps,
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
