"""Talk about a criterion, and returning a gate to its owner."""

from datetime import date, datetime

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.custody import hand_custody
from gates.models import Comment, Criterion, GateReview, ReviewRequest
from gates.permissions import functions_of
from gates.queries import criteria_of
from gates.readiness import closed_obstacles
from gates.reviewing import locked_review, open_review
from gates.standing import keep_judgements
from gates.states import Holder, RequestEnd
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.permissions import has_part, may_edit
from portfolio.states import LampState


@verb
def comment_on_criterion(
    *, actor: User, pilot: Pilot, criterion: Criterion, text: str, today: date, now: datetime
) -> Comment:
    """Add a turn to the talk about a criterion: by the people of the file, and by reviewers without a part."""
    review = open_review(actor=actor, pilot=pilot, gate_slug=criterion.gate.slug, now=now, state=LampState.PREPARING)
    obstacles = closed_obstacles(review) + talk_obstacles(actor, pilot, today)
    if not text.strip():
        obstacles.append(Obstacle("text", "Write what you want to say.", "you"))
    refuse_any(obstacles)
    comment = Comment.objects.create(review=review, criterion=criterion, text=text.strip(), author=actor, at=now)
    label = f"{review.gate.number}.{criterion.number}"
    note(actor, "gates.criterion.discussed", review, now=now, scope=pilot.scope, criterion=label)
    return comment


@verb
def return_review(
    *, actor: User, review: GateReview, reason: str, seen: int | None, today: date, now: datetime
) -> GateReview:
    """Return a gate to its owner with a reason: the reviewers' time stops, the owner's begins.

    Refuses a gate that is not in review, people who review for none of its functions or have a part in the pilot.
    """
    pilot = locked_pilot(review.round.pilot)
    review = locked_review(review)
    compare_and_step(review, seen)
    obstacles = return_obstacles(actor, pilot, review, today)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say what the owner has to do before it comes back.", "you"))
    refuse_any(obstacles)
    review.state = LampState.RETURNED
    review.save()
    ReviewRequest.objects.filter(review=review, ended_at=None).update(ended_at=now, ended=RequestEnd.RETURNED)
    hand_custody(review, Holder.OWNER, by=actor, now=now, reason=reason.strip())
    keep_judgements([pilot.pk])
    note(
        actor, "gates.review.returned", review, now=now, scope=pilot.scope, gate=review.gate.title,
        reason=reason.strip(),
    )  # fmt: skip
    return review


def return_obstacles(actor: User, pilot: Pilot, review: GateReview, today: date) -> list[Obstacle]:
    """What keeps `actor` from returning the gate."""
    obstacles = closed_obstacles(review)
    if not obstacles and review.state != LampState.IN_REVIEW:
        obstacles.append(Obstacle("not_in_review", "It is with the owner already.", "the owner"))
    functions = {criterion.function for criterion in criteria_of(review.gate)} | {review.gate.lead_function}
    if not functions & functions_of(actor, today):
        obstacles.append(
            Obstacle("other_function", "Gates are returned by their reviewers.", "a reviewer of this gate")
        )
    if has_part(actor, pilot):
        obstacles.append(
            Obstacle("own_pilot", "You have a part in this pilot, so others review it.", "another reviewer")
        )
    return obstacles


def talk_obstacles(actor: User, pilot: Pilot, today: date) -> list[Obstacle]:
    """What keeps `actor` from talking about a criterion."""
    if may_edit(actor, pilot) or (functions_of(actor, today) and not has_part(actor, pilot)):
        return []
    return [Obstacle("no_voice", "The owner and the reviewers talk here.", "the business owner, or a reviewer")]
