"""Preparing a gate: what the owner claims, and submitting it to the reviewers."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from accounts.states import Function
from audit.recording import verb
from gates.candidates import chosen_reviewers
from gates.custody import hand_custody
from gates.models import Claim, Criterion, GateReview, ReviewRequest
from gates.readiness import closed_obstacles, criteria_to_assess, required_criteria, submission_obstacles
from gates.reviewing import locked_review, open_review
from gates.standing import keep_judgements
from gates.states import Finding, Holder
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.states import LampState


@verb
def save_claim(
    *,
    actor: User,
    pilot: Pilot,
    criterion: Criterion,
    text: str,
    view: Finding | str,
    seen: int | None,
    now: datetime,
    seen_round: int | None = None,
) -> Claim:
    """Keep what the owner claims of a criterion, and their own view; the last claim counts, earlier ones stay.

    Opens the gate as "preparing" with the first claim. `seen` is the id of the claim that the form showed, 0 for
    none: StaleError if another came since. Refuses a concluded gate, and whoever does not keep the pilot's file.
    Saying the same again adds nothing.
    """
    review = open_review(
        actor=actor, pilot=pilot, gate_slug=criterion.gate.slug, now=now, seen_round=seen_round,
        state=LampState.PREPARING,
    )  # fmt: skip
    review = locked_review(review)
    last = Claim.objects.filter(review=review, criterion=criterion).order_by("-pk").first()
    refuse_any(closed_obstacles(review) + owner_obstacles(actor, pilot))
    said = (text.strip(), str(view))
    if (last and (last.text, last.view) == said) or (last is None and said == ("", "")):
        return last or Claim(review=review, criterion=criterion)
    if seen is not None and seen != (last.pk if last else 0):
        raise StaleError(seen=seen, current=last.pk if last else 0)
    claim = Claim.objects.create(review=review, criterion=criterion, text=said[0], view=said[1], author=actor, at=now)
    note(
        actor,
        "gates.criterion.claimed",
        review,
        now=now,
        scope=pilot.scope,
        criterion=f"{review.gate.number}.{criterion.number}",
    )
    return claim


@verb
def submit_review(
    *, actor: User, pilot: Pilot, gate_slug: str, seen: int | None, today: date, now: datetime
) -> GateReview:
    """Hand a prepared gate to its reviewers: one request for each function with criteria that wait, and a lead.

    Ends the owner's time and begins the reviewers'. Refuses, with the list of all obstacles: a required criterion
    without claim, view or evidence; a function for which nobody can be asked; a returned gate that nobody touched.
    """
    pilot = locked_pilot(pilot)
    opened = open_review(actor=actor, pilot=pilot, gate_slug=gate_slug, now=now, state=LampState.PREPARING)
    review = locked_review(opened)
    compare_and_step(review, seen)
    functions = _functions_to_ask(review, pilot, now)
    asked = chosen_reviewers(pilot, functions | {Function(review.gate.lead_function)}, today)
    refuse_any(owner_obstacles(actor, pilot) + submission_obstacles(review, pilot, asked, today))
    review.state, review.submitted_at = LampState.IN_REVIEW, now
    review.lead = asked[Function(review.gate.lead_function)]
    review.save()
    _ask(review, functions, asked, now)
    hand_custody(review, Holder.REVIEWERS, by=actor, now=now)
    keep_judgements([pilot.pk])
    note(actor, "gates.review.submitted", review, now=now, scope=pilot.scope, gate=review.gate.title)
    return review


def what_is_missing(*, actor: User, review: GateReview, pilot: Pilot, today: date) -> list[Obstacle]:
    """Everything that keeps `actor` from submitting the gate now; `review` may not be opened yet."""
    functions = {Function(one.function) for one in required_criteria(review, pilot)}
    asked = chosen_reviewers(pilot, functions | {Function(review.gate.lead_function)}, today)
    return owner_obstacles(actor, pilot) + submission_obstacles(review, pilot, asked, today)


def _functions_to_ask(review: GateReview, pilot: Pilot, now: datetime) -> set[Function]:
    return {Function(criterion.function) for criterion in criteria_to_assess(review, pilot, now)}


def owner_obstacles(actor: User, pilot: Pilot) -> list[Obstacle]:
    """What keeps `actor` from preparing the pilot's gates."""
    if may_edit(actor, pilot):
        return []
    return [Obstacle("not_owner", "Gates are prepared by the people who keep the pilot's file.", "the business owner")]


def _ask(
    review: GateReview, functions: Collection[Function], asked: dict[Function, User | None], now: datetime
) -> Sequence[ReviewRequest]:
    known = set(ReviewRequest.objects.filter(review=review, ended_at=None).values_list("function", flat=True))
    return ReviewRequest.objects.bulk_create(
        ReviewRequest(review=review, function=function, reviewer=asked[function], asked_at=now)
        for function in sorted(functions)
        if function not in known
    )
