"""A pilot's history, told in plain sentences from the audit trail."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats

from accounts.models import User
from audit.models import Event
from audit.recording import SYSTEM
from audit.vocabulary import known


@dataclass(frozen=True)
class Told:
    """One event as a person reads it."""

    at: datetime
    who: str
    what: str


def told(events: Iterable[Event]) -> list[Told]:
    """Turn events into sentences. One query for the names of all who act in them or are spoken of."""
    events = list(events)
    data = [event.data for event in events]
    mentioned = {event.actor for event in events} | {one["person"] for one in data if "person" in one}
    numbers = {int(ref.partition(":")[2]) for ref in mentioned if ref.startswith("user:")}
    names = {person.ref: str(person) for person in User.objects.filter(pk__in=numbers)}
    return [
        Told(at=event.at, who=_who(event.actor, names), what=_sentence(event.kind, _named(said, names)))
        for event, said in zip(events, data, strict=True)
    ]


def _named(data: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Put the name of the person that an event speaks of in the place of their number."""
    return data | {"person": names.get(data["person"], "somebody")} if "person" in data else data


def _who(actor: str, names: dict[str, str]) -> str:
    return "Pilotage" if actor == SYSTEM else names.get(actor, "Somebody")


def _sentence(kind: str, data: dict[str, Any]) -> str:
    sentence = known(kind).sentence.format_map(_Readable(data))
    return sentence[:1].upper() + sentence[1:]


class _Readable(defaultdict[str, str]):
    """The data of an event, each value as it reads in a sentence; what is missing reads as "not recorded"."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(None, {name: _read(value) for name, value in data.items()})

    def __missing__(self, key: str) -> str:
        return "not recorded"


def _read(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_read(item) for item in value).replace("_", " ")
    if value is None:
        return "not recorded"
    text = str(value)
    try:
        return formats.date_format(date.fromisoformat(text), "j F Y")
    except ValueError:
        return text.replace("_", " ") if text.islower() else text
