"""Reusing what was concluded elsewhere: attaching a finding of another pilot to a criterion, and removing it."""

from datetime import date, datetime

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.models import Assessment, Criterion, Reuse
from gates.preparing import owner_obstacles
from gates.readiness import closed_obstacles
from gates.reused import reusable
from gates.reviewing import locked_review, open_review
from gates.states import ReuseKind
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.states import LampState


@verb
def attach_reuse(
    *,
    actor: User,
    pilot: Pilot,
    criterion: Criterion,
    source: Assessment,
    kind: ReuseKind,
    why: str,
    valid_until: date,
    today: date,
    now: datetime,
) -> Reuse:
    """Let a criterion lean on the finding of another pilot, until a day; reviewers see it marked as reused.

    Refuses findings that `actor` may not see, of another criterion, of gates that did not pass, and a day that is
    over. It assesses nothing: the reviewer says whether it holds here. Attaching twice changes nothing.
    """
    review = locked_review(
        open_review(actor=actor, pilot=pilot, gate_slug=criterion.gate.slug, now=now, state=LampState.PREPARING)
    )
    obstacles = closed_obstacles(review) + owner_obstacles(actor, pilot)
    if not reusable(criterion, pilot, actor).filter(pk=source.pk).exists():
        what = "This finding cannot be reused: its gate does not stand as passed, or asks something else."
        obstacles.append(Obstacle("source", what, "you, by choosing another one"))
    if not why.strip():
        obstacles.append(Obstacle("why", "Say what is the same here, so that the answer holds.", "you"))
    if valid_until < today:
        obstacles.append(Obstacle("valid_until", "This day is over.", "you"))
    refuse_any(obstacles)
    known = Reuse.objects.filter(review=review, criterion=criterion, source=source, removed_at=None).first()
    if known:
        return known
    reuse = Reuse.objects.create(
        review=review, criterion=criterion, source=source, kind=kind, why=why.strip(), valid_until=valid_until,
        attached_by=actor, attached_at=now,
    )  # fmt: skip
    note(
        actor, "gates.reuse.attached", review, now=now, scope=pilot.scope, what=reuse.get_kind_display().lower(),
        pilot=source.review.round.pilot.code, criterion=f"{review.gate.number}.{criterion.number}",
    )  # fmt: skip
    return reuse


@verb
def remove_reuse(*, actor: User, reuse: Reuse, now: datetime) -> None:
    """Let a criterion no longer lean on another pilot's finding; that it once did stays on record."""
    pilot = locked_pilot(reuse.review.round.pilot)
    review = locked_review(reuse.review)
    related = ("criterion", "source__review__round__pilot")
    reuse = Reuse.objects.select_for_update(of=("self",)).select_related(*related).get(pk=reuse.pk)
    if reuse.removed_at is not None:
        return
    refuse_any(closed_obstacles(review) + owner_obstacles(actor, pilot))
    reuse.removed_at, reuse.removed_by = now, actor
    reuse.save()
    note(
        actor, "gates.reuse.removed", review, now=now, scope=pilot.scope, pilot=reuse.source.review.round.pilot.code,
        criterion=f"{review.gate.number}.{reuse.criterion.number}",
    )  # fmt: skip
