"""The process that keeps one server: starts it, starts it again after a crash, ends it after its last user.

`python -m config.embedded.keeper postgres|valkey FOLDER [--fast]` returns when the server is ready; the
keeper goes on in the background, in a session of its own. Users are the holders of a shared lock, so that
the kernel counts them, and no signal or crash can leave a wrong count. `--fast` is for tests: nothing is
synced to the disk, and the folder goes when the server goes.
"""

import argparse
import os
import select
import shutil
import signal
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType

from config.embedded.children import Child
from config.embedded.errors import EmbeddedError
from config.embedded.identity import choose
from config.embedded.locks import FileLock
from config.embedded.places import Place, control_folder, expected_data, forget_sockets, home_folder, remove_home
from config.embedded.postgres import PostgresServer
from config.embedded.ready import ReadyNote, read_ready
from config.embedded.server import Server, explain, shorten_log
from config.embedded.valkey import ValkeyServer

KINDS: dict[str, type[PostgresServer] | type[ValkeyServer]] = {
    "postgres": PostgresServer,
    "valkey": ValkeyServer,
}
NAMES = {"postgres": "PostgreSQL", "valkey": "Valkey"}
BEAT = 0.5
GRACE = 1.5
START_SECONDS = 120.0
OLD_SERVER_SECONDS = 60.0
STEADY_SECONDS = 60.0
MOST_CRASHES = 8


class Keeper:
    """One server and the locks around it."""

    def __init__(self, kind: str, folder: Path, *, fast: bool) -> None:
        self.kind = kind
        self.fast = fast
        self.control = control_folder(folder, kind)
        self.mine = FileLock(self.control / "keeper.lock")
        self.users = FileLock(self.control / "users.lock")
        self.note = ReadyNote(self.control)
        self.told_to_stop = False
        self._wake_read, self._wake_write = os.pipe()

    def take_over(self) -> bool:
        """Become the keeper of the folder; False where another keeper's server is ready."""
        while not self.mine.try_exclusive():
            if read_ready(self.control):
                return False
            time.sleep(0.05)
        return True

    def begin(self) -> None:
        """Start the server for the first time, and say where it is."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)
        signal.signal(signal.SIGCHLD, _ignore)
        os.set_blocking(self._wake_write, False)
        signal.set_wakeup_fd(self._wake_write)
        self._wait_for_old_server()
        identity = choose(expected_data(self.control))
        place = Place(self.control, home_folder(self.control, identity), identity)
        self.place = place
        self.server: Server = KINDS[self.kind](place, fast=self.fast)
        self.server.prepare()
        shorten_log(place.log)
        self.child = self._start()

    def keep(self) -> None:
        """Watch over the server until it has no user, or until told to stop; then end it."""
        alone_since: float | None = None
        crashes = 0
        while not self.told_to_stop:
            if not self.child.is_alive():
                lived = time.monotonic() - self.started
                crashes = 0 if lived > STEADY_SECONDS else crashes + 1
                self._start_again(crashes)
            now = time.monotonic()
            if not self.users.try_exclusive():
                alone_since = None
            elif alone_since is not None and now - alone_since >= GRACE:
                break
            else:
                alone_since = now if alone_since is None else alone_since
                self.users.release()
            self._sleep(BEAT)
        self.end()

    def end(self) -> None:
        """Stop the server cleanly and leave nothing behind but its data (in tests: not even these)."""
        self.note.take_down()
        self.child.stop(*self.server.stop_steps)
        forget_sockets(self.place)
        if self.fast:
            for folder in (self.place.home, self.control):
                shutil.rmtree(folder, ignore_errors=True)
            remove_if_empty(self.control.parent, self.control.parent.parent)
            if self.place.home != self.control:
                remove_home(self.place.home.parent)

    def _start(self) -> Child:
        lock = FileLock(self.control / "server.lock")
        lock.try_shared()
        with self.place.log.open("ab") as log:
            child = Child(replace(self.server.spawn(lock.descriptor), output=log.fileno()))
        lock.close()
        self.started = time.monotonic()
        while not self.server.is_ready(child):
            if not child.is_alive():
                raise explain(NAMES[self.kind], self.place.log)
            if self.told_to_stop or time.monotonic() - self.started > START_SECONDS:
                child.stop(*self.server.stop_steps)
                raise explain(NAMES[self.kind], self.place.log, "it was not ready in time")
            time.sleep(0.02)
        self.note.put_up(self.server.url)
        return child

    def _start_again(self, crashes: int) -> None:
        """Start a server that has ended by itself, after a pause that grows with each failure."""
        self.note.take_down()
        if crashes > MOST_CRASHES:
            raise explain(NAMES[self.kind], self.place.log)
        self._sleep(min(0.05 * 2**crashes, 5.0))
        self._wait_for_old_server()
        with suppress(EmbeddedError):
            self.child = self._start()

    def _wait_for_old_server(self) -> None:
        """Wait until every process of an earlier server has ended: each holds a lock while it lives."""
        lock = FileLock(self.control / "server.lock")
        if not lock.wait_exclusive(OLD_SERVER_SECONDS):
            raise EmbeddedError(
                f"An earlier {NAMES[self.kind]} still runs on the data in {self.control} and does not end: "
                "end its processes, then try again."
            )
        lock.close()

    def _sleep(self, seconds: float) -> None:
        if select.select([self._wake_read], [], [], seconds)[0]:
            os.read(self._wake_read, 4096)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True


def remove_if_empty(*folders: Path) -> None:
    """Remove folders, the first that still holds something ends it."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def run(kind: str, folder: Path, *, fast: bool, report: int) -> None:
    """Be the keeper; tell the waiting launcher over the pipe `report` how the start went."""
    try:
        keeper = Keeper(kind, folder, fast=fast)
        if not keeper.take_over():
            _tell(report, "ready")
            return
        keeper.begin()
    except (EmbeddedError, OSError) as error:
        _tell(report, str(error))
        raise SystemExit(1) from error
    _tell(report, "ready")
    keeper.keep()


def main() -> None:
    """Start a keeper in the background and return when its server is ready."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded.keeper", description="Keep one server.")
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fast", action="store_true", help="for tests: nothing is kept")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    hear, tell = os.pipe()
    if os.fork() == 0:
        os.close(hear)
        _detach()
        run(arguments.kind, folder, fast=arguments.fast, report=tell)
        return
    os.close(tell)
    with os.fdopen(hear) as pipe:
        answer = pipe.read()
    if answer != "ready":
        sys.exit(answer or "The process that keeps the embedded server ended before the server was ready.")


def _detach() -> None:
    """Leave the terminal and the folder of whoever started us; the launcher's output is not ours."""
    os.setsid()
    os.umask(0o077)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)


def _tell(report: int, text: str) -> None:
    with suppress(OSError):
        os.write(report, text.encode())
    os.close(report)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the signal shall only wake us."""


if __name__ == "__main__":
    main()
