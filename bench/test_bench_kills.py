"""Promise 1, in full: 200 kills of the worker group inside digests to 100 people each. `BENCH_KILLS` for fewer."""

import os
from pathlib import Path

import pytest

from accounts.models import Mail
from tests.faults.killing import Toll, kill_workers
from tests.faults.processes import own_broker
from tests.faults.sink import Sink

KILLS = int(os.environ.get("BENCH_KILLS", "200"))
PER_DIGEST = 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.processes
def test_two_hundred_kills(tmp_path: Path) -> None:
    tolls: list[Toll] = []
    for seed in range(KILLS // PER_DIGEST):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with Sink(delay=0.02) as sink, own_broker(folder) as broker:
            tolls.append(kill_workers(sink, broker, folder, mails=100, kills=PER_DIGEST, seed=seed))
        Mail.objects.all().delete()
        print(tolls[-1])
    total = {
        name: sum(getattr(toll, name) for toll in tolls)
        for name in ("kills", "in_flight", "lost", "doubled", "doubled_as_new")
    }
    print(total)
    assert (total["lost"], total["doubled_as_new"]) == (0, 0)
    assert total["doubled"] <= total["kills"]
