"""How the committee came to its decisions: its rule, votes, recusals, deferrals, conditions and corrections."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from gates.conditioning import ConditionTerms, accept_condition, meet_condition
from gates.convening import change_committee
from gates.deciding import supersede_decision
from gates.deferring import defer_decision
from gates.demo.reading import chapter
from gates.models import Condition, Decision, Proposal
from gates.queries import conditions_of
from gates.states import VoteChoice
from gates.terms import Terms
from gates.voting import cast_vote, close_due, open_proposal, recuse
from portfolio.states import Outcome

if TYPE_CHECKING:
    from gates.demo.founding import House
    from gates.demo.replaying import Replay, Told


def rules(house: "House") -> list[tuple[int, Callable[[date, datetime], None]]]:
    """When the committee changed how it decides."""
    return [(told["day"], partial(_ruled, house, told)) for told in chapter("decisions")["rule"]]


def _ruled(house: "House", told: dict[str, Any], _day: date, now: datetime) -> None:
    rule = {"majority_rule": told["majority_rule"]}
    change_committee(actor=house.administrator, committee=house.committee, seen=None, now=now, **rule)


def put_to_committee(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """The chair puts a decision before the committee: a vote in writing, or a notice, as the pilot's path asks."""
    open_proposal(
        actor=replay.house.chair,
        pilot=story.row,
        outcome=Outcome(told["outcome"]),
        rationale=told["rationale"],
        terms=replay.terms(story, told, day),
        conditions=conditions(replay, told),
        closes_at=now + timedelta(days=told.get("open_for", 6)),
        hidden=told.get("hidden", False),
        seen=None,
        today=day,
        now=now,
    )


def carried(story: "Told", now: datetime) -> Proposal | None:
    """The proposal on the pilot's round that was carried; notices whose time is over are closed first."""
    close_due(actor=None, now=now)
    found = Proposal.objects.filter(round__pilot=story.row, result="carried", decision=None)
    return found.select_related("round__pilot", "committee").first()


def conditions(replay: "Replay", told: dict[str, Any]) -> list[ConditionTerms]:
    """The conditions of a decision, as they are told."""
    return [
        ConditionTerms(one["text"], replay.house.people[one["owner"]], replay.calendar.day(one["due"]))
        for one in told.get("conditions", ())
    ]


def _voted(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    cast_vote(
        actor=replay.house.people[told["by"]],
        proposal=_open(story),
        choice=VoteChoice(told["choice"]),
        reason=told.get("reason", ""),
        today=day,
        now=now,
    )


def _recused(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    person = replay.house.people[told["by"]]
    recuse(actor=person, proposal=_open(story), reason=told["reason"], today=day, now=now)


def _deferred(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    defer_decision(
        actor=replay.house.chair,
        pilot=story.row,
        reason=told["reason"],
        owner=replay.house.people[told["owner"]],
        until=replay.calendar.day(told["until"]),
        today=day,
        now=now,
    )


def _met(_replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    condition = _condition(story, told)
    meet_condition(actor=condition.owner, condition=condition, proof=told["proof"], seen=None, now=now)


def _accepted(replay: "Replay", story: "Told", told: dict[str, Any], _day: date, now: datetime) -> None:
    accept_condition(actor=replay.house.chair, condition=_condition(story, told), seen=None, now=now)


def _condition(story: "Told", told: dict[str, Any]) -> Condition:
    return conditions_of(story.row).get(text=told["text"])


def _open(story: "Told") -> Proposal:
    return Proposal.objects.open().select_related("round__pilot", "committee").get(round__pilot=story.row)


def _superseded(replay: "Replay", story: "Told", told: dict[str, Any], day: date, now: datetime) -> None:
    """The last decision is corrected: what is told anew takes the place of what it said."""
    old = Decision.objects.filter(round__pilot=story.row).latest("pk")
    said: dict[str, Any] = {
        name: getattr(old, name) for name in vars(Terms()) if name not in {"checklist", "redesign_of"}
    }
    said |= {name: told[name] for name in ("learnings", "stop_reason", "not_yet") if name in told}
    supersede_decision(
        actor=replay.house.chair,
        decision=old,
        outcome=Outcome(old.outcome),
        rationale=told.get("rationale", old.rationale),
        terms=Terms(**said),
        reason=told["reason"],
        today=day,
        now=now,
    )


HAPPENS = {
    "put_to_committee": put_to_committee,
    "voted": _voted,
    "recused": _recused,
    "deferred": _deferred,
    "condition_met": _met,
    "condition_accepted": _accepted,
    "superseded": _superseded,
}
