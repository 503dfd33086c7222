"""Chapters of the demo: what happens to pilots beside their main story, a module for each noun.

A chapter is a module here with `HAPPENS`, what each of its kinds of event does, and a file `<name>.toml` that
tells when it happens to which pilot (../README.md).
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from gates.demo.chapters import (
    business_cases,
    clinic,
    contracts,
    decisions,
    drift,
    evidence,
    gatesets,
    measurements,
    people,
    reviewing,
    running,
)

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told

#: Lets one step happen: the replay, the pilot, what the step says, its day and its time.
Happen = Callable[["Replay", "Told", dict[str, Any], date, datetime], None]

#: Every kind of event of every chapter. A chapter adds its own: `**contracts.HAPPENS`.
HAPPENS: dict[str, Happen] = {
    **business_cases.HAPPENS,
    **clinic.HAPPENS,
    **contracts.HAPPENS,
    **decisions.HAPPENS,
    **drift.HAPPENS,
    **evidence.HAPPENS,
    **gatesets.HAPPENS,
    **measurements.HAPPENS,
    **people.HAPPENS,
    **reviewing.HAPPENS,
    **running.HAPPENS,
}
