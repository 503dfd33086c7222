"""The embedded PostgreSQL: its cluster, its settings for a small machine, and when it is ready."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from config.embedded import memory, programs
from config.embedded.children import Child, Spawn, leave_with_parent
from config.embedded.errors import EmbeddedError
from config.embedded.places import Place, own, socket_folder
from config.embedded.server import explain
from config.embedded.urls import database_url

STATUS_LINE = 7
FIRST_WITH_BUILTIN_LOCALE = 17
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
}
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "1h",
}


def is_stale(note: Path, data: Path) -> bool:
    """Whether a pid file names no living PostgreSQL on these data (seen on Linux only).

    Its number may belong to another program by now, or to a dead process that nobody has collected, as happens
    in containers; PostgreSQL would take either for itself.
    """
    try:
        process = Path("/proc", note.read_text().split("\n", 1)[0].strip())
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        return state == "Z" or not (process / "cwd").readlink().samefile(data)
    except (OSError, IndexError):
        return False


class PostgresServer:
    """A PostgreSQL with one role and one database, both named pilotage, on a unix socket only."""

    stop_steps = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))

    def __init__(self, place: Place, *, fast: bool) -> None:
        self.place = place
        self.fast = fast
        self._sockets = socket_folder(place)
        self._programs = programs.postgres(place.identity)

    @property
    def url(self) -> str:
        """The address for its users."""
        return database_url(str(self._sockets))

    def prepare(self) -> None:
        """Make the cluster on the first start; refuse data of another major version.

        No process of an earlier server of ours lives when this is called. A pid file that a crash left behind
        is taken away where its number belongs to somebody else by now: PostgreSQL would take them for itself.
        """
        stamp = self.place.data / "PG_VERSION"
        if not stamp.exists():
            self._make_cluster()
        for note in (self.place.data / "postmaster.pid", self._sockets / ".s.PGSQL.5432.lock"):
            if is_stale(note, self.place.data):
                note.unlink()
        made_by = int(stamp.read_text().strip())
        if made_by != self._programs.major:
            raise EmbeddedError(
                f"The data in {self.place.data} were made by PostgreSQL {made_by}, and the one found here is "
                f"{self._programs.major}: name the programs of version {made_by} in PILOTAGE_PG_BIN, or move "
                "that folder away to start afresh."
            )

    def spawn(self, lock: int) -> Spawn:
        """How to start it."""
        settings = SETTINGS | memory.cache_settings(memory.available())
        settings |= {"unix_socket_directories": str(self._sockets)}
        if self.fast:
            settings |= FAST_SETTINGS
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Spawn(
            command=[str(self._programs.folder / "postgres"), "-D", str(self.place.data), *options],
            folder=self.place.home,
            identity=self.place.identity,
            keep_open=(lock,),
            farewell=signal.SIGINT,
        )

    def is_ready(self, child: Child) -> bool:
        """Whether it takes connections: it says so in its own pid file."""
        try:
            lines = (self.place.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > STATUS_LINE and lines[0] == str(child.pid) and lines[STATUS_LINE].strip() == "ready"

    def _make_cluster(self) -> None:
        """Make role, cluster and database aside, then move them into place, so that a half never counts."""
        if self.place.data.exists() and any(self.place.data.iterdir()):
            raise EmbeddedError(
                f"The folder {self.place.data} holds files, but no database: move it away to start afresh."
            )
        new = self.place.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        own(new, self.place.identity)
        self._run([*self._initdb(new), *(["--no-sync"] if self.fast else [])])
        self._run(
            [str(self._programs.folder / "postgres"), "--single", "-D", str(new), "template1"],
            said="CREATE DATABASE pilotage;\n",
        )
        new.replace(self.place.data)

    def _initdb(self, folder: Path) -> list[str]:
        locale = ["--locale=C.UTF-8"]
        if self._programs.major >= FIRST_WITH_BUILTIN_LOCALE:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [
            str(self._programs.folder / "initdb"),
            f"--pgdata={folder}",
            "--username=pilotage",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-instructions",
            *locale,
        ]

    def _run(self, command: list[str], *, said: str = "") -> None:
        try:
            done = subprocess.run(
                command,
                cwd=self.place.home,
                input=said,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=300,
                preexec_fn=leave_with_parent(os.getpid(), signal.SIGKILL),
                **self.place.identity.switch(),
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise explain("PostgreSQL", self.place.log, str(error)) from error
        if done.returncode != 0:
            with self.place.log.open("a") as log:
                log.write(done.stdout)
            raise explain("PostgreSQL", self.place.log, done.stdout)
