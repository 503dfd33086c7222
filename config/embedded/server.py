"""What the keeper needs to know of a server."""

import signal
from pathlib import Path
from typing import Protocol

from config.embedded.children import Child, Spawn
from config.embedded.errors import EmbeddedError
from config.embedded.places import Place

LARGEST_LOG = 5_000_000


class Server(Protocol):
    """A kind of server: how it is prepared, started, seen to be ready and stopped."""

    @property
    def place(self) -> Place:
        """Its folders."""
        ...

    @property
    def stop_steps(self) -> tuple[tuple[signal.Signals, float], ...]:
        """The signals that end it, and the seconds after which the next one follows."""
        ...

    @property
    def url(self) -> str:
        """The address for its users."""
        ...

    def prepare(self) -> None:
        """Find the programs and make the data, if this is the first start."""
        ...

    def spawn(self, lock: int) -> Spawn:
        """How to start it; the program inherits the lock and holds it for as long as it lives."""
        ...

    def is_ready(self, child: Child) -> bool:
        """Whether it takes work."""
        ...


def shorten_log(log: Path) -> None:
    """Keep one old log, and begin a new one when it has grown large."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))


def explain(what: str, log: Path, text: str | None = None) -> EmbeddedError:
    """The error for a server that does not start, with its own last words."""
    words = text if text is not None else (log.read_text(errors="replace")[-4000:] if log.exists() else "")
    if "No space left on device" in words or "OOM" in words:
        return EmbeddedError(
            f"{what} does not start, since the disk is full: make room below {log.parent}, "
            "or name another folder in PILOTAGE_DATA."
        )
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
    last = (telling or lines or ["it said nothing"])[-1]
    return EmbeddedError(f"{what} does not start: {last} (all of it is in {log}).")
