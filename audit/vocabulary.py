"""The kinds of events: each room registers its own, so that the trail never has to look upwards."""

from dataclasses import dataclass

_KINDS: dict[str, "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of event and its sentence, a template over the event's data: "started round {number}"."""

    name: str
    sentence: str


def register(room: str, sentences: dict[str, str]) -> None:
    """Register a room's kinds: {"round.started": "started round {number}"} under its own name."""
    for name, sentence in sentences.items():
        full = f"{room}.{name}"
        if full in _KINDS and _KINDS[full].sentence != sentence:
            raise ValueError(f"{full} is registered twice, with two sentences")
        _KINDS[full] = Kind(full, sentence)


def known(name: str) -> Kind:
    """Return the kind of that name; LookupError for one that no room registered."""
    try:
        return _KINDS[name]
    except KeyError:
        raise LookupError(f"{name} is not a registered kind of event") from None


def kinds() -> list[Kind]:
    """Every registered kind, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]
