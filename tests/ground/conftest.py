"""Real processes that use embedded servers of their own, apart from those of the test run."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from config.embedded.places import CHECKOUT
from config.embedded.providing import INHERITED, VARIABLES

USER_PROGRAM = """
import json, os, sys
from pathlib import Path
from config.embedded import EmbeddedError, provide, tend
try:
    provide(folder=Path(sys.argv[1]), fast=sys.argv[2] == "fast")
except EmbeddedError as error:
    print(json.dumps({"error": str(error)}), flush=True)
    sys.exit(1)
print(json.dumps({name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}), flush=True)
for line in sys.stdin:
    print(json.dumps({"tended": tend()}), flush=True)
"""


def bare_environment(**more: str) -> dict[str, str]:
    """Our environment without the addresses of the test run's servers."""
    ours = {*VARIABLES.values(), INHERITED}
    return {name: value for name, value in os.environ.items() if name not in ours} | more


class User:
    """A process that uses the embedded servers of a folder until it is told to go."""

    def __init__(self, folder: Path, *, fast: bool = False, python: str = sys.executable, **options: object):
        mode = "fast" if fast else "kept"
        self.process = subprocess.Popen(
            [python, "-c", USER_PROGRAM, str(folder), mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **{"cwd": CHECKOUT, "env": bare_environment(), **options},
        )

    def hear(self, seconds: float = 60) -> dict:
        """What it says next."""
        assert select.select([self.process.stdout], [], [], seconds)[0], "the process says nothing"
        line = self.process.stdout.readline()
        assert line, f"the process ended with status {self.process.wait()}"
        return json.loads(line)

    def tend(self) -> bool:
        """Have it look after the servers, as the supervisor does."""
        self.process.stdin.write("tend\n")
        self.process.stdin.flush()
        return self.hear()["tended"]

    def leave(self) -> None:
        """Have it end by itself."""
        with suppress(OSError):
            self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()

    def kill(self) -> None:
        """End it by kill -9."""
        self.process.kill()
        self.leave()


@pytest.fixture
def new_user(folder: Path) -> Iterator[Callable[..., User]]:
    """Start processes that use embedded servers; all are gone after the test."""
    users: list[User] = []

    def start(where: Path = folder, **options: object) -> User:
        users.append(User(where, **options))
        return users[-1]

    yield start
    for user in users:
        user.kill()


@pytest.fixture(scope="module")
def folders() -> Iterator[list[Path]]:
    """The data folders of a module's tests; nothing runs on them after the last test."""
    used: list[Path] = []
    yield used
    for path in used:
        wait_until(lambda path=path: not processes_of(path), 40)
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def folder(folders: list[Path]) -> Path:
    """A data folder with a short path. Its servers may take two seconds to go, while other tests run."""
    path = Path(tempfile.mkdtemp(prefix="pilotage-ground-", dir="/tmp"))
    path.chmod(0o755)
    folders.append(path)
    return path


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something to become true; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.05)


def processes_of(folder: Path, word: str = "") -> list[int]:
    """The processes on whose command line the folder stands, keepers and servers alike, and this word too."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if f"{folder}" not in line or word not in line or int(entry.name) == os.getpid():
                continue
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(int(entry.name))
    return found


def keepers_of(folder: Path, kind: str) -> list[int]:
    """The keepers of one server of a folder."""
    return processes_of(folder, f"config.embedded.keeper {kind}")


def postmasters_of(folder: Path) -> list[int]:
    """The PostgreSQL that runs on a folder's data."""
    return processes_of(folder, "bin/postgres -D")


def kill(pids: list[int]) -> None:
    """End exactly these processes by kill -9."""
    assert pids, "there is nothing to kill"
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def note(url: str, text: str) -> None:
    """Write a line into the database."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (at serial, text text)")
        connection.execute("INSERT INTO notes (text) VALUES (%s)", [text])


def notes(url: str) -> list[str]:
    """The lines written so far."""
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM notes ORDER BY at")]


def answers(url: str) -> bool:
    """Whether the database takes connections."""
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False
