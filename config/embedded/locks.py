"""Locks on files, which the kernel releases when their holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path

PAUSE = 0.02


class FileLock:
    """One `flock` on one file; the file is made when it is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @property
    def descriptor(self) -> int:
        """The open file, to be handed to a child that shall hold the lock too."""
        return self._descriptor

    def try_shared(self) -> bool:
        """Take the lock together with others; False where somebody holds it alone."""
        return self._take(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Take the lock alone; False where anybody holds it."""
        return self._take(fcntl.LOCK_EX)

    def wait_shared(self, seconds: float) -> bool:
        """Try to share the lock until the time is over."""
        return self._wait(fcntl.LOCK_SH, seconds)

    def wait_exclusive(self, seconds: float) -> bool:
        """Try to have the lock alone until the time is over."""
        return self._wait(fcntl.LOCK_EX, seconds)

    def release(self) -> None:
        """Let others have the lock; the file stays open."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close this holder's file; a child that was handed the file keeps the lock."""
        os.close(self._descriptor)

    def _wait(self, kind: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._take(kind):
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE)
        return True

    def _take(self, kind: int) -> bool:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def held_alone(path: Path) -> bool:
    """Whether some living process holds the lock on this file alone; False where there is no file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
