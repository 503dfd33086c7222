"""Settling a question for those who ask it next: precedent notes, written and withdrawn (requirement 39)."""

from datetime import date, datetime

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.models import Assessment, Criterion, GateReview, Precedent, PrecedentWithdrawal
from gates.permissions import functions_of
from gates.states import CONCLUSIONS
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.permissions import has_part


@verb
def write_precedent(
    *, actor: User, review: GateReview, criterion: Criterion, text: str, today: date, now: datetime
) -> Precedent:
    """Note how a concluded review settled the question of a criterion.

    Refuses what `writing_obstacles` lists, and a note without a text. One review has one note in force on a criterion;
    another one is written after the first has been withdrawn.
    """
    pilot = locked_pilot(review.round.pilot)
    review = GateReview.objects.select_for_update(of=("self",)).select_related("gate", "round").get(pk=review.pk)
    obstacles = writing_obstacles(actor, pilot, review, criterion, today)
    if not text.strip():
        obstacles.append(Obstacle("text", "Say how it was settled, and on what ground.", "you, in the text"))
    refuse_any(obstacles)
    precedent = Precedent.objects.create(
        review=review, criterion=criterion, text=text.strip(), written_by=actor, written_at=now
    )
    _note(actor, "gates.precedent.written", precedent, pilot, now)
    return precedent


@verb
def withdraw_precedent(*, actor: User, precedent: Precedent, reason: str, today: date, now: datetime) -> None:
    """Show a precedent beside its criterion no more; it stays on record with the reason. Twice is once."""
    pilot = locked_pilot(precedent.review.round.pilot)
    if PrecedentWithdrawal.objects.filter(precedent=precedent).exists():
        return
    obstacles = withdrawing_obstacles(actor, pilot, precedent.criterion, today)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say why it no longer stands.", "you, in the text"))
    refuse_any(obstacles)
    PrecedentWithdrawal.objects.create(precedent=precedent, reason=reason.strip(), by=actor, at=now)
    _note(actor, "gates.precedent.withdrawn", precedent, pilot, now, reason=reason.strip())


def writing_obstacles(
    actor: User, pilot: Pilot, review: GateReview, criterion: Criterion, today: date
) -> list[Obstacle]:
    """Everything that keeps `actor` from noting how `review` settled `criterion`."""
    obstacles = withdrawing_obstacles(actor, pilot, criterion, today)
    if review.state not in CONCLUSIONS:
        leads = review.gate.get_lead_function_display()
        obstacles.append(Obstacle("not_concluded", "This gate is not concluded yet.", f"a lead reviewer for {leads}"))
    if not Assessment.objects.filter(review=review.pk, criterion=criterion).exists():
        obstacles.append(Obstacle("not_assessed", "This criterion was not assessed here, so nothing was settled."))
    if Precedent.objects.filter(review=review.pk, criterion=criterion, withdrawal=None).exists():
        obstacles.append(
            Obstacle(
                "noted", "There is a note on this criterion from this review already.", "a reviewer, who withdraws it"
            )
        )
    return obstacles


def withdrawing_obstacles(actor: User, pilot: Pilot, criterion: Criterion, today: date) -> list[Obstacle]:
    """What keeps a person from speaking for a criterion: reviewers of its function and leads of its gate do."""
    obstacles = []
    if not functions_of(actor, today) & {criterion.function, criterion.gate.lead_function}:
        speak = criterion.get_function_display()
        obstacles.append(
            Obstacle(
                "other_function", f"Reviewers for {speak} and leads of this gate note it.", f"a reviewer for {speak}"
            )
        )
    if has_part(actor, pilot):
        obstacles.append(
            Obstacle("own_pilot", "You have a part in this pilot, so others note what it settles.", "another reviewer")
        )
    return obstacles


def _note(actor: User, kind: str, precedent: Precedent, pilot: Pilot, now: datetime, **data: str) -> None:
    criterion = precedent.criterion
    label = f"{criterion.gate.number}.{criterion.number}"
    note(actor, kind, precedent, now=now, scope=pilot.scope, criterion=label, text=precedent.text, **data)
