"""The whole product on one machine: `python -m config.run`, which is what `make run` calls.

Starts the embedded servers, prepares the installation, and keeps a web server, a worker and a scheduler
running until Ctrl-C. `PORT` (8000) and `PILOTAGE_DATA` (`var`) say where; `DEMO=0` starts with an empty
installation.
"""

import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

from config.embedded import EmbeddedError, provide, tend
from config.embedded.children import Child, Spawn
from config.embedded.locks import FileLock
from config.embedded.places import CHECKOUT, data_folder
from config.supervising import Service, say, stop_all

HOST = "127.0.0.1"
BEAT = 0.5
READY_SECONDS = 60.0
CHECK_SECONDS = 30.0
SILENT_SECONDS = 480.0


class RunError(Exception):
    """Why the product cannot be started, in one sentence that names the way out."""


class Run:
    """One run of the product."""

    def __init__(self, port: int, data: Path) -> None:
        self.port = port
        self.data = data
        self.over = threading.Event()
        self.services: list[Service] = []

    def start(self, *, demo: bool) -> None:
        """Bring everything up; returns when pages are served."""
        provide()
        self._prepare(demo=demo)
        self.services = services(self.port, self.data)
        web, *jobs = self.services
        web.start()
        self._wait_until_served(web)
        for job in jobs:
            job.start()

    def keep(self) -> None:
        """Keep everything running until told to stop."""
        checked = time.monotonic()
        while not self.over.wait(BEAT):
            with suppress(EmbeddedError):
                if tend():
                    say("The embedded servers had ended; they run again.")
            now = time.monotonic()
            for service in self.services:
                word = service.tend(now)
                if word:
                    say(word)
            if now - checked > CHECK_SECONDS:
                checked = now
                self._restart_if_silent(now)

    def stop(self) -> None:
        """End what was started; the servers end by themselves after their last user."""
        stop_all(self.services)

    def _prepare(self, *, demo: bool) -> None:
        command = [sys.executable, "-m", "config.preparing", *(["--demo"] if demo else [])]
        preparing = Child(Spawn(command, CHECKOUT))
        while preparing.is_alive():
            if self.over.wait(0.02):
                preparing.stop((signal.SIGTERM, 10.0))
                raise KeyboardInterrupt
        if preparing.process.returncode != 0:
            raise RunError("The installation could not be prepared, for the reason above.")

    def _wait_until_served(self, web: Service) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while answer(self.port, "/healthz") is None:
            if not web.is_alive() or time.monotonic() > deadline:
                raise RunError(f"The web server does not start. Its last words:\n{web.last_words()}")
            if self.over.wait(0.05):
                raise KeyboardInterrupt

    def _restart_if_silent(self, now: float) -> None:
        """Start worker and scheduler again where they live, but no job has run for a long time."""
        jobs = self.services[1:]
        if any(not job.is_alive() or now - job.started < SILENT_SECONDS for job in jobs):
            return
        parts = answer(self.port, "/readyz") or {}
        if parts.get("database") and parts.get("broker") and parts.get("scheduler") is False:
            say("No job has run for a while; starting worker and scheduler again.")
            for job in jobs:
                job.stop(0.1)
                job.start()


def services(port: int, data: Path) -> list[Service]:
    """Web server, worker and scheduler; the web server comes first."""
    logs = data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    pool = os.environ.get("PILOTAGE_WORKER_POOL", "prefork")
    lines = {
        "web server": f"gunicorn config.wsgi --bind {HOST}:{port} --worker-class gthread --workers 2 "
        f"--threads 4 --preload --no-control-socket --graceful-timeout 5 --log-level warning {_shared_memory()}",
        "worker": f"celery -A config worker --pool {pool} --concurrency 2 --loglevel WARNING "
        f"--without-gossip --without-mingle --hostname pilotage-{port}@%h",
        "scheduler": "celery -A config beat --pidfile= --loglevel WARNING",
    }
    commands = {name: [sys.executable, "-m", *line.split()] for name, line in lines.items()}
    commands["scheduler"] += ["--schedule", str(data / "beat-schedule")]
    return [
        Service(name, command, CHECKOUT, logs / f"{name.replace(' ', '-')}.log", environment)
        for name, command in commands.items()
    ]


def answer(port: int, path: str) -> dict[str, bool] | None:
    """What the product says of itself at an address; None while it says nothing."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        parts = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return parts if isinstance(parts, dict) else None


def claim_port(text: str) -> int:
    """The port to serve on; refuses one that is not free, before anything is started."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise RunError(f"PORT={text} is not a port number: choose one from 1024 to 65535, as in `make run PORT=8001`.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise RunError(
                f"Port {port} cannot be used ({error.strerror}): choose another one, as in `make run PORT={port + 1}`."
            ) from error
    return port


def claim_folder(data: Path, port: int) -> FileLock:
    """Make sure that this data folder is run once; says where it runs already."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / "run.lock")
    except OSError as error:
        raise RunError(f"{data} cannot be used ({error.strerror}): name another folder in PILOTAGE_DATA.") from error
    if not lock.try_exclusive():
        where = lock.path.read_text().strip()
        raise RunError(
            f"Pilotage runs already on the data in {data}, at {where}: use it there, stop it, or name "
            "another folder in PILOTAGE_DATA."
        )
    os.ftruncate(lock.descriptor, 0)
    os.write(lock.descriptor, f"http://{HOST}:{port}\n".encode())
    return lock


def _shared_memory() -> str:
    return "--worker-tmp-dir /dev/shm" if os.access("/dev/shm", os.W_OK) else ""  # noqa: S108


def main() -> int:
    """Run until Ctrl-C or SIGTERM; exit status 1 with a sentence where that cannot be done."""
    data = data_folder()
    os.environ["PILOTAGE_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.trial")
    run: Run | None = None
    try:
        port_text = os.environ.get("PORT") or "8000"
        port = int(port_text) if port_text.isdecimal() else 0
        lock = claim_folder(data, port)
        run = Run(claim_port(port_text), data)
        os.environ.setdefault("PILOTAGE_URL", f"http://{HOST}:{run.port}")
        _stop_on_signals(run)
        run.start(demo=os.environ.get("DEMO", "1") != "0")
        say(f"\nPilotage runs at http://{HOST}:{run.port}   (Ctrl-C stops it)")
        run.keep()
        say("\nStopping ...")
    except (RunError, EmbeddedError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        say("\nStopping ...")
    finally:
        if run is not None:
            run.stop()
    lock.close()
    return 0


def _stop_on_signals(run: Run) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        run.over.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


if __name__ == "__main__":
    sys.exit(main())
