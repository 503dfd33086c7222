"""The note that says where a ready server is; its keeper holds a lock on it for as long as that is true."""

import os
from pathlib import Path

from config.embedded.locks import FileLock, held_alone


class ReadyNote:
    """The keeper's side: put the note up, take it down."""

    def __init__(self, control: Path) -> None:
        self._path = note_path(control)
        self._lock: FileLock | None = None

    def put_up(self, url: str) -> None:
        """Write the note aside, lock it, and only then show it: a shown note without a lock is stale."""
        aside = self._path.with_suffix(".new")
        aside.unlink(missing_ok=True)
        lock = FileLock(aside)
        lock.try_exclusive()
        os.write(lock.descriptor, url.encode())
        aside.replace(self._path)
        self._lock = lock

    def take_down(self) -> None:
        """Take the note away before the server goes."""
        if self._lock is not None:
            self._path.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def note_path(control: Path) -> Path:
    """Where the note of a server is."""
    return control / "ready"


def read_ready(control: Path) -> str | None:
    """The address of the server, if a living keeper says that it is ready."""
    path = note_path(control)
    try:
        url = path.read_text()
    except FileNotFoundError:
        return None
    return url if held_alone(path) else None
