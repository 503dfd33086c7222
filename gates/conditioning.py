"""Conditions: setting them with a conclusion, meeting them with evidence, waiving them with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from gates.models import Condition, Decision, Evidence, GateReview
from gates.permissions import functions_of, sits_as_chair, writes_in_session
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.permissions import has_part, may_edit


@dataclass(frozen=True)
class ConditionTerms:
    """What somebody has to do, who, and by when."""

    text: str
    owner: User | None
    due: date | None

    def as_plain(self) -> dict[str, Any]:
        """What a proposal and a snapshot keep of it; of one that lacks nothing."""
        owner, due = cast("User", self.owner), cast("date", self.due)
        return {"text": self.text.strip(), "owner": owner.pk, "owner_name": str(owner), "due": due.isoformat()}


@verb
def set_conditions(
    *, actor: User, pilot: Pilot, of: GateReview | Decision, terms: Sequence[ConditionTerms], now: datetime
) -> list[Condition]:
    """Set the conditions of a gate review or of a decision; refuses terms that lack text, owner or day."""
    refuse_any(condition_obstacles(terms))
    which = "review" if isinstance(of, GateReview) else "decision"
    rows = Condition.objects.bulk_create(
        Condition(
            **{which: of},
            text=one.text.strip(),
            owner=cast("User", one.owner),
            due=cast("date", one.due),
            set_at=now,
            set_by=actor,
        )
        for one in terms
    )
    for row in rows:
        note(
            actor, "gates.condition.set", row, now=now, scope=pilot.scope, text=row.text, owner=row.owner.ref,
            due=row.due,
        )  # fmt: skip
    return rows


def condition_obstacles(terms: Sequence[ConditionTerms]) -> list[Obstacle]:
    """What is missing of conditions that are to be set."""
    obstacles = []
    for place, one in enumerate(terms, start=1):
        lacks = [
            what
            for what, there in (("what has to be done", one.text.strip()), ("an owner", one.owner), ("a day", one.due))
            if not there
        ]
        if lacks:
            obstacles.append(Obstacle("condition", f"Condition {place} lacks {' and '.join(lacks)}.", "you"))
        elif one.owner and not one.owner.is_active:
            obstacles.append(Obstacle("condition", f"Condition {place}: {one.owner} has left.", "you"))
    return obstacles


@verb
def meet_condition(
    *,
    actor: User,
    condition: Condition,
    proof: str,
    seen: int | None,
    now: datetime,
    evidence: Evidence | None = None,
) -> Condition:
    """Mark a condition as met; `proof` and perhaps a piece of `evidence` say what shows it.

    By its owner or the people of the pilot's file. One of a decision then waits for the chair, who accepts it.
    """
    pilot = locked_pilot(pilot_of(condition))
    condition = _locked(condition)
    compare_and_step(condition, seen)
    obstacles = _settled(condition)
    if condition.owner_id != actor.pk and not may_edit(actor, pilot):
        obstacles.append(Obstacle("not_owner", f"{condition.owner} says when it is met.", str(condition.owner)))
    if not proof.strip():
        obstacles.append(Obstacle("proof", "Say what shows that it is met.", "you"))
    if evidence is not None and evidence.pilot_id != pilot.pk:
        obstacles.append(Obstacle("evidence", "Choose a piece from this pilot's library.", "you"))
    refuse_any(obstacles)
    condition.met_at, condition.met_by, condition.proof, condition.evidence = now, actor, proof.strip(), evidence
    condition.save()
    note(actor, "gates.condition.met", condition, now=now, scope=pilot.scope, text=condition.text)
    return condition


@verb
def accept_condition(*, actor: User, condition: Condition, seen: int | None, now: datetime) -> Condition:
    """Accept that a condition of a decision is met, by the chair who has no part in the pilot."""
    pilot = locked_pilot(pilot_of(condition))
    condition = _locked(condition)
    compare_and_step(condition, seen)
    refuse_any(accepting_obstacles(actor, pilot, condition))
    condition.accepted_at, condition.accepted_by = now, actor
    condition.save()
    note(actor, "gates.condition.accepted", condition, now=now, scope=pilot.scope, text=condition.text)
    return condition


@verb
def return_condition(*, actor: User, condition: Condition, reason: str, seen: int | None, now: datetime) -> Condition:
    """Return a condition that was said to be met to its owner, with the reason; what was shown stays in the trail."""
    pilot = locked_pilot(pilot_of(condition))
    condition = _locked(condition)
    compare_and_step(condition, seen)
    obstacles = accepting_obstacles(actor, pilot, condition)
    if not reason.strip():
        obstacles.append(Obstacle("returned_reason", "Say what is still missing.", "you"))
    refuse_any(obstacles)
    shown = condition.proof
    condition.met_at, condition.met_by, condition.proof, condition.evidence = None, None, "", None
    condition.save()
    note(
        actor, "gates.condition.returned", condition, now=now, scope=pilot.scope, text=condition.text,
        reason=reason.strip(), shown=shown,
    )  # fmt: skip
    return condition


def accepting_obstacles(actor: User, pilot: Pilot, condition: Condition) -> list[Obstacle]:
    """What keeps `actor` from accepting, or returning, a condition that is said to be met."""
    obstacles = [] if condition.awaits_chair else [Obstacle("not_met", "Nobody says that it is met and waits for you.")]
    obstacles += _for_the_committee(actor, pilot, "accepted")
    if has_part(actor, pilot):
        obstacles.append(Obstacle("own_pilot", "You have a part in this pilot, so others accept its conditions."))
    return obstacles


@verb
def waive_condition(
    *, actor: User, condition: Condition, reason: str, seen: int | None, today: date, now: datetime
) -> Condition:
    """Waive a condition with a reason: of a gate by its lead reviewers, of a decision by the chair; never one's own."""
    pilot = locked_pilot(pilot_of(condition))
    condition = _locked(condition)
    compare_and_step(condition, seen)
    obstacles = _settled(condition) + waiving_obstacles(actor, pilot, condition, today)
    if not reason.strip():
        obstacles.append(Obstacle("waived_reason", "Say why it is no longer needed.", "you"))
    refuse_any(obstacles)
    condition.waived_at, condition.waived_by, condition.waived_reason = now, actor, reason.strip()
    condition.save()
    note(
        actor, "gates.condition.waived", condition, now=now, scope=pilot.scope, text=condition.text,
        reason=condition.waived_reason,
    )  # fmt: skip
    return condition


