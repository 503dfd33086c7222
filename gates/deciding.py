"""Recording a decision: one of four, permanent. Only this stops a round's clock."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from audit.recording import verb
from gates.clinic import scaling_obstacles
from gates.conditioning import ConditionTerms, condition_obstacles, set_conditions, waive_superseded
from gates.correcting import Correction, correction_obstacles
from gates.grounds import Grounds, grounds_of
from gates.holding_against import override_obstacles, production_obstacles
from gates.models import Committee, Decision, DecisionBasis, Proposal
from gates.paths import (
    AUTHORITY,
    hearing_obstacles,
    manner_obstacles,
    manner_of,
    open_already,
    risk_gate_obstacles,
    unheard,
)
from gates.permissions import decision_obstacles, is_chair, unvoted_obstacles
from gates.queries import committee_of
from gates.snapshot import take_snapshot
from gates.standing import keep_judgements
from gates.states import AuthorityPath, DecisionManner, ProposalResult
from gates.terms import REQUIRED, TERMS_OF, Checked, Terms, checklist_gaps, gaps_of, out_of_range
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Assignment, Pilot, Round
from portfolio.numbering import take
from portfolio.starting import close_round, correct_following, move_pilot, open_next_round
from portfolio.states import Outcome, Part, Purpose, Stage

__all__ = [
    "REQUIRED", "STAGE_AFTER", "TERMS_OF", "Checked", "Terms", "decision_number", "matter_obstacles", "record_carried",
    "record_decision", "supersede_decision", "written",
]  # fmt: skip

#: Where each outcome leads. A redesign goes back to draft, for the next round.
STAGE_AFTER = {
    Outcome.SCALE: Stage.SCALING,
    Outcome.REDESIGN: Stage.DRAFT,
    Outcome.STOP: Stage.STOPPED,
    Outcome.RESEARCH: Stage.RESEARCH,
}


@verb
def record_decision(
    *,
    actor: User,
    pilot: Pilot,
    outcome: Outcome,
    rationale: str,
    terms: Terms,
    seen: int | None,
    today: date,
    now: datetime,
    seen_round: int | None = None,
    conditions: Sequence[ConditionTerms] = (),
    proposal: Proposal | None = None,
) -> Decision:
    """Record the committee's decision on the pilot's open round, by its chair.

    Takes the snapshot, closes the round and with it the clock, sets the conditions, moves the pilot on, opens the next
    round of a redesign or of research; flags that it answers close at the next scan. `seen_round` and `seen` are the
    round's number and version on the form: StaleError where that round was decided since, even if the next one is open
    already. Refuses, with every obstacle: who is not the chair or has a part in it, a path that asks for a notice or a
    vote and has none (`proposal` is the one that was carried), a round not begun, what the outcome needs.
    """
    pilot = locked_pilot(pilot)
    refuse_any(decision_obstacles(actor, pilot))
    current = open_round(pilot)
    if seen_round is not None and current.number != seen_round:
        raise StaleError(seen=seen_round, current=current.number)
    compare_and_step(current, seen)
    committee, terms = committee_of(pilot), terms.of(outcome)
    grounds = grounds_of(pilot, current, today)
    obstacles = matter_obstacles(
        pilot=pilot, current=current, outcome=outcome, rationale=rationale, terms=terms, conditions=conditions,
        grounds=grounds, today=today,
    )  # fmt: skip
    if committee and proposal is None:
        obstacles += _unvoted_obstacles(actor, pilot, current, committee, now)
    refuse_any(obstacles)
    decision = written(
        pilot=pilot, current=current, outcome=outcome, rationale=rationale, terms=terms, conditions=conditions,
        grounds=grounds, today=today, now=now, proposal=proposal, recorded_by=actor,
        **_authority(actor, committee, proposal, current, now),
    )  # fmt: skip
    keep_basis(decision, pilot)
    close_round(actor=actor, pilot=pilot, decided_on=today, stage=STAGE_AFTER[outcome], now=now)
    _open_what_follows(actor=actor, pilot=pilot, outcome=outcome, terms=terms, today=today, now=now)
    set_conditions(actor=actor, pilot=pilot, of=decision, terms=conditions, now=now)
    keep_judgements([pilot.pk])
    said = {"number": decision.number, "outcome": outcome.label.lower(), "snapshot_sha256": decision.snapshot_sha256}
    note(actor, "gates.decision.recorded", decision, now=now, scope=pilot.scope, **said)
    return decision


@verb
def record_carried(*, actor: User, proposal: Proposal, seen: int | None, today: date, now: datetime) -> Decision:
    """Record what a committee carried, word for word as it was put to it, with the dissent of who voted against.

    Refuses a proposal that is open, was not carried, or is recorded already; and all that `record_decision` does.
    """
    pilot = locked_pilot(proposal.round.pilot)
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("committee", "round").get(pk=proposal.pk)
    if seen is not None and proposal.version != seen:
        raise StaleError(seen=seen, current=proposal.version)
    obstacles = []
    if proposal.result != ProposalResult.CARRIED:
        word = "open" if proposal.is_open else proposal.get_result_display().lower()
        obstacles.append(Obstacle("not_carried", f"This proposal is {word}; only what was carried is recorded."))
    if Decision.objects.filter(proposal=proposal).exists():
        obstacles.append(Obstacle("recorded", "This proposal is recorded already."))
    refuse_any(obstacles)
    terms = Terms.from_plain(proposal.terms)
    dissent = "\n".join(filter(None, [terms.dissent, _dissent(proposal)]))
    carried: dict[str, Any] = {
        "actor": actor,
        "outcome": Outcome(proposal.outcome),
        "rationale": proposal.rationale,
        "terms": Terms(**{**vars(terms), "dissent": dissent}),
        "conditions": conditions_from(proposal.conditions),
        "proposal": proposal,
        "today": today,
        "now": now,
    }
    if proposal.supersedes:
        return supersede_decision(decision=proposal.supersedes, reason=proposal.supersedes_reason, **carried)
    return record_decision(pilot=pilot, seen=None, seen_round=proposal.round.number, **carried)


@verb
def supersede_decision(
    *,
    actor: User,
    decision: Decision,
    outcome: Outcome,
    rationale: str,
    terms: Terms,
    reason: str,
    today: date,
    now: datetime,
    conditions: Sequence[ConditionTerms] = (),
    proposal: Proposal | None = None,
) -> Decision:
    """Record a decision that supersedes another one on the same round, with the reason; both stay on record.

    By the chair, on the same path as any decision. Takes its own snapshot, sets its own conditions and waives the open
    ones of the old, writes down anew what it stands on. The same outcome puts the round that followed right; another
    one moves the pilot on, and is refused once a round has followed or the pilot was launched.
    """
    pilot = locked_pilot(decision.round.pilot)
    refuse_any(decision_obstacles(actor, pilot))
    old = Decision.objects.select_related("round").defer("snapshot").get(pk=decision.pk)
    committee, terms = committee_of(pilot), terms.of(outcome)
    grounds, corrects = grounds_of(pilot, old.round, today), Correction(old, reason)
    obstacles = matter_obstacles(
        pilot=pilot, current=old.round, outcome=outcome, rationale=rationale, terms=terms, conditions=conditions,
        grounds=grounds, today=today, corrects=corrects,
    )  # fmt: skip
    if committee and proposal is None:
        obstacles += _unvoted_obstacles(actor, pilot, old.round, committee, now)
    refuse_any(obstacles)
    new = written(
        pilot=pilot, current=old.round, outcome=outcome, rationale=rationale, terms=terms, conditions=conditions,
        grounds=grounds, today=today, now=now, proposal=proposal, recorded_by=actor, supersedes=old,
        supersedes_reason=reason.strip(), **_authority(actor, committee, proposal, old.round, now),
    )  # fmt: skip
    keep_basis(new, pilot)
    if corrects.keeps(outcome):
        correct_following(actor=actor, pilot=pilot, after=old.round, terms=terms.of_round(), now=now)
    else:
        move_pilot(actor=actor, pilot=pilot, stage=STAGE_AFTER[outcome], now=now)
        _open_what_follows(actor=actor, pilot=pilot, outcome=outcome, terms=terms, today=today, now=now)
    waive_superseded(actor=actor, pilot=pilot, old=old, new=new, now=now)
    set_conditions(actor=actor, pilot=pilot, of=new, terms=conditions, now=now)
    keep_judgements([pilot.pk])
    said = {"number": new.number, "supersedes": old.number, "snapshot_sha256": new.snapshot_sha256}
    note(actor, "gates.decision.superseded", new, now=now, scope=pilot.scope, outcome=outcome.label.lower(), **said)
    return new


def keep_basis(decision: Decision, pilot: Pilot) -> None:
    """Write down what a decision stands on, so that drift rules see what has changed since."""
    held = dict(Assignment.objects.filter(pilot=pilot, until=None).values_list("part", "person"))
    DecisionBasis.objects.create(
        decision=decision,
        owner_id=held.get(Part.BUSINESS_OWNER),
        sponsor_id=held.get(Part.EXECUTIVE_SPONSOR),
        risk_class=pilot.risk_class,
        monthly_cost=pilot.monthly_cost,
    )


def matter_obstacles(
    *,
    pilot: Pilot,
    current: Round,
    outcome: Outcome,
    rationale: str,
    terms: Terms,
    conditions: Sequence[ConditionTerms],
    grounds: Grounds,
    today: date,
    corrects: Correction | None = None,
) -> list[Obstacle]:
    """Everything that the outcome cannot be decided without, whoever decides and however.

    What supersedes a decision with the same outcome changes its words: the findings were held against it then.
    """
    obstacles = correction_obstacles(corrects, outcome, pilot) if corrects else []
    again = corrects is not None and corrects.keeps(outcome)
    if not current.is_undecided and not corrects:
        what = "This round has not started, so there is nothing to decide yet."
        obstacles.append(Obstacle("not_begun", what, "the owner, who starts it"))
    obstacles += gaps_of(outcome, rationale, terms)
    if outcome == Outcome.SCALE:
        obstacles += checklist_gaps(terms)
    if outcome == Outcome.SCALE and not again:
        obstacles += scaling_obstacles(pilot) + production_obstacles(
            grounds,
            people_url=reverse("portfolio:people", args=[pilot.code]),
            case_url=reverse("portfolio:business-case-detail", args=[pilot.code]),
        )
    if not again:
        obstacles += override_obstacles(outcome, grounds, terms.override_reason)
        obstacles += risk_gate_obstacles(pilot, outcome, grounds.gates)
    obstacles += out_of_range(terms, today, known=corrects.days if corrects else set())
    return obstacles + condition_obstacles(conditions)


def decision_number(day: date) -> str:
    """Take the next number of the year: D-2026-001. Without gaps; the year's row stays locked until commit."""
    return f"D-{day.year}-{take(f'decision {day.year}')[0]:03d}"


