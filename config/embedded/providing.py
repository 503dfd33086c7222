"""The users' side: see to it that the servers run, and be counted among their users while we live."""

import json
import os
import subprocess
import sys
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.locks import FileLock
from config.embedded.places import CHECKOUT, control_folder, data_folder
from config.embedded.ready import read_ready

VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
INHERITED = "PILOTAGE_EMBEDDED"
START_SECONDS = 240.0
STOP_SECONDS = 60.0
TRIES = 3


class Membership:
    """Our use of one server: a shared lock, held until we end."""

    def __init__(self, kind: str, folder: Path, *, fast: bool) -> None:
        self.kind = kind
        self.folder = folder
        self.fast = fast
        self.control = control_folder(folder, kind)
        self.users = FileLock(self.control / "users.lock")
        self._launcher: subprocess.Popen[str] | None = None

    def ask(self) -> None:
        """Be counted, and begin to start the server where none is ready."""
        if not self.users.wait_shared(STOP_SECONDS):
            raise EmbeddedError(
                f"The server in {self.control} is being stopped and does not end: end its processes, then try again."
            )
        if not self.is_served():
            self._launch()

    def wait(self) -> str:
        """Wait until the server is ready; returns its address."""
        for _ in range(TRIES):
            if self._launcher is not None:
                self._finish(self._launcher)
            url = read_ready(self.control)
            if url:
                return url
            self._launch()
        raise EmbeddedError(f"The server in {self.control} does not stay: read server.log there.")

    def is_served(self) -> bool:
        """Whether a living keeper says that the server is ready."""
        return read_ready(self.control) is not None

    def _launch(self) -> None:
        command = [sys.executable, "-m", "config.embedded.keeper", self.kind, str(self.folder)]
        self._launcher = subprocess.Popen(
            [*command, *(["--fast"] if self.fast else [])],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _finish(self, launcher: subprocess.Popen[str]) -> None:
        try:
            _, said = launcher.communicate(timeout=START_SECONDS)
        except subprocess.TimeoutExpired as error:
            launcher.kill()
            launcher.communicate()
            raise EmbeddedError(f"The server in {self.control} does not become ready.") from error
        self._launcher = None
        if launcher.returncode != 0:
            raise EmbeddedError(said.strip().splitlines()[-1] if said.strip() else "The keeper was killed.")


_memberships: dict[str, Membership] = {}


def provide(*, folder: Path | None = None, fast: bool = False) -> None:
    """Set `DATABASE_URL` and `REDIS_URL` where they are not set, starting or joining the embedded servers.

    Children inherit the addresses; those that call this too are counted as users of their own. An address
    that somebody set is left alone.
    """
    inherited = json.loads(os.environ.get(INHERITED) or "{}")
    folder = folder or Path(inherited.get("folder") or data_folder())
    fast = fast or bool(inherited.get("fast"))
    for kind, variable in VARIABLES.items():
        address = os.environ.get(variable)
        if kind not in _memberships and (not address or address == inherited.get(kind)):
            _memberships[kind] = Membership(kind, folder, fast=fast)
    for membership in _memberships.values():
        membership.ask()
    urls = {kind: membership.wait() for kind, membership in _memberships.items()}
    for kind, url in urls.items():
        os.environ[VARIABLES[kind]] = url
    if urls:
        os.environ[INHERITED] = json.dumps({"folder": str(folder), "fast": fast, **urls})


def tend() -> bool:
    """Start the servers of `provide` again where their keeper was killed; returns whether one had to be."""
    lost = [membership for membership in _memberships.values() if not membership.is_served()]
    for membership in lost:
        membership.ask()
    for membership in lost:
        membership.wait()
    return bool(lost)
