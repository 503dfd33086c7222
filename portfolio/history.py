"""A pilot's history, told in plain sentences from the audit trail."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats, timezone

from accounts.models import User
from audit.models import Event
from audit.recording import SYSTEM
from audit.vocabulary import known

#: What the nouns of events are called where they are chosen from; the others read as they are.
NOUNS = {
    "amendment": "Amendments",
    "blocker": "What moved",
    "case": "Business case",
    "condition": "Decisions",
    "criterion": "Gates",
    "decision": "Decisions",
    "diagnosis": "Stuck clinic",
    "intervention": "Stuck clinic",
    "deferral": "Decisions",
    "flag": "Drift",
    "part": "People",
    "pilot": "The file",
    "request": "Gates",
    "review": "Gates",
    "reuse": "Gates",
    "reviewer": "Gates",
    "round": "Rounds",
    "status": "What moved",
}
#: Names of fields that do not read as they are stored.
_FIELDS = {"committee_slug": "committee", "cost_so_far": "cost so far", "monthly_cost": "monthly cost"}


@dataclass(frozen=True)
class Told:
    """One event as a person reads it; `detail` says what it was before and is now, where that is short."""

    at: datetime
    who: str
    what: str
    detail: str = ""

    @property
    def day(self) -> date:
        """The day on which it happened, where the reader is."""
        return timezone.localtime(self.at).date()


def told(events: Iterable[Event]) -> list[Told]:
    """Turn events into sentences. One query for the names of all who act in them or are spoken of."""
    events = list(events)
    data = [event.data for event in events]
    spoken_of = {value for one in data for value in (one.get("person"), *_changed(one)) if isinstance(value, str)}
    names = names_of({event.actor for event in events} | spoken_of)
    return [
        Told(event.at, _who(event.actor, names), _sentence(event.kind, _named(said, names)), _change(said, names))
        for event, said in zip(events, data, strict=True)
    ]


def names_of(refs: Iterable[str]) -> dict[str, str]:
    """Names of the people whom the trail calls "user:12". One query."""
    numbers = {int(ref.partition(":")[2]) for ref in refs if ref.startswith("user:")}
    return {person.ref: str(person) for person in User.objects.filter(pk__in=numbers)}


def noun_of(kind: str) -> str:
    """What a kind of event is about, in words: "portfolio.part.ended" is about people."""
    noun = kind.split(".")[1]
    return NOUNS.get(noun, noun.replace("_", " ").capitalize())


def abouts(events: QuerySet[Event]) -> list[str]:
    """What `events` are about, each once. One query."""
    return sorted({noun_of(kind) for kind in events.order_by().values_list("kind", flat=True).distinct()})


def actors(events: QuerySet[Event]) -> list[tuple[str, str]]:
    """Who acts in `events`, as (reference, name), by name. Two queries."""
    refs = set(events.order_by().values_list("actor", flat=True).distinct())
    names = names_of(refs)
    return sorted(((ref, _who(ref, names)) for ref in refs), key=lambda choice: choice[1].casefold())


def chosen(events: QuerySet[Event], *, about: str, actor: str) -> QuerySet[Event]:
    """Those of `events` that are about something, done by somebody; what is empty does not narrow. One query."""
    if about:
        kinds = set(events.order_by().values_list("kind", flat=True).distinct())
        events = events.filter(kind__in=[kind for kind in kinds if noun_of(kind) == about])
    return events.filter(Q(actor=actor) if actor else Q())


def _named(data: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Put the name of the person that an event speaks of in the place of their number."""
    return data | {"person": names.get(data["person"], "somebody")} if "person" in data else data


def _who(actor: str, names: dict[str, str]) -> str:
    return "Pilotage" if actor == SYSTEM else names.get(actor, "Somebody")


def _sentence(kind: str, data: dict[str, Any]) -> str:
    sentence = known(kind).sentence.format_map(_Readable(data))
    return sentence[:1].upper() + sentence[1:]


def _changed(data: dict[str, Any]) -> list[Any]:
    """The values of the fields that an event changed, before and after."""
    return [value for side in ("before", "after") if isinstance(data.get(side), dict) for value in data[side].values()]


def _change(data: dict[str, Any], names: dict[str, str]) -> str:
    """Say "vendor: Acme, was Corvane" for each field that changed, and nothing of those that stayed."""
    before, after = data.get("before"), data.get("after")
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return ""
    changed = [name for name in sorted(after) if (before.get(name) or "") != (after[name] or "")]
    return "; ".join(_change_of(_read(name), before.get(name), after[name], names) for name in changed)


def _change_of(field: str, before: Any, after: Any, names: dict[str, str]) -> str:
    """One field; of what has parts of its own, only that it changed."""
    if any(isinstance(value, dict | list) or str(value).startswith(("{", "[")) for value in (before, after)):
        return f"{field} changed"
    was = f", was {_short(before, names)}" if before else ""
    return f"{field}: {_short(after, names)}{was}"


def _short(value: Any, names: dict[str, str]) -> str:
    """A value within a line: people by their names, long texts cut."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith("user:"):
        return names.get(value, "somebody")
    text = _read(value).rstrip(".") if value not in (None, "") else "nothing"
    return text if len(text) <= 80 else f"{text[:79]}…"


class _Readable(defaultdict[str, str]):
    """The data of an event, each value as it reads in a sentence; what is missing reads as "not recorded"."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(None, {name: _read(value) for name, value in data.items()})

    def __missing__(self, key: str) -> str:
        return "not recorded"


def _read(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_read(item) for item in value)
    if value is None:
        return "not recorded"
    text = _FIELDS.get(str(value), str(value))
    try:
        return formats.date_format(date.fromisoformat(text), "j F Y")
    except ValueError:
        return text.replace("_", " ") if text.islower() else text
