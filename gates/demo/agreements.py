"""What the open rounds of synthetic pilots agreed to, measured, showed and put off: what drift rules ask about.

Decided rounds have none of it, as their snapshots say. The same pilot has the same facts, whatever is loaded beside it.
Nothing is saved here, and the trail tells only who was named.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from gates.demo import words
from gates.demo.inventing import InventedRound
from gates.demo.stories import Story
from gates.models import Condition, Custody, Deferral, Evidence, EvidenceUse
from gates.states import EvidenceKind, Holder, UseChange
from portfolio.models import (
    Assignment,
    BusinessCase,
    Contract,
    Diagnosis,
    Intervention,
    Measurement,
    Round,
    SuccessCriterion,
)
from portfolio.states import (
    CaseState,
    Commitment,
    Confidence,
    DataUsed,
    Direction,
    Involvement,
    LampState,
    MetricKind,
    Origin,
    Outcome,
    Part,
    Purpose,
    RoundState,
    Stage,
    TimelineClass,
)
from portfolio.stuck import ClinicAnswer, StuckPattern

#: Parts that most pilots have somebody for, beside owner and sponsor.
_PARTS = (
    Part.PRODUCTION_OWNER, Part.IT_PARTNER, Part.PROCESS_OWNER, Part.QUALITY_REVIEWER, Part.USING_TEAM_SPONSOR,
)  # fmt: skip
_YES, _NO = ClinicAnswer.YES.value, ClinicAnswer.NO.value
_UNDER_WAY = (RoundState.RUNNING, RoundState.AWAITING_DECISION)


def chance_of(story: Story, what: str) -> random.Random:
    """The dice of a pilot for one kind of fact, so that a new kind changes none of the others."""
    return random.Random(f"{what}:{story.invented.number}:{story.invented.title}")  # noqa: S311  a story, not a secret


def under_way(story: Story) -> tuple[InventedRound, Round] | None:
    """The round that has begun and is undecided, unless it is one of research."""
    told, row = story.rounds[-1]
    begun = row.state in _UNDER_WAY and row.purpose != Purpose.RESEARCH
    return (told, row) if begun else None


def name_more_people(story: Story) -> None:
    """Draw up who holds the further parts of a pilot that is under way; here and there nobody does."""
    if story.invented.stage not in {Stage.RUNNING, Stage.AWAITING_DECISION, Stage.SCALING}:
        return
    rng, since = chance_of(story, "people"), story.day(story.invented.proposed)
    begun = under_way(story)
    for part in _PARTS:
        if rng.random() < 0.85:
            person = rng.choice(story.scene.crowd.owners)
            late = part == Part.IT_PARTNER and begun is not None and rng.random() < 0.05
            came = begun[1].starts_on + timedelta(days=1) if late and begun and begun[1].starts_on else since
            if person.is_active and person not in {story.owner, story.sponsor}:
                story.assignments.append(Assignment(pilot=story.pilot, person=person, part=part, since=came))


def agree(story: Story, row: Round) -> tuple[Contract, list[SuccessCriterion]]:
    """Draw up the contract of a round that is saved as a draft yet, with its criteria; one in three has gaps."""
    rng = chance_of(story, "contract")
    careless = rng.random() < 0.33
    answers = {
        name: "" if careless and rng.random() < 0.2 else value for name, value in words.CONTRACT.items()
    }  # fmt: skip
    contract = Contract(
        round=row,
        commitment="" if careless and rng.random() < 0.2 else Commitment.YES,
        committed_by=str(story.sponsor),
        commitment_budget=story.invented.monthly_cost * 24,
        data_used="" if careless and rng.random() < 0.1 else rng.choice(DataUsed.values),
        users_involved_in=[] if careless and rng.random() < 0.2 else [Involvement.TESTING],
        **answers,
    )
    return contract, list(_criteria(row, rng, careless=careless))


def _criteria(row: Round, rng: random.Random, *, careless: bool) -> Iterator[SuccessCriterion]:
    if careless and rng.random() < 0.05:
        return
    kinds = [MetricKind.MODEL if careless and rng.random() < 0.1 else MetricKind.BUSINESS, MetricKind.ACTIVITY]
    for number, kind in enumerate(kinds[: rng.randint(1, 2)], start=1):
        metric, unit, least, most = rng.choice(words.MEASURES)
        baseline = Decimal(rng.randint(least, most))
        yield SuccessCriterion(
            round=row,
            number=number,
            metric=metric[:1].upper() + metric[1:],
            unit=unit,
            kind=kind,
            direction=Direction.LOWER,
            baseline=None if careless and rng.random() < 0.3 else baseline,
            target=None if careless and rng.random() < 0.1 else baseline * 3 / 5,
            measured_by=row.planned_end,
        )


def measure(story: Story, criteria: list[SuccessCriterion], told: InventedRound) -> Iterator[Measurement]:
    """Draw up a value for each status update; one criterion in four was never measured."""
    rng = chance_of(story, "measurements")
    for criterion in criteria:
        if rng.random() < 0.25:
            continue
        value = criterion.baseline or Decimal(50)
        for day, _, _ in told.updates:
            value = (value * Decimal(rng.randint(85, 102)) / 100).quantize(Decimal("0.01"))
            yield Measurement(
                criterion=criterion, on=story.day(day), value=value, origin=Origin.ENTERED, at=story.at(day, 3),
                recorded_by=story.keeper,
            )  # fmt: skip


def show(story: Story, row: Round) -> Iterator[tuple[Evidence, EvidenceUse]]:
    """Draw up one note for each gate of a round that was reviewed; one in five counts no more."""
    rng = chance_of(story, "evidence")
    for gate, review in story.reviews:
        if review.round is not row or rng.random() < 0.3:
            continue
        lasts = rng.randint(-60, 240) if rng.random() < 0.6 else None
        piece = Evidence(
            pilot=story.pilot,
            kind=EvidenceKind.NOTE,
            title=f"What was seen for gate {gate.number}",
            note=rng.choice(words.MOVED),
            valid_until=None if lasts is None else story.scene.calendar.day(max(lasts, gate.day + 1)),
            added_by=story.keeper,
            at=story.at(gate.day),
        )
        criterion = story.scene.gates[gate.number - 1][1][0]
        yield piece, EvidenceUse(
            evidence=piece, criterion=criterion, round=row, change=UseChange.BEGUN, by=story.keeper,
            at=story.at(gate.day),
        )  # fmt: skip


def hold(story: Story) -> Iterator[Custody]:
    """Draw up who has each gate in hand: reviewers, or the owner of one that was opened again."""
    for gate, review in story.reviews:
        if review.state == LampState.IN_REVIEW:
            yield Custody(review=review, holder=Holder.REVIEWERS, since=review.opened_at, given_by=story.owner)
        elif review.state == LampState.REOPENED:
            since = story.at(gate.day + 1)
            yield Custody(review=review, holder=Holder.OWNER, since=since, reason="Evidence has expired.")


def put_off(story: Story, told: InventedRound, row: Round) -> Iterator[Deferral]:
    """Draw up how the decision was put off: once to three times, for one late round in six."""
    rng, house = chance_of(story, "deferrals"), story.scene.crowd.house
    if told.due is None or told.due > -20 or rng.random() > 0.17:
        return
    day = told.due
    for number in range(1, rng.randint(1, 3) + 1):
        until = day + rng.randint(10, 40)
        if day >= -1:
            return
        yield Deferral(
            round=row, number=number, reason=rng.choice(words.PUT_OFF), owner=story.owner or house.secretary,
            since=story.scene.calendar.day(day), until=story.scene.calendar.day(until), at=story.at(day, 4),
            by=house.chair,
        )  # fmt: skip
        day = until


def attach_conditions(story: Story) -> Iterator[Condition]:
    """Draw up a condition for four in ten decisions to scale that are being carried out."""
    rng, house = chance_of(story, "conditions"), story.scene.crowd.house
    for decision in story.decisions:
        if decision.outcome != Outcome.SCALE or story.invented.stage != Stage.SCALING or rng.random() > 0.4:
            continue
        met = decision.recorded_at + timedelta(days=3) if rng.random() < 0.4 else None
        done: dict[str, Any] = {} if met is None else {
            "met_at": met, "met_by": story.keeper, "proof": "Seen in the file.", "accepted_at": met,
            "accepted_by": house.chair,
        }  # fmt: skip
        yield Condition(
            decision=decision, text=rng.choice(words.CONDITIONS), owner=story.keeper,
            due=decision.decided_on + timedelta(days=rng.randint(20, 120)), set_at=decision.recorded_at,
            set_by=house.chair, **done,
        )  # fmt: skip


def calculate(story: Story) -> BusinessCase | None:
    """Draw up the submitted business case of three in four pilots that scale, as far as it says how long that takes."""
    rng = chance_of(story, "case")
    if story.invented.stage != Stage.SCALING or rng.random() > 0.75:
        return None
    decided = story.decisions[-1].recorded_at
    return BusinessCase(
        pilot=story.pilot, number=1, state=CaseState.SUBMITTED, timeline_class=rng.choice(TimelineClass.values),
        created_at=decided - timedelta(days=9), created_by=story.keeper,
        submitted_at=decided - timedelta(days=8), submitted_by=story.keeper,
    )  # fmt: skip


def look_into(story: Story, row: Round) -> Diagnosis | None:
    """Draw up why one in eight pilots under way is stuck."""
    rng = chance_of(story, "clinic")
    if rng.random() > 0.12:
        return None
    held = rng.sample(StuckPattern.values, rng.randint(0, 3))
    patterns = [value for value in StuckPattern.values if value in held]
    return Diagnosis(
        pilot=story.pilot,
        round=row,
        by=story.keeper,
        at=story.at(-rng.randint(3, 60), 5),
        answers={
            value: {"answer": _NO if value in held else _YES, "note": "", "file": "", "says": []}
            for value in StuckPattern.values
        },
        patterns=patterns,
        binding=patterns[0] if patterns else "",
    )


def act_on(story: Story, diagnosis: Diagnosis) -> Intervention | None:
    """Draw up what is done against the first pattern of every other diagnosis."""
    rng = chance_of(story, "intervention")
    if not diagnosis.patterns or rng.random() < 0.5:
        return None
    return Intervention(
        pilot=story.pilot, diagnosis=diagnosis, pattern=diagnosis.patterns[0], text=rng.choice(words.CONDITIONS),
        owner=story.keeper, due=diagnosis.at.date() + timedelta(days=rng.randint(7, 60)), started_at=diagnosis.at,
        started_by=story.keeper,
    )  # fmt: skip


def outlook(story: Story) -> None:
    """Let status updates say how sure their writers are and when it will scale; old ones were not asked."""
    rng = chance_of(story, "outlook")
    sure = [Confidence.GOING_WELL] * 5 + [Confidence.UNSURE] * 2 + [Confidence.IN_DOUBT] * 2
    mood, silent = rng.choice(sure), rng.random() < 0.3
    for update in story.updates:
        if rng.random() < 0.3:
            mood = rng.choice(sure)
        update.confidence = mood
        update.scale_when = "" if silent else rng.choice(words.SCALE_WHEN)


def open_again(story: Story, row: Round) -> None:
    """Let one passed gate in twenty of a round that is under way be open again."""
    rng = chance_of(story, "reopened")
    for gate, review in story.reviews:
        if review.round is row and review.state == LampState.PASSED and gate.day < -1 and rng.random() < 0.05:
            review.state, review.concluded_at, review.concluded_by = LampState.REOPENED, None, None
