"""Gate sets and precedents: a second set, a round that moved to it, a third in draft, questions that were settled."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from accounts.models import User
from gates.demo.reading import chapter
from gates.drafting_sets import (
    add_criterion,
    begin_draft,
    change_criterion,
    change_gate,
    move_criterion,
    retire_criterion,
)
from gates.models import Criterion, Gate, GateReview, GateSet, Precedent
from gates.moving import move_round
from gates.publishing import publish_draft
from gates.settling import withdraw_precedent, write_precedent

if TYPE_CHECKING:
    from gates.demo.replaying import Replay, Told


def drafts(people: dict[str, User]) -> list[tuple[int, Callable[[date, datetime], None]]]:
    """What happens to gate sets, which belong to no pilot: the day, and what is done on it."""
    return [(told["day"], partial(_draft, people[told["by"]], told)) for told in chapter("gatesets")["set"]]


def _draft(administrator: User, told: dict[str, Any], _day: date, now: datetime) -> None:
    draft = begin_draft(actor=administrator, now=now)
    who: dict[str, Any] = {"actor": administrator, "now": now}
    for gate in told.get("gate", []):
        change_gate(gate=_gate(draft, gate["gate"]), seen=None, **who, **_facts(gate))
    for criterion in told.get("reword", []):
        change_criterion(criterion=_criterion(draft, criterion), seen=None, **who, **_facts(criterion))
    for criterion in told.get("retire", []):
        retire_criterion(criterion=_criterion(draft, criterion), **who)
    for criterion in told.get("add", []):
        add_criterion(gate=_gate(draft, criterion["gate"]), **who, **_facts(criterion))
    for criterion in told.get("move", []):
        move_criterion(criterion=_criterion(draft, criterion), places=criterion["places"], **who)
    if "reason" in told:
        publish_draft(draft=draft, title=told["title"], reason=told["reason"], seen=None, **who)


def _settled(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    review = GateReview.objects.filter(round__pilot=story.row, gate__slug=told["gate"]).latest("pk")
    criterion = Criterion.objects.select_related("gate").get(gate=review.gate_id, slug=told["criterion"])
    actor = replay.reviewer(story, criterion.function)
    write_precedent(actor=actor, review=review, criterion=criterion, text=told["text"], today=day, now=now)


def _unsettled(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    precedent = Precedent.objects.select_related("criterion__gate", "review__round__pilot").get(
        review__round__pilot=story.row, criterion__slug=told["criterion"], withdrawal=None
    )
    actor = replay.reviewer(story, precedent.criterion.function)
    withdraw_precedent(actor=actor, precedent=precedent, reason=told["reason"], today=day, now=now)


def _moved(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    move_round(actor=replay.actor(story, told), pilot=story.row, seen=None, now=now)


def _gate(draft: GateSet, slug: str) -> Gate:
    return Gate.objects.select_related("gate_set").get(gate_set=draft, slug=slug)


def _criterion(draft: GateSet, told: dict[str, Any]) -> Criterion:
    criteria = Criterion.objects.select_related("gate__gate_set").filter(gate__gate_set=draft)
    return criteria.get(gate__slug=told["gate"], slug=told["criterion"])


def _facts(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in {"gate", "criterion"}}


HAPPENS = {"settled": _settled, "unsettled": _unsettled, "gate_set_moved": _moved}
