"""Gate reviews beside the main story: claims, evidence, submitting, talk, returning, concluding, reopening, reuse."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from accounts.models import User
from gates.conditioning import ConditionTerms, meet_condition, waive_condition
from gates.evidencing import Content, add_evidence
from gates.models import Assessment, Condition, Criterion, GateReview, ReviewRequest
from gates.preparing import save_claim, submit_review
from gates.queries import gate_set_of, latest_round
from gates.reopening import reopen_review
from gates.returning import comment_on_criterion, return_review
from gates.reusing import attach_reuse
from gates.reviewing import Found, assess_criteria, conclude_review
from gates.states import EvidenceKind, Finding, ReuseKind
from portfolio.states import LampState

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told


def _claimed(replay: "Replay", story: "Told", told: dict[str, Any], day: date, _now: datetime) -> None:
    """The owner claims some criteria; the note that shows them all is added where one is told."""
    actor = replay.actor(story, told)
    criteria = []
    for slug, said in told["claims"].items():
        text, view = said if isinstance(said, list) else (said, Finding.MET)
        criterion = _criterion(story, told["gate"], slug)
        criteria.append(criterion)
        save_claim(
            actor=actor, pilot=story.row, criterion=criterion, text=text, view=Finding(view), seen=None,
            now=replay.later(),
        )  # fmt: skip
    if "shown" in told:
        title, note = told["shown"]
        content = Content(kind=EvidenceKind.NOTE, title=title, note=note)
        add_evidence(actor=actor, pilot=story.row, content=content, criteria=criteria, today=day, now=replay.later())


def _submitted(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    submit_review(
        actor=replay.actor(story, told), pilot=story.row, gate_slug=told["gate"], seen=None, today=day, now=now
    )


def _assessed(replay: "Replay", story: "Told", told: dict[str, Any], day: date, _now: datetime) -> None:
    """Whoever is asked assesses; in a word, or with a comment."""
    review = _review(story, told["gate"])
    by_reviewer: dict[User, list[Found]] = {}
    for slug, said in told["findings"].items():
        finding, comment = said if isinstance(said, list) else (said, "")
        criterion = _criterion(story, told["gate"], slug)
        found = by_reviewer.setdefault(_asked(replay, story, review, criterion.function), [])
        found.append(Found(criterion, Finding(finding), comment))
    for reviewer, found in by_reviewer.items():
        assess_criteria(actor=reviewer, review=review, found=found, today=day, now=replay.later())


def _discussed(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """A turn of the talk: by the owner, or where `function` is told by its reviewer."""
    criterion = _criterion(story, told["gate"], told["criterion"])
    actor = replay.actor(story, told)
    if "function" in told:
        actor = _asked(replay, story, _review(story, told["gate"]), told["function"])
    comment_on_criterion(actor=actor, pilot=story.row, criterion=criterion, text=told["text"], today=day, now=now)


def _returned(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    review = _review(story, told["gate"])
    actor = _asked(replay, story, review, told["function"])
    return_review(actor=actor, review=review, reason=told["reason"], seen=None, today=day, now=now)


def _concluded(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    review = _review(story, told["gate"])
    conditions = [
        ConditionTerms(text=one["text"], owner=replay.house.people[one["owner"]], due=replay.calendar.day(one["due"]))
        for one in told.get("conditions", [])
    ]
    conclude_review(
        actor=review.lead or replay.reviewer(story, review.gate.lead_function), review=review,
        state=LampState(told["result"]), conclusion=told["comment"], conditions=conditions, seen=None, today=day,
        now=now,
    )  # fmt: skip


def _opened_again(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    review = _review(story, told["gate"])
    actor = replay.reviewer(story, review.gate.lead_function)
    reopen_review(actor=actor, review=review, reason=told["reason"], seen=None, today=day, now=now)


def _reused(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """A criterion leans on what the same one was found in another pilot, which is told by its key."""
    source = Assessment.objects.filter(
        review__round__pilot=replay.told[told["from"]].row,
        criterion__slug=told["criterion"],
        criterion__gate__slug=told["gate"],
    ).latest("pk")
    attach_reuse(
        actor=replay.actor(story, told), pilot=story.row,
        criterion=_criterion(story, told["gate"], told["criterion"]), source=source,
        kind=ReuseKind(told.get("what", "review")), why=told["why"],
        valid_until=replay.calendar.day(told["until"]), today=day, now=now,
    )  # fmt: skip


def _condition_settled(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """The oldest open condition of a gate is met, or where `waived` is told, waived by its lead reviewer."""
    review = _review(story, told["gate"])
    condition = Condition.objects.open().filter(review=review).order_by("due", "pk")[0]
    if "waived" in told:
        lead = replay.reviewer(story, review.gate.lead_function)
        waive_condition(actor=lead, condition=condition, reason=told["waived"], seen=None, today=day, now=now)
    else:
        meet_condition(actor=condition.owner, condition=condition, proof=told["proof"], seen=None, now=now)


def _criterion(story: "Told", gate: str, slug: str) -> Criterion:
    gate_set = gate_set_of(latest_round(story.row))
    return Criterion.objects.select_related("gate").get(gate__gate_set=gate_set, gate__slug=gate, slug=slug)


def _review(story: "Told", gate: str) -> GateReview:
    reviews = GateReview.objects.filter(round__pilot=story.row, gate__slug=gate)
    return reviews.select_related("gate", "round__pilot", "lead").latest("pk")


def _asked(replay: "Replay", story: "Told", review: GateReview, function: str) -> User:
    request = ReviewRequest.objects.filter(review=review, function=function, ended_at=None).first()
    return request.reviewer if request else replay.reviewer(story, function)


HAPPENS = {
    "claimed": _claimed,
    "submitted": _submitted,
    "assessed": _assessed,
    "discussed": _discussed,
    "returned": _returned,
    "concluded": _concluded,
    "opened_again": _opened_again,
    "reused": _reused,
    "condition_settled": _condition_settled,
}
