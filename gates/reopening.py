"""Opening a concluded gate again: by its lead reviewer, or by the nightly sweep when its ground gives way."""

from datetime import date, datetime

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.custody import hand_custody
from gates.models import GateReview, Reopening
from gates.readiness import lead_obstacles
from gates.reviewing import locked_review
from gates.standing import keep_judgements
from gates.states import CONCLUSIONS, Holder, ReopeningCause
from portfolio.locking import locked_pilot
from portfolio.states import OPEN_ROUND_STATES, LampState


@verb
def reopen_review(
    *, actor: User, review: GateReview, reason: str, seen: int | None, today: date, now: datetime
) -> GateReview:
    """Open a concluded gate again with a reason: it lies with its owner, who submits it anew.

    By a reviewer of the lead function without a part in the pilot, while the round is open. What was found and
    concluded stays on record.
    """
    pilot = locked_pilot(review.round.pilot)
    review = locked_review(review)
    compare_and_step(review, seen)
    obstacles = lead_obstacles(actor, pilot, review, today)
    if review.round.state not in OPEN_ROUND_STATES:
        obstacles.append(Obstacle("round_over", "This round is over; its gates stay as they were."))
    elif review.state not in CONCLUSIONS:
        obstacles.append(Obstacle("open", "This gate is open already."))
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Give the reason; everybody concerned will read it.", "you"))
    refuse_any(obstacles)
    Reopening.objects.create(
        review=review, cause=ReopeningCause.LEAD, reason=reason.strip(), concluded_as=review.state,
        concluded_at=review.concluded_at or now, at=now, by=actor,
    )  # fmt: skip
    review.state, review.concluded_at, review.concluded_by = LampState.REOPENED, None, None
    review.save()
    hand_custody(review, Holder.OWNER, by=actor, now=now, reason=reason.strip())
    keep_judgements([pilot.pk])
    note(
        actor, "gates.review.reopened", review, now=now, scope=pilot.scope, gate=review.gate.title,
        reason=reason.strip(),
    )  # fmt: skip
    return review