@verb
def waive_superseded(*, actor: User, pilot: Pilot, old: Decision, new: Decision, now: datetime) -> None:
    """Waive the open conditions of a decision that is superseded: what still holds, the new one sets anew."""
    reason = f"{new} supersedes {old}, with conditions of its own."
    for row in Condition.objects.open().filter(decision=old):
        row.waived_at, row.waived_by, row.waived_reason = now, actor, reason
        row.met_at, row.met_by, row.proof, row.evidence = None, None, "", None
        row.version += 1
        row.save()
        note(actor, "gates.condition.waived", row, now=now, scope=pilot.scope, text=row.text, reason=reason)


def waiving_obstacles(actor: User, pilot: Pilot, condition: Condition, today: date) -> list[Obstacle]:
    """What keeps `actor` from waiving the condition."""
    obstacles = []
    if condition.review is not None:
        lead = condition.review.gate.get_lead_function_display()
        if condition.review.gate.lead_function not in functions_of(actor, today):
            who = f"a reviewer for {lead}"
            obstacles.append(Obstacle("not_lead", f"Conditions of this gate are waived by {who}.", who))
    else:
        obstacles += _for_the_committee(actor, pilot, "waived")
    if has_part(actor, pilot):
        obstacles.append(Obstacle("own_pilot", "You have a part in this pilot, so others waive its conditions."))
    return obstacles


def _for_the_committee(actor: User, pilot: Pilot, done: str) -> list[Obstacle]:
    """Conditions of a decision are the chair's; in session also who sits in that seat and the secretary record them."""
    if sits_as_chair(actor, pilot.committee_slug) or writes_in_session(actor, pilot.committee_slug):
        return []
    who = "the chair, or the secretary in session"
    return [Obstacle("not_chair", f"Conditions of a decision are {done} by the chair.", who)]


def pilot_of(condition: Condition) -> Pilot:
    """The pilot that a condition is about."""
    if condition.review is not None:
        return condition.review.round.pilot
    if condition.decision is None:
        raise ValueError("a condition of nothing")
    return condition.decision.round.pilot


def _settled(condition: Condition) -> list[Obstacle]:
    if condition.is_open:
        return []
    word = "met" if condition.met_at else "waived"
    return [Obstacle("settled", f"This condition is {word} already.")]


def _locked(condition: Condition) -> Condition:
    related = ("owner", "review__gate", "review__round__pilot", "decision__round__pilot")
    return Condition.objects.select_for_update(of=("self",)).select_related(*related).get(pk=condition.pk)
