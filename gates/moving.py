"""Moving a round to a newer gate set: what was found of unchanged criteria goes with it."""

from datetime import datetime
from typing import cast

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from audit.recording import verb
from gates.custody import hand_custody
from gates.models import (
    Assessment,
    Claim,
    Comment,
    Criterion,
    EvidenceUse,
    GateReview,
    GateSet,
    Reopening,
    Reuse,
    RoundGateSet,
)
from gates.queries import gate_set_of, latest_round, newest_set
from gates.set_difference import SetDifference, difference
from gates.standing import keep_judgements
from gates.states import CONCLUSIONS, Holder, ReopeningCause, path_of
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Pilot, Round
from portfolio.permissions import may_edit
from portfolio.states import OPEN_ROUND_STATES, LampState


@verb
def move_round(*, actor: User, pilot: Pilot, seen: int | None, now: datetime) -> RoundGateSet:
    """Let the pilot's open round go by the newest gate set from now on.

    Findings of criteria that state the same and belong to the same function are carried over, with who found them
    and when; claims, evidence and talk go along wherever the criterion is still there. A concluded gate in which a
    required criterion must be assessed anew is reopened; others stay as they are.

    Refuses what `moving_obstacles` lists; StaleError where the newest set is not the one whose difference was `seen`
    (its version).
    """
    pilot = locked_pilot(pilot)
    current = open_round(pilot)
    old, new = gate_set_of(current), newest_set()
    if seen is not None and new is not None and new.version != seen:
        raise StaleError(seen=seen, current=new.version)
    refuse_any(moving_obstacles(actor, pilot))
    compared = difference(cast("GateSet", old), cast("GateSet", new))  # without a set, nothing is newer
    moved = RoundGateSet.objects.create(round=current, gate_set=compared.new, at=now, by=actor)
    carried = _carry_findings(current, compared)
    _carry_preparation(current, compared)
    reopened = _take_reviews_along(actor, pilot, current, compared, now)
    keep_judgements([pilot.pk])
    note(
        actor,
        "gates.round.moved",
        moved,
        now=now,
        scope=pilot.scope,
        round=current.number,
        was=compared.old.version,
        version=compared.new.version,
        carried=carried,
        reopened=reopened,
    )
    return moved


def moving_obstacles(actor: User, pilot: Pilot) -> list[Obstacle]:
    """Everything that keeps `actor` from moving the pilot's round to the newest gate set."""
    round_, url = latest_round(pilot), pilot.get_absolute_url()
    if round_ is None or round_.state not in OPEN_ROUND_STATES:
        return [Obstacle("no_open_round", "This pilot has no open round; its gates stay as they were.", url=url)]
    obstacles = []
    held = gate_set_of(round_)
    if held == newest_set():
        obstacles.append(Obstacle("newest", "This round goes by the newest gate set already.", url=url))
    if not may_edit(actor, pilot):
        obstacles.append(
            Obstacle(
                "not_owner", "A round is moved by those who keep the pilot's file.", "the owner or a portfolio manager"
            )
        )
    in_review = GateReview.objects.filter(round=round_, state=LampState.IN_REVIEW).select_related("gate")
    obstacles += [
        Obstacle(
            "in_review",
            f"{review.gate} is in review; its reviewers would find other criteria than they began with.",
            f"a lead reviewer for {review.gate.get_lead_function_display()}, who concludes or returns it",
        )
        for review in in_review.order_by("gate__number")
    ]
    return obstacles


def findings_kept(round_: Round, compared: SetDifference) -> int:
    """How many findings of a round would be carried over."""
    kept = [old.pk for gate in compared.gates for old, _new in gate.carried]
    found = Assessment.objects.filter(review__round=round_, criterion__in=kept)
    return found.values("review", "criterion").distinct().count()


def _carry_findings(round_: Round, compared: SetDifference) -> int:
    """Add what counts of each unchanged criterion to the criterion of the new set; return how many there were."""
    follows = {old.pk: new.pk for gate in compared.gates for old, new in gate.carried}
    newest = Assessment.objects.filter(review__round=round_, criterion__in=list(follows))
    newest = newest.order_by("review_id", "criterion_id", "-pk").distinct("review_id", "criterion_id")
    rows = [
        Assessment(
            review_id=found.review_id,
            criterion_id=follows[found.criterion_id],
            finding=found.finding,
            comment=found.comment,
            assessor_id=found.assessor_id,
            at=found.at,
            carried_over_from=found,
        )
        for found in sorted(newest, key=lambda found: found.pk)
    ]
    Assessment.objects.bulk_create(rows)
    return len(rows)


def _carry_preparation(round_: Round, compared: SetDifference) -> None:
    """Add the rows about each criterion that is still there to the one of the new set, in their order."""
    follows = {old.pk: new.pk for gate in compared.gates for old, new in gate.pairs}
    of_reviews = {"review__round": round_, "criterion__in": list(follows)}
    claims = list(Claim.objects.filter(**of_reviews).order_by("pk"))
    comments = list(Comment.objects.filter(**of_reviews).order_by("pk"))
    uses = list(EvidenceUse.objects.filter(round=round_, criterion__in=list(follows)).order_by("pk"))
    reuses = list(Reuse.objects.filter(removed_at=None, **of_reviews).order_by("pk"))
    rows: list[Claim | Comment | EvidenceUse | Reuse] = [*claims, *comments, *uses, *reuses]
    for row in rows:
        row.pk, row.criterion_id = None, follows[row.criterion_id]
    Claim.objects.bulk_create(claims)
    Comment.objects.bulk_create(comments)
    EvidenceUse.objects.bulk_create(uses)
    Reuse.objects.bulk_create(reuses)


def _take_reviews_along(actor: User, pilot: Pilot, round_: Round, compared: SetDifference, now: datetime) -> list[str]:
    """Let the reviews of the round be about the gates of the new set; return the titles of those reopened."""
    path, reopened = path_of(pilot.risk_class), []
    reviews = {
        review.gate.number: review
        for review in GateReview.objects.filter(round=round_).select_related("gate").order_by("pk")
    }
    for gate in compared.gates:
        review = reviews.get(gate.gate.number)
        if review is None:
            continue
        review.gate = gate.gate
        review.version += 1
        if review.state in CONCLUSIONS and any(path.requires(one.mandatory_from) for one in gate.anew):
            _reopen(actor, review, gate.anew, compared.new, now)
            reopened.append(gate.gate.title)
        review.save()
    return reopened


def _reopen(actor: User, review: GateReview, anew: list[Criterion], gate_set: GateSet, now: datetime) -> None:
    """Open a concluded review again: it lies with the owner, who brings what the newer set asks."""
    asked = ", ".join(f"{review.gate.number}.{criterion.number}" for criterion in anew)
    reason = f"The round moved to gate set {gate_set.version}; to be assessed anew: {asked}."
    Reopening.objects.create(
        review=review,
        cause=ReopeningCause.GATE_SET,
        reason=reason,
        concluded_as=review.state,
        concluded_at=review.concluded_at or now,
        at=now,
        by=actor,
    )
    review.state, review.concluded_at, review.concluded_by = LampState.REOPENED, None, None
    hand_custody(review, Holder.OWNER, by=actor, now=now, reason=reason)
