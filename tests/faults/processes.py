"""The product's own processes, started for tests on the test's database, and a broker that may be ill-treated."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import redis
from celery import Celery
from django.db import connection

from config.embedded import broker_url, programs
from config.embedded.children import leave_with_parent
from config.embedded.identity import Identity

CHECKOUT = Path(__file__).resolve().parents[2]


def wait_until(holds: Callable[[], Any], *, seconds: float = 20.0, what: str = "it") -> None:
    """Wait until something holds; fail the test where it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not come in {seconds:.0f} s"
        time.sleep(0.01)


def database_url() -> str:
    """The address of the database that the test uses."""
    parts = connection.settings_dict
    return f"postgresql://{quote(parts['USER'])}@/{parts['NAME']}?host={quote(parts['HOST'], safe='')}" + (
        f"&port={parts['PORT']}" if parts["PORT"] else ""
    )


class Broker:
    """A Valkey of the test's own, which it may stop, hang and kill. It has no data folder, so it forgets."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "broker.sock"
        self.url = f"unix://{quote(str(self.socket))}?db=0"
        self._program = programs.valkey(Identity("ourselves", os.geteuid(), os.getegid()))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, empty."""
        self._process = subprocess.Popen(
            [self._program, "--port", "0", "--unixsocket", self.socket, "--save", "", "--loglevel", "warning"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=leave_with_parent(os.getpid(), signal.SIGKILL),  # noqa: PLW1509  only asks the kernel
        )
        wait_until(self.answers, what="the broker")

    def answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url, socket_timeout=0.2) as client:
            return bool(client.ping())
        return False

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def hang(self) -> None:
        """Let it accept connections and say nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it speak again."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, with all that it knows."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


class Worker:
    """A Celery worker as the product runs it, a process group of its own, listening to one queue."""

    def __init__(self, folder: Path, broker: Broker, *, mail_server: str, queue: str = "celery") -> None:
        self.queue = queue
        self.log = folder / f"{queue}.log"
        self._broker = broker
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": broker.url,
            "EMAIL_URL": mail_server,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1"),
                    *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
                    *("--queues", queue, "--hostname", f"{queue}@test"),
                ],
                cwd=CHECKOUT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=leave_with_parent(os.getpid(), signal.SIGKILL),  # noqa: PLW1509  only asks the kernel
            )

    def wait_ready(self) -> "Worker":
        wait_until(lambda: f"{self.queue}@test ready" in self.log.read_text(), seconds=60, what=f"worker {self.queue}")
        return self

    def ring(self, task: str) -> None:
        """Ring for a job of this worker, as beat does."""
        with Celery("rings", broker=broker_url(self._broker.url), set_as_current=False) as app:
            app.send_task(task, queue=self.queue, ignore_result=True, retry=False)

    def kill(self) -> None:
        """Kill -9 for all of its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def own_broker(folder: Path) -> Iterator[Broker]:
    broker = Broker(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()
