"""`make run` as a process: it serves, heals, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from config.embedded.places import CHECKOUT
from config.run import SILENT_SECONDS, Run
from config.supervising import Service
from tests.ground.conftest import bare_environment, kill, processes_of, wait_until

pytestmark = pytest.mark.processes


class Running:
    """One supervisor on a data folder and a port."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.run"],
            cwd=CHECKOUT,
            env=bare_environment(
                PILOTAGE_DATA=str(data), PORT=str(port), DEMO="0", DJANGO_SETTINGS_MODULE="config.settings.trial"
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_served(self) -> float:
        """Seconds from the start to the line that names the address."""
        for line in self.process.stdout:
            if f"Pilotage runs at http://127.0.0.1:{self.port}" in line:
                return time.monotonic() - self.began
        raise AssertionError(f"it ended with status {self.process.wait()}")

    def status(self, path: str) -> int:
        """The status that a path answers with, refusals included; 0 while nobody answers at all."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return response.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0

    def programs(self, word: str) -> list[int]:
        """The processes of this run whose command line has a word."""
        return [pid for pid in processes_of(Path(word)) if b"PORT=%d\0" % self.port in environment_of(pid)]

    def end(self, number: signal.Signals = signal.SIGTERM) -> str:
        """Tell it to stop; returns what it said since."""
        if self.process.stdout.closed:
            return ""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.communicate(timeout=40)[0]


def environment_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def share_of_others() -> float:
    """How many times longer things take here at the moment, since other programs want the processors too."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def run(folder: Path, port: int) -> Iterator[Callable[[], Running]]:
    started: list[Running] = []

    def start() -> Running:
        started.append(Running(folder, port))
        return started[-1]

    yield start
    for running in started:
        running.end()


def test_it_serves_heals_stops_and_starts_again_within_five_seconds(run, folder):
    first = run()
    first.wait_until_served()
    assert first.status("/healthz") == 200

    workers = first.programs("celery -A config worker")
    wait_until(lambda: len(first.programs("celery -A config worker")) > 1)
    kill(first.programs("celery -A config worker"))
    kill(first.programs("celery -A config beat"))
    wait_until(lambda: set(first.programs("celery -A config worker")) - set(workers))
    wait_until(lambda: first.programs("celery -A config beat"))
    kill(processes_of(folder, "keeper postgres"))
    wait_until(lambda: first.status("/healthz") == 200 and processes_of(folder, "keeper postgres"))
    assert "Stopping" in first.end(signal.SIGINT)
    assert first.process.returncode == 0
    assert first.programs("celery") + first.programs("gunicorn") == []
    wait_until(lambda: not processes_of(folder))

    second = run()
    assert second.wait_until_served() < 5 * share_of_others()
    assert second.status("/healthz") == 200
    again = run()
    said = again.process.communicate(timeout=30)[0]
    assert f"Pilotage runs already on the data in {folder}, at http://127.0.0.1:{second.port}" in said
    assert again.process.returncode == 1

    wait_until(lambda: second.programs("celery -A config worker"))
    os.kill(second.process.pid, signal.SIGKILL)
    second.process.wait()
    wait_until(lambda: second.programs("celery") + second.programs("gunicorn") == [])
    wait_until(lambda: not processes_of(folder))


def test_a_busy_port_is_said_in_one_sentence(run, port):
    with socket.create_server(("127.0.0.1", port)):
        busy = run()
        said = busy.process.communicate(timeout=30)[0]
    assert busy.process.returncode == 1
    assert said.count("\n") == 1
    assert f"make run PORT={port + 1}" in said


class Readiness(BaseHTTPRequestHandler):
    """A web server whose jobs have not run for long."""

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(b'{"database": true, "broker": true, "disk": true, "scheduler": false}')

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def test_worker_and_scheduler_that_do_nothing_are_started_again(folder, port):
    supervisor = Run(port, folder)
    supervisor.services = [
        Service(name, ["sleep", "60"], folder, folder / f"{name}.log", dict(os.environ))
        for name in ("web", "worker", "scheduler")
    ]
    web, *jobs = supervisor.services
    for service in supervisor.services:
        service.start()
    before = [service.child.pid for service in supervisor.services]
    with ThreadingHTTPServer(("127.0.0.1", port), Readiness) as server:
        threading.Thread(target=server.serve_forever).start()
        supervisor._restart_if_silent(time.monotonic())
        assert [service.child.pid for service in supervisor.services] == before

        supervisor._restart_if_silent(time.monotonic() + SILENT_SECONDS + 1)
        assert web.child.pid == before[0]
        assert [job.child.pid for job in jobs] != before[1:]
        assert all(job.is_alive() for job in jobs)
        server.shutdown()
    supervisor.stop()
    assert not any(service.is_alive() for service in supervisor.services)


def test_a_program_that_keeps_dying_is_started_with_growing_pauses(folder):
    service = Service("worker", ["false"], folder, folder / "worker.log", dict(os.environ))
    service.start()
    pauses = []
    for _ in range(4):
        service.child.wait(5)
        now = time.monotonic()
        assert "starting it again" in service.tend(now)
        pauses.append(round(service.not_before - now, 2))
        assert service.tend(now) is None
        service.tend(service.not_before)
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    service.stop(5)
