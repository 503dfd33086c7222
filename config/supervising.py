"""Several programs kept running together: started, started again when one dies, ended together."""

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.children import Child, Spawn

STEADY_SECONDS = 30.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STOP_SECONDS = 10.0
LARGEST_LOG = 5_000_000


@dataclass
class Service:
    """One program: how it is started, and how it fares."""

    name: str
    command: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str]
    child: Child | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        """Start it; what it prints goes to its log."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as output:
            self.child = Child(
                Spawn(
                    command=self.command,
                    folder=self.folder,
                    output=output.fileno(),
                    environment=self.environment,
                    farewell=signal.SIGTERM,
                )
            )
        self.started = time.monotonic()

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.child is not None and self.child.is_alive()

    def tend(self, now: float) -> str | None:
        """Start it again if it has died and its pause is over; returns what there is to say of it."""
        if self.is_alive():
            return None
        if self.child is not None:
            self.failures = 0 if now - self.started > STEADY_SECONDS else self.failures + 1
            pause = min(FIRST_PAUSE * 2**self.failures, LONGEST_PAUSE)
            self.not_before = now + pause
            status = self.child.process.returncode
            self.clear()
            return f"The {self.name} ended (status {status}); starting it again in {pause:.0f} s ({self.log})."
        if now >= self.not_before:
            self.start()
        return None

    def ask_to_stop(self) -> None:
        """Tell it to end; it may finish what it does."""
        if self.child is not None and self.child.is_alive():
            with suppress(ProcessLookupError):
                self.child.process.send_signal(signal.SIGTERM)

    def stop(self, seconds: float) -> None:
        """Wait for it to end, make it end after that time, and see to it that nothing of it is left."""
        if self.child is not None:
            self.child.wait(seconds)
            self.child.stop((signal.SIGKILL, 5.0))
            self.clear()

    def clear(self) -> None:
        """End what the program itself may have left of its process group."""
        if self.child is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.child.pid, signal.SIGKILL)
            self.child = None

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


def stop_all(services: Sequence[Service]) -> None:
    """End all services together, each within the same time."""
    for service in services:
        service.ask_to_stop()
    deadline = time.monotonic() + STOP_SECONDS
    for service in services:
        service.stop(max(0.1, deadline - time.monotonic()))


def say(text: str) -> None:
    """Print one line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
