"""Killing senders in the middle of a digest: the product's worker, and two naive ones for comparison."""

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from accounts.mailing import drafted, enqueue_all
from accounts.models import Mail
from accounts.states import MailKind, MailState
from tests.faults.processes import CHECKOUT, Broker, Worker, database_url, wait_until
from tests.faults.sink import Sink


@dataclass(frozen=True)
class Toll:
    """What killing came to."""

    kills: int
    #: Kills that struck while a mail was under way.
    in_flight: int
    lost: int
    #: Copies beyond the first.
    doubled: int
    #: Of these, copies that carry another Message-ID than the first.
    doubled_as_new: int


def queue_mails(count: int) -> None:
    """A digest to that many people, each with an address of their own."""
    now = datetime.now(UTC)
    enqueue_all(
        [
            drafted(
                kind=MailKind.DIGEST,
                recipient=None,
                to_address=f"person-{number}@example.org",
                subject="3 pilots wait for a decision",
                text="Three wait.",
                now=now,
            )
            for number in range(count)
        ]
    )


def kill_workers(sink: Sink, broker: Broker, folder: Path, *, mails: int, kills: int, seed: int) -> Toll:
    """Deliver `mails` by workers of which `kills` are killed with -9 while they send; the last one ends the work."""
    chance = random.Random(seed)
    queue_mails(mails)
    in_flight = 0
    step = max(1, mails // (kills + 1))
    following = Worker(folder, broker, mail_server=sink.url, queue="worker-0")
    try:
        for kill in range(kills):
            worker = following.wait_ready()
            following = Worker(folder, broker, mail_server=sink.url, queue=f"worker-{kill + 1}")
            worker.ring("mail.deliver")
            assert sink.wait_for(len(sink.received) + chance.randint(2, step - 1))
            if kill % 2:  # at any moment; else at once, before the server has answered for what it has
                pause(chance.uniform(0, 3 * sink.delay))
            worker.kill()
            in_flight += Mail.objects.filter(state=MailState.SENDING).exists()
        following.wait_ready()
        _finish(following)
    finally:
        following.kill()
    return toll(sink, mails=mails, kills=kills, in_flight=in_flight)


def _finish(worker: Worker) -> None:
    """Ring each time when what is claimed by the dead may be claimed again, until nothing waits."""

    def all_sent() -> bool:
        if not Mail.objects.exclude(state=MailState.SENT).exists():
            return True
        worker.ring("mail.deliver")
        pause(0.25)
        return False

    wait_until(all_sent, seconds=60, what="the rest of the mails")


def kill_naive_senders(sink: Sink, *, manner: str, mails: int, kills: int) -> Toll:
    """The same for a sender that marks all mails as sent before, or after, it sends them."""
    queue_mails(mails)
    for kill in range(kills + 1):
        sender = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.naive", manner, "127.0.0.1", str(sink.port)],
            cwd=CHECKOUT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "DATABASE_URL": database_url()},
        )
        if kill < kills:
            sink.wait_for(len(sink.received) + mails // (kills + 1), seconds=5)
            sender.kill()
        sender.wait(60)
    return toll(sink, mails=mails, kills=kills, in_flight=kills)


def toll(sink: Sink, *, mails: int, kills: int, in_flight: int) -> Toll:
    """Hold what arrived against what was to arrive."""
    copies = Counter(received.recipient for received in sink.received)
    names: dict[str, str] = {}
    as_new = 0
    for received in sink.received:
        as_new += names.setdefault(received.recipient, received.message_id) != received.message_id
    return Toll(
        kills=kills,
        in_flight=in_flight,
        lost=mails - len(copies),
        doubled=sum(copies.values()) - len(copies),
        doubled_as_new=as_new,
    )


def pause(seconds: float) -> None:
    """Do nothing for a moment."""
    threading.Event().wait(seconds)