def conditions_from(plain: Sequence[dict[str, Any]]) -> list[ConditionTerms]:
    """The conditions that a proposal wrote down."""
    people = User.objects.in_bulk([one["owner"] for one in plain])
    return [ConditionTerms(one["text"], people.get(one["owner"]), date.fromisoformat(one["due"])) for one in plain]


def written(
    *,
    pilot: Pilot,
    current: Round,
    outcome: Outcome,
    rationale: str,
    terms: Terms,
    conditions: Sequence[ConditionTerms],
    grounds: Grounds,
    today: date,
    now: datetime,
    proposal: Proposal | None,
    **on_record: Any,
) -> Decision:
    body, digest = take_snapshot(
        pilot,
        current,
        today,
        grounds=grounds,
        proposal=proposal,
        conditions=[one.as_plain() for one in conditions],
        now=now,
    )
    case = grounds.case if outcome == Outcome.SCALE else None
    decision = Decision(
        number=decision_number(on_record.get("decided_on", today)),
        round=current,
        outcome=outcome,
        rationale=rationale.strip(),
        recorded_at=now,
        proposal=proposal,
        snapshot=body,
        snapshot_sha256=digest,
        business_case=case.number if case else None,
        timeline_class=case.timeline.value if case else "",
        **{"decided_on": today, **on_record},
        **terms.columns(),
    )
    decision.clean_fields(exclude=["committee", "proposal"])
    decision.save(force_insert=True)
    return decision


