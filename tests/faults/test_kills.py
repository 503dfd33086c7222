"""Promise 1: workers killed with -9 in the middle of their work lose nothing.

In the suite a few kills; `make bench` does two hundred.
"""

import pytest

from tests.faults.figures import tell
from tests.faults.killing import kill_naive_senders, kill_workers
from tests.faults.processes import own_broker
from tests.faults.sink import Sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


@pytest.fixture
def sink():
    with Sink(delay=0.02) as server:
        yield server


@pytest.fixture
def broker(tmp_path):
    with own_broker(tmp_path) as running:
        yield running


def test_workers_killed_while_they_send_lose_nothing(sink, broker, tmp_path):
    toll = kill_workers(sink, broker, tmp_path, mails=100, kills=4, seed=1)
    tell(toll)
    assert (toll.lost, toll.doubled_as_new) == (0, 0)
    assert toll.doubled <= toll.kills
    assert toll.in_flight >= toll.kills // 3, "the kills must strike while mails are under way to prove anything"


def test_a_sender_that_marks_afterwards_doubles(sink):
    toll = kill_naive_senders(sink, manner="send-then-mark", mails=60, kills=2)
    tell(f"Control, send then mark: {toll}")
    assert toll.lost == 0
    assert toll.doubled > toll.kills


def test_a_sender_that_marks_before_loses(sink):
    toll = kill_naive_senders(sink, manner="mark-then-send", mails=60, kills=1)
    tell(f"Control, mark then send: {toll}")
    assert toll.lost > 0
