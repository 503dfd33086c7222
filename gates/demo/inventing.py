"""Inventing synthetic pilots: pure, and the same for the same seed. Days are counted from today."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from gates.demo import words
from portfolio.states import LampState, Outcome, RiskClass, Stage, Visibility

T = TypeVar("T")

#: How many in a hundred stand where.
_STAGES = {
    Stage.DRAFT: 8,
    Stage.RUNNING: 30,
    Stage.AWAITING_DECISION: 14,
    Stage.SCALING: 7,
    Stage.IN_PRODUCTION: 14,
    Stage.RETIRED: 3,
    Stage.STOPPED: 19,
    Stage.RESEARCH: 5,
}
_RISKS = {RiskClass.LOW: 55, RiskClass.LIMITED: 33, RiskClass.HIGH: 12}
_RESULTS = {LampState.PASSED: 66, LampState.CONDITIONAL: 16, LampState.NOT_PASSED: 10, LampState.IN_REVIEW: 8}
_LAST_OUTCOME = {
    Stage.SCALING: Outcome.SCALE,
    Stage.IN_PRODUCTION: Outcome.SCALE,
    Stage.RETIRED: Outcome.SCALE,
    Stage.STOPPED: Outcome.STOP,
    Stage.RESEARCH: Outcome.RESEARCH,
}
#: When the last decision fell at the earliest and at the latest, for stages that one leads to.
_DECIDED = {
    Stage.SCALING: (-140, -5),
    Stage.IN_PRODUCTION: (-640, -170),
    Stage.RETIRED: (-700, -420),
    Stage.STOPPED: (-690, -4),
    Stage.RESEARCH: (-400, -10),
}


@dataclass(frozen=True)
class InventedGate:
    """A gate that was reviewed."""

    number: int
    result: LampState
    day: int


@dataclass(frozen=True)
class InventedRound:
    """A round; `decided` with its `outcome`, or still open."""

    opened: int
    starts: int | None
    planned_end: int | None
    due: int | None
    ended: int | None = None
    decided: int | None = None
    outcome: Outcome | None = None
    updates: tuple[tuple[int, str, str], ...] = ()
    gates: tuple[InventedGate, ...] = ()


@dataclass(frozen=True)
class InventedPilot:
    """A pilot with its whole history. `owner` and `unit` are numbers in lists of any length; -1 is nobody."""

    number: int
    title: str
    summary: str
    unit: int
    owner: int
    risk: RiskClass
    technology: str
    vendor: str
    monthly_cost: Decimal
    cost_so_far: Decimal
    visibility: Visibility
    stage: Stage
    proposed: int
    rounds: tuple[InventedRound, ...]
    launch_planned: int | None
    launched: int | None
    retired: int | None


def invent_pilot(*, seed: int, number: int) -> InventedPilot:
    """Invent pilot `number` of a seed; it does not depend on how many others are invented."""
    rng = random.Random(f"{seed}:{number}")  # noqa: S311  a story, not a secret
    stage = _one(rng, _STAGES)
    rounds = _rounds(rng, stage)
    decided = rounds[-1].decided
    launched = _launched(rng, stage, decided)
    task = f"{rng.choice(words.ACTIVITIES)} {rng.choice(words.OBJECTS)}"
    monthly = Decimal(rng.randrange(2, 96)) * 100
    return InventedPilot(
        number=number,
        title=f"{task} {rng.choice(words.PLACES)}",
        summary=_summary(rng, task),
        unit=rng.randrange(10_000),
        owner=-1 if rng.random() < 0.02 else rng.randrange(10_000),
        risk=_one(rng, _RISKS),
        technology=rng.choice(words.TECHNOLOGIES),
        vendor=rng.choice(words.VENDORS),
        monthly_cost=monthly,
        cost_so_far=monthly * rng.randrange(3, 28),
        visibility=Visibility.RESTRICTED if rng.random() < 0.05 else Visibility.OPEN,
        stage=stage,
        proposed=rounds[0].opened,
        rounds=tuple(rounds),
        launch_planned=None if decided is None else (launched or decided + 60) + rng.randrange(-20, 90),
        launched=launched,
        retired=rng.randrange(launched + 60, -3) if stage == Stage.RETIRED and launched else None,
    )


def _one(rng: random.Random, weights: dict[T, int]) -> T:
    return rng.choices(list(weights), list(weights.values()))[0]


def _summary(rng: random.Random, task: str) -> str:
    measure, unit, least, most = rng.choice(words.MEASURES)
    baseline = rng.randint(least, most)
    target = max(1, baseline * rng.randint(35, 80) // 100)
    return f"{task}, where a person did all of it before. It is to bring {measure} from {baseline} to {target} {unit}."


def _launched(rng: random.Random, stage: Stage, decided: int | None) -> int | None:
    if decided is None or stage not in {Stage.IN_PRODUCTION, Stage.RETIRED}:
        return None
    return decided + rng.randrange(30, 150)


def _rounds(rng: random.Random, stage: Stage) -> list[InventedRound]:
    """The rounds of a pilot, found backwards from where it stands today."""
    rounds: list[InventedRound] = []
    before = 0
    if stage in {Stage.DRAFT, Stage.RUNNING, Stage.AWAITING_DECISION}:
        rounds.append(_open_round(rng, stage))
        before = rounds[0].opened
    outcome = _LAST_OUTCOME.get(stage)
    if outcome:
        decided = rng.randint(*_DECIDED[stage])
        if outcome == Outcome.RESEARCH:
            rounds.append(_research_round(rng, decided))
        rounds.insert(0, _decided_round(rng, decided, outcome))
        before = rounds[0].opened
    if rng.random() < 0.2:
        earlier = _decided_round(rng, before, Outcome.REDESIGN)
        rounds.insert(0, earlier)
    return rounds


def _open_round(rng: random.Random, stage: Stage) -> InventedRound:
    if stage == Stage.DRAFT:
        return InventedRound(opened=-rng.randint(1, 200), starts=None, planned_end=None, due=None)
    if stage == Stage.RUNNING:
        starts = -rng.randint(5, 190)
        planned_end = starts + rng.randint(70, 210)
        ended, due = None, planned_end + rng.randint(7, 21)
    else:
        ended = -int(rng.triangular(2, 330, 15))
        starts = ended - rng.randint(60, 200)
        planned_end = max(starts, ended + rng.randint(-10, 10))
        due = ended + rng.randint(7, 21)
    last = ended if ended is not None else -1
    return InventedRound(
        opened=starts - rng.randint(10, 50),
        starts=starts,
        planned_end=planned_end,
        due=due,
        ended=ended,
        updates=_updates(rng, starts, last),
        gates=_gates(rng, starts, last, most=3 if ended is None else 6),
    )


def _decided_round(rng: random.Random, decided: int, outcome: Outcome) -> InventedRound:
    """A round that was decided on a day, often some time after the decision was due."""
    due = decided - max(-10, int(rng.gauss(18, 30)))
    ended = min(decided - 1, due - rng.randint(7, 21))
    starts = ended - rng.randint(60, 200)
    return InventedRound(
        opened=starts - rng.randint(10, 50),
        starts=starts,
        planned_end=max(starts, ended + rng.randint(-10, 10)),
        due=due,
        ended=ended,
        decided=decided,
        outcome=outcome,
        updates=_updates(rng, starts, ended),
        gates=_gates(rng, starts, ended, most=6),
    )


def _research_round(rng: random.Random, decided: int) -> InventedRound:
    review = decided + rng.randint(120, 365)
    return InventedRound(
        opened=decided,
        starts=decided,
        planned_end=review,
        due=review,
        updates=_updates(rng, decided + 1, -1),
    )


def _updates(rng: random.Random, starts: int, last: int) -> tuple[tuple[int, str, str], ...]:
    """A status update every month or so; one round in five falls silent on the way."""
    updates: list[tuple[int, str, str]] = []
    day = starts + rng.randint(10, 35)
    blocks = ""
    while day < last and len(updates) < 6:
        if rng.random() < 0.12:
            break
        if rng.random() < 0.5:
            blocks = rng.choice(("", *words.BLOCKS))
        updates.append((day, rng.choice(words.MOVED), blocks))
        day += rng.randint(22, 50)
    return tuple(updates)


def _gates(rng: random.Random, starts: int, last: int, *, most: int) -> tuple[InventedGate, ...]:
    numbers = sorted(rng.sample(range(1, 7), rng.randint(0, most)))
    return tuple(
        InventedGate(number, _one(rng, _RESULTS), rng.randint(min(starts + 15, last), last)) for number in numbers
    )