def _authority(
    actor: User, committee: Committee | None, proposal: Proposal | None, round_: Round, now: datetime
) -> dict[str, Any]:
    if proposal is None:
        deciders = _as_chair(actor, committee) if committee else str(actor)
        heard = committee is not None and not unheard(round_, committee, now)
        path = AuthorityPath.CHAIR_IN_MEETING if heard else AuthorityPath.CHAIR
        return {"committee": committee, "authority_path": path, "deciders": deciders}
    path = AUTHORITY[DecisionManner(proposal.manner)]
    if proposal.is_notice:
        return {
            "committee": committee,
            "authority_path": path,
            "deciders": _as_chair(proposal.opened_by, proposal.committee),
        }
    voted = proposal.count.get("votes", [])
    names = ", ".join(f"{one['member']} ({one['choice']})" for one in voted)
    return {"committee": committee, "authority_path": path, "deciders": names or str(committee)}


def _unvoted_obstacles(actor: User, pilot: Pilot, round_: Round, committee: Committee, now: datetime) -> list[Obstacle]:
    """What keeps a decision from being recorded that nobody voted on, or had notice of."""
    manner = manner_of(pilot, round_, committee)
    obstacles = manner_obstacles(pilot, manner) + open_already(round_)
    if manner is None:
        obstacles += hearing_obstacles(pilot, round_, committee, now)
    return obstacles + unvoted_obstacles(actor, committee.slug)


def _as_chair(person: User, committee: Committee) -> str:
    return f"{person}, {'chair' if is_chair(person, committee.slug) else 'for the chair'} of {committee}"


def _dissent(proposal: Proposal) -> str:
    against = [one for one in proposal.count.get("votes", []) if one["choice"] == "against"]
    return "\n".join(f"{one['member']}: {one['reason']}" for one in against)


def _open_what_follows(
    *, actor: User, pilot: Pilot, outcome: Outcome, terms: Terms, today: date, now: datetime
) -> None:
    if outcome == Outcome.REDESIGN:
        open_next_round(
            actor=actor,
            pilot=pilot,
            purpose=Purpose.PILOT,
            now=now,
            planned_end=terms.next_planned_end,
            decision_due=terms.next_due,
            redesign=terms.redesign,
        )
    elif outcome == Outcome.RESEARCH:
        open_next_round(
            actor=actor,
            pilot=pilot,
            purpose=Purpose.RESEARCH,
            now=now,
            starts_on=today,
            planned_end=terms.next_due,
            decision_due=terms.next_due,
            learning_goal=terms.learning_goal,
            budget_cap=terms.budget_cap,
        )
