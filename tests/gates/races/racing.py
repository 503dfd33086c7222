"""Two hands on the same rounds at the same moment: what the races here and their long form in bench/ are made of."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from audit.verifying import verify
from gates.models import Committee, Decision, Proposal, Vote
from gates.states import MajorityRule, VoteChoice
from gates.voting import cast_vote, recuse
from portfolio.models import Pilot, Round, Standing
from portfolio.standing import keep_facts
from portfolio.states import Outcome, RoundState, Stage
from tests.gates.deciding_for import decide, put_to_vote

KIND = (StaleError, RefusedError)
#: What the two hands want, round by round; the next round that two of these open must not be decided by mistake.
MINDS = ((Outcome.STOP, Outcome.RESEARCH), (Outcome.RESEARCH, Outcome.RESEARCH), (Outcome.REDESIGN, Outcome.SCALE))


def undecided(cast, count, *, today) -> list[Pilot]:
    """Pilots whose round awaits its decision, made at once: the verbs that lead there are not what is raced."""
    pilots = Pilot.objects.bulk_create(
        Pilot(
            code=f"R-{number:04d}", title=f"Race {number}", unit=cast.unit, committee_slug=cast.committee.slug,
            stage=Stage.AWAITING_DECISION,
        )
        for number in range(count)
    )  # fmt: skip
    Round.objects.bulk_create(
        Round(
            pilot=pilot, number=1, state=RoundState.AWAITING_DECISION, starts_on=today, planned_end=today,
            decision_due=today, version=3,
        )
        for pilot in pilots
    )  # fmt: skip
    keep_facts(None, zone="Europe/Paris")
    return pilots


def race(things, act: Callable[[Any, int, int], object]) -> list[tuple[object, object]]:
    """Let two threads `act` on each of `things` at the same moment; return what came of both, or the error."""
    together = threading.Barrier(2, timeout=60)

    def hand(which: int) -> list[object]:
        outcomes: list[object] = []
        for number, thing in enumerate(things):
            together.wait()
            try:
                outcomes.append(act(thing, number, which))
            except Exception as error:  # noqa: BLE001  what comes out is what is counted
                outcomes.append(error)
        connection.close()
        return outcomes

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(hand, (0, 1))
    return list(zip(first, second, strict=True))


def decided_once(cast, count, *, today, now) -> None:
    """Let two hands decide `count` rounds; each has one decision, and the loser is told kindly."""
    pilots = undecided(cast, count, today=today)

    def act(pilot, number, which):
        mind = MINDS[number % len(MINDS)][which]
        return decide(cast, pilot, mind, today=today, now=now, seen=3, seen_round=1)

    pairs = race(pilots, act)

    kinds = Counter(tuple(sorted(type(one).__name__ for one in pair)) for pair in pairs)
    assert set(kinds) <= {("Decision", kind.__name__) for kind in KIND}
    assert sum(kinds.values()) == count
    assert Decision.objects.count() == count
    assert set(Decision.objects.values_list("number", flat=True)) == {f"D-2026-{n:03d}" for n in range(1, count + 1)}
    assert Round.objects.filter(state=RoundState.DECIDED).count() == count
    assert not Round.objects.filter(number__gt=2).exists()
    assert Event.objects.filter(kind="gates.decision.recorded").count() == count
    assert Standing.objects.exclude(last_outcome="").count() == count
    assert list(verify()) == []


def voted(cast, count, *, today, now) -> list[tuple[object, object]]:
    """Let Bob and Carol be the last to vote on `count` proposals, at once; Carol keeps out of each second one."""
    Committee.objects.update(majority_rule=MajorityRule.SIMPLE, quorum=1)
    proposals = [put_to_vote(cast, pilot, today=today, now=now) for pilot in undecided(cast, count, today=today)]

    def act(proposal, number, which):
        when = {"today": today, "now": now}
        if which and number % 2:
            return recuse(actor=cast.carol, proposal=proposal, reason="My sister sells it.", **when)
        person = cast.carol if which else cast.bob
        return cast_vote(actor=person, proposal=proposal, choice=VoteChoice.FOR, reason="", **when)

    return race(proposals, act)


def closed_once(cast, count, *, today, now) -> None:
    """Let two hands end `count` votes; each closes once, with what both said."""
    pairs = voted(cast, count, today=today, now=now)
    assert [pair for pair in pairs if any(isinstance(one, Exception) for one in pair)] == []
    assert not Proposal.objects.open().exists()
    assert Event.objects.filter(kind="gates.proposal.closed").count() == count
    counted = Proposal.objects.order_by("pk").values_list("result", "count__for_", "count__entitled")
    assert list(counted) == [("carried", 2, 2), ("carried", 1, 1)] * (count // 2)
    assert Vote.objects.count() == count * 3 // 2
    assert list(verify()) == []
