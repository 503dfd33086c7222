"""Programs that go when the process that started them goes, even by kill -9."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.embedded.identity import Identity

SET_PARENT_DEATH_SIGNAL = 1
ON_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True) if ON_LINUX else None


@dataclass(frozen=True)
class Spawn:
    """A program, and how it is to be started."""

    command: Sequence[str]
    folder: Path
    output: IO[bytes] | int | None = None
    environment: Mapping[str, str] | None = None
    identity: Identity | None = None
    keep_open: tuple[int, ...] = ()
    farewell: signal.Signals = signal.SIGTERM


class Child:
    """A running program, and the watcher that sees to it that it goes with us."""

    def __init__(self, spawn: Spawn) -> None:
        self.process = subprocess.Popen(
            spawn.command,
            cwd=spawn.folder,
            stdin=subprocess.DEVNULL,
            stdout=spawn.output,
            stderr=subprocess.STDOUT if spawn.output is not None else None,
            env=spawn.environment,
            pass_fds=spawn.keep_open,
            start_new_session=True,
            preexec_fn=leave_with_parent(os.getpid(), spawn.farewell),  # noqa: PLW1509 - no threads here
            **(spawn.identity.switch() if spawn.identity else {}),
        )
        self._watcher = None if ON_LINUX else watch(self.process.pid, spawn.farewell)

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self.process.pid

    def is_alive(self) -> bool:
        """Whether the program still runs."""
        return self.process.poll() is None

    def stop(self, *steps: tuple[signal.Signals, float]) -> bool:
        """Send each signal and wait its seconds, until the program has ended; kill it after the last.

        Returns whether it ended without being killed.
        """
        gentle = True
        for number, seconds in (*steps, (signal.SIGKILL, 10.0)):
            if self.is_alive():
                gentle = number != signal.SIGKILL
                self.process.send_signal(number)
                self.wait(seconds)
        if self._watcher is not None:
            dismiss(self._watcher)
        return gentle

    def wait(self, seconds: float) -> None:
        """Wait for the program to end, but no longer than this."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return


def watch(pid: int, farewell: signal.Signals) -> subprocess.Popen[bytes]:
    """Start a watcher: it signals the process `pid` when we end without having dismissed it."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("watcher.py")), str(pid), str(int(farewell))],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def dismiss(watcher: subprocess.Popen[bytes]) -> None:
    """Tell the watcher that its process has ended, and let it go."""
    watcher.communicate(b"over\n")


def leave_with_parent(parent: int, farewell: signal.Signals) -> Callable[[], None] | None:
    """What the child does before it becomes the program: ask for a signal at its parent's death.

    This comes after the change of user, which would clear the request.
    """
    libc = _LIBC
    if libc is None:
        return None

    def ask() -> None:
        libc.prctl(SET_PARENT_DEATH_SIGNAL, int(farewell), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask
