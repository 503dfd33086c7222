"""The audit trail of synthetic pilots: what the verbs would have recorded, in the same words."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import models

from accounts.models import User
from audit.recording import Happening, reference
from gates.demo.inventing import InventedRound
from gates.demo.stories import Story
from gates.states import CONCLUSIONS
from portfolio.models import Round
from portfolio.states import LampState, Outcome, Part, Purpose, RoundState


def trace(story: Story) -> Iterator[Happening]:
    """Everything that happened to a saved story, in no order."""
    yield from _beginning(story)
    for told, row in story.rounds:
        yield from _round(story, told, row)
    for update in story.updates:
        yield _happening(story, story.keeper, "portfolio.status.reported", update, update.at)
    yield from _reviews(story)
    for decision in story.decisions:
        yield _happening(
            story,
            story.scene.crowd.house.chair,
            "gates.decision.recorded",
            decision,
            decision.recorded_at,
            number=decision.number,
            outcome=Outcome(decision.outcome).label.lower(),
            snapshot_sha256=decision.snapshot_sha256,
        )
    yield from _after(story)


def _happening(story: Story, actor: User, kind: str, subject: models.Model, at: datetime, **data: Any) -> Happening:
    return Happening(at, actor.ref, kind, reference(subject), story.pilot.scope, data)


def _beginning(story: Story) -> Iterator[Happening]:
    proposed, pilot = story.invented.proposed, story.pilot
    yield _happening(
        story,
        story.keeper,
        "portfolio.pilot.proposed",
        pilot,
        story.at(proposed),
        title=pilot.title,
        code=pilot.code,
    )
    for assignment in story.assignments:
        yield _happening(
            story,
            story.keeper,
            "portfolio.part.assigned",
            assignment,
            story.at(proposed),
            part=Part(assignment.part).label.lower(),
            person=assignment.person.ref,
            since=assignment.since,
        )


def _round(story: Story, told: InventedRound, row: Round) -> Iterator[Happening]:
    chair = story.scene.crowd.house.chair
    if row.number > 1:
        yield _happening(
            story,
            chair,
            "portfolio.round.opened",
            row,
            story.at(told.opened, 2),
            number=row.number,
            purpose=str(row.purpose),
            decision_due=row.decision_due,
        )
    if told.starts is not None and row.purpose != Purpose.RESEARCH:
        yield _happening(
            story,
            story.keeper,
            "portfolio.round.started",
            row,
            story.at(told.starts),
            number=row.number,
            starts_on=row.starts_on,
            planned_end=row.planned_end,
            decision_due=row.decision_due,
        )
    if told.ended is not None:
        yield _happening(
            story,
            story.keeper,
            "portfolio.round.ended",
            row,
            story.at(told.ended),
            number=row.number,
            ended_on=row.ended_on,
        )
    if row.state == RoundState.DECIDED and told.decided is not None:
        at = story.at(told.decided, 2)
        yield _happening(story, chair, "portfolio.round.closed", row, at, number=row.number)


def _reviews(story: Story) -> Iterator[Happening]:
    for _, review in story.reviews:
        yield _happening(story, story.keeper, "gates.review.opened", review, review.opened_at, gate=review.gate.title)
        if review.state in CONCLUSIONS and review.concluded_at and review.concluded_by:
            yield _happening(
                story,
                review.concluded_by,
                "gates.review.concluded",
                review,
                review.concluded_at,
                gate=review.gate.title,
                state=LampState(review.state).label.lower(),
                conclusion=review.conclusion,
            )
    for assessment in story.assessments:
        if assessment.assessor:
            yield _happening(
                story,
                assessment.assessor,
                "gates.criterion.assessed",
                assessment.review,
                assessment.at,
                criterion=f"{assessment.review.gate.number}.{assessment.criterion.number}",
                finding=str(assessment.finding),
            )


def _after(story: Story) -> Iterator[Happening]:
    pilot = story.pilot
    if story.invented.launched is not None:
        at = story.at(story.invented.launched)
        yield _happening(story, story.keeper, "portfolio.pilot.launched", pilot, at, launched_on=pilot.launched_on)
    if story.invented.retired is not None:
        at = story.at(story.invented.retired)
        yield _happening(story, story.keeper, "portfolio.pilot.retired", pilot, at, retired_on=pilot.retired_on)
