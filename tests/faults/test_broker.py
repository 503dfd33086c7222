"""Promise 2: a broker that hangs, is gone or comes back empty slows no page, shows no error and loses nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from accounts.models import Mail
from accounts.states import MailState
from tests.faults.figures import tell
from tests.faults.killing import queue_mails
from tests.faults.processes import CHECKOUT, Broker, Worker, database_url, own_broker, wait_until
from tests.faults.sink import Sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

#: Saves in each state of the broker; `make bench-faults` asks for more.
SAVES = int(os.environ.get("BENCH_SAVES", "20"))


class Pages:
    """A process that saves pages as the web server does."""

    def __init__(self, broker: Broker, administrator) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.saving", str(administrator.pk)],
            cwd=CHECKOUT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
                "DATABASE_URL": database_url(),
                "REDIS_URL": broker.url,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, line: str) -> dict:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def save(self) -> list[float]:
        """Save pages; fail the test where one shows an error. Returns the seconds of each."""
        answer = self.ask(f"save {SAVES}")
        assert answer["answers"] == [302] * SAVES
        return sorted(answer["seconds"])

    def close(self) -> None:
        self.process.communicate(timeout=20)


@pytest.fixture
def broker(tmp_path) -> Iterator[Broker]:
    with own_broker(tmp_path) as running:
        yield running


@pytest.fixture
def pages(cast, broker) -> Iterator[Pages]:
    queue_mails(4 * SAVES)
    Mail.objects.update(state=MailState.FAILED)
    asked = Pages(broker, cast.administrator)
    yield asked
    asked.close()


def test_pages_save_at_once_whatever_ails_the_broker(pages, broker, tmp_path):
    pages.save()  # the first posts fill caches
    normal = pages.save()

    broker.hang()
    hung = pages.save()
    control = pages.ask("ring")
    broker.go_on()

    broker.kill()
    gone = pages.save()

    for name, seconds in (("well", normal), ("hung", hung), ("gone", gone)):
        tell(f"Broker {name}: {SAVES} saves, median {median(seconds):.3f} s, slowest {seconds[-1]:.3f} s.")
    tell(f"Control, a message from within the page while it hangs: {control['seconds']:.1f} s.")
    for ill in (hung, gone):
        assert median(ill) - median(normal) < 0.2
        assert ill[-1] < normal[-1] + 0.3
    assert control["seconds"] > 0.5, "the negative control: a message sent from within the page waits for the broker"
    assert control["error"]
    assert Mail.objects.filter(state=MailState.QUEUED).count() == 4 * SAVES


def test_what_was_saved_meanwhile_is_done_when_the_broker_is_back(cast, broker, tmp_path: Path):
    with Sink() as sink:
        worker = Worker(tmp_path, broker, mail_server=sink.url)
        try:
            worker.wait_ready()
            broker.hang()
            queue_mails(3)
            with pytest.raises(AssertionError):
                wait_until(lambda: sink.received, seconds=1)
            broker.go_on()
            worker.ring("mail.deliver")
            assert sink.wait_for(3, seconds=30)

            broker.kill()
            queue_mails(3)
            broker.start()  # empty: whatever was rung before is forgotten
            worker.ring("mail.deliver")
            assert sink.wait_for(6, seconds=60)
            wait_until(lambda: not Mail.objects.exclude(state=MailState.SENT).exists(), seconds=5)
        finally:
            worker.kill()
