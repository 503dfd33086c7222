"""Opening a concluded gate again: by its lead reviewer, or by the nightly sweep when its ground gives way."""

from datetime import date, datetime

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.custody import hand_custody
from gates.lapsing import lost_grounds
from gates.models import Custody, GateReview, Reopening
from gates.readiness import lead_obstacles
from gates.reviewing import locked_review
from gates.standing import keep_judgements
from gates.states import CONCLUSIONS, Holder, ReopeningCause
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
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


@verb
def reopen_lapsed(*, actor: User | None, today: date, now: datetime) -> list[GateReview]:
    """Open every concluded gate again whose ground has given way since; return them. Twice a day changes nothing.

    Evidence that lapsed or was withdrawn, a reused finding that no longer holds, a person it relied on who left or
    changed (requirement 75), a risk class that rose. Rows are read and written in bulk; pilots are locked first.
    """
    grounds = lost_grounds(today)
    pilots = sorted({ground.review.round.pilot_id for ground in grounds})
    list(Pilot.objects.select_for_update().filter(pk__in=pilots).order_by("pk").values_list("pk"))
    locked = GateReview.objects.select_for_update(of=("self",)).filter(pk__in={ground.review.pk for ground in grounds})
    known = locked.filter(state__in=CONCLUSIONS).select_related("gate", "round__pilot").order_by("pk")
    reviews = {review.pk: review for review in known}
    reasons: dict[int, list[str]] = {pk: [] for pk in reviews}
    for ground in grounds:
        if ground.review.pk in reasons and ground.reason not in reasons[ground.review.pk]:
            reasons[ground.review.pk].append(ground.reason)
    Reopening.objects.bulk_create(
        Reopening(
            review=reviews[ground.review.pk], cause=ground.cause, reason=ground.reason, criterion_id=ground.criterion,
            concluded_as=reviews[ground.review.pk].state, concluded_at=reviews[ground.review.pk].concluded_at or now,
            at=now, by=actor,
        )
        for ground in grounds
        if ground.review.pk in reviews
    )  # fmt: skip
    Custody.objects.bulk_create(
        Custody(review=review, holder=Holder.OWNER, since=now, reason=" ".join(reasons[pk]), given_by=actor)
        for pk, review in reviews.items()
    )
    for pk, review in reviews.items():
        review.state, review.concluded_at, review.concluded_by = LampState.REOPENED, None, None
        review.version += 1
        note(
            actor, "gates.review.reopened", review, now=now, scope=review.round.pilot.scope, gate=review.gate.title,
            reason=" ".join(reasons[pk]),
        )  # fmt: skip
    GateReview.objects.bulk_update(reviews.values(), ["state", "concluded_at", "concluded_by", "version"], 500)
    keep_judgements(pilots)
    return list(reviews.values())
