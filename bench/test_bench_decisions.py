"""Promise 6, in full: 500 rounds decided, and 500 votes ended, by two hands at once. `BENCH_ROUNDS` for fewer."""

import os
import time

import pytest

from tests.gates.races.racing import closed_once, decided_once

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "500"))


@pytest.mark.django_db(transaction=True)
def test_two_hands_decide_five_hundred_rounds(cast, today, now) -> None:
    began = time.perf_counter()
    decided_once(cast, ROUNDS, today=today, now=now)
    print(f"\n{ROUNDS} rounds, two hands on each: one decision each, in {time.perf_counter() - began:.1f} s.")


@pytest.mark.django_db(transaction=True)
def test_two_hands_end_five_hundred_votes(cast, today, now) -> None:
    began = time.perf_counter()
    closed_once(cast, ROUNDS, today=today, now=now)
    print(f"\n{ROUNDS} votes, the last two at once: each closed once, in {time.perf_counter() - began:.1f} s.")
