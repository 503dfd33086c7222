"""The matter as it stood when it was decided: canonical JSON with its SHA-256."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from audit.recording import canonical_json
from gates.evidence_library import current_uses
from gates.grounds import Grounds
from gates.models import Assessment, Condition, Decision, Deferral, EvidenceUse, Flag, Gate, GateReview, Proposal
from gates.queries import current_assessments_of, gates_of
from portfolio.agreement import AgreedContract, is_blank, plain
from portfolio.criteria import TERMS
from portfolio.models import Amendment, Assignment, Pilot, Round, StatusUpdate
from portfolio.models.round import cost_of_waiting
from portfolio.progress import CriterionProgress
from portfolio.states import LampState, Part

#: What of the pilot and of the round is kept.
PILOT_FACTS = (
    "code", "title", "summary", "risk_class", "technology", "vendor", "monthly_cost", "cost_so_far", "stage",
)  # fmt: skip
ROUND_FACTS = (
    "number", "purpose", "state", "starts_on", "planned_end", "ended_on", "decision_due", "due_basis", "redesign",
    "learning_goal", "budget_cap",
)  # fmt: skip
UPDATE_FACTS = (
    "at", "moved", "blocks", "confidence", "because", "users_inside", "users_outside", "scale_when",
)  # fmt: skip


def take_snapshot(
    pilot: Pilot,
    round_: Round,
    today: date,
    *,
    grounds: Grounds,
    now: datetime,
    proposal: Proposal | None = None,
    conditions: Sequence[dict[str, Any]] = (),
) -> tuple[bytes, str]:
    """Return the snapshot of `round_` as canonical JSON, and its SHA-256 in hexadecimal. A fixed number of queries.

    Nothing of it is read again later: what is not in here cannot be said of the day of the decision.
    """
    content = _content(pilot, round_, today, grounds) | {
        "taken_at": now,
        "conditions": list(conditions),
        "vote": _vote(proposal),
    }
    body = canonical_json(content)
    return body, hashlib.sha256(body).hexdigest()


def _content(pilot: Pilot, round_: Round, today: date, grounds: Grounds) -> dict[str, Any]:
    days = round_.days_undecided(today)
    flags = Flag.objects.filter(pilot=pilot, closed_on=None).order_by("rule")
    blockers = grounds.status.blockers if grounds.status else []
    earlier = Decision.objects.filter(round__pilot=pilot).order_by("pk").values("number", "outcome", "decided_on")
    return {
        "as_of": today,
        "pilot": {name: getattr(pilot, name) for name in PILOT_FACTS} | {"unit": pilot.unit.name},
        "round": {name: getattr(round_, name) for name in ROUND_FACTS},
        "clock": {"days_undecided": days, "cost_of_waiting": cost_of_waiting(pilot.monthly_cost, days)},
        "people": _people(pilot),
        "contract": _contract(grounds.contract),
        "criteria": [_criterion(one) for one in grounds.criteria + grounds.withdrawn],
        "business_case": grounds.case.as_plain() if grounds.case else None,
        "updates": _updates(round_),
        "blockers": [{"text": one.blocker.text, "times": one.times} for one in blockers],
        "gates": _gates(round_),
        "open_flags": list(flags.values("rule", "severity", "detail", "since")),
        "deferrals": list(
            Deferral.objects.filter(round=round_).order_by("number").values("number", "reason", "since", "until")
        ),
        "earlier_decisions": list(earlier),
    }


def _contract(contract: AgreedContract | None) -> dict[str, Any] | None:
    if contract is None:
        return None
    original = contract.original
    agreed = {name: getattr(original, name) for name in contract.now} if original else {}
    return {
        "frozen_on": contract.frozen_on,
        "agreed": {name: plain(value) for name, value in agreed.items() if not is_blank(value)},
        "now": {name: plain(value) for name, value in contract.now.items() if not is_blank(value)},
        "amendments": [_amendment(one) for one in contract.amendments],
    }


def _criterion(one: CriterionProgress) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "number": one.number,
        "agreed": {name: plain(getattr(one.agreed.original, name)) for name in TERMS},
        "now": {name: plain(getattr(one.agreed.now, name)) for name in TERMS},
        "latest": {"on": one.latest.on, "value": plain(one.latest.value)} if one.latest else None,
        "values": [{"on": value.on, "value": plain(value.value)} for value in one.values],
        "state": verdict.state,
        "sentence": one.sentence,
        "withdrawn": one.withdrawn,
        "amendments": [_amendment(amendment) for amendment in one.agreed.amendments],
    }


def _amendment(one: Amendment) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind,
        "changes": one.changes,
        "reason": one.reason,
        "approver": str(one.approver),
        "made_by": str(one.made_by or ""),
    }


def _vote(proposal: Proposal | None) -> dict[str, Any] | None:
    if proposal is None:
        return None
    return {
        "manner": proposal.manner,
        "rule": proposal.rule,
        "opened_at": proposal.opened_at,
        "opened_by": str(proposal.opened_by),
        "closed_at": proposal.closed_at,
        "result": proposal.result,
        "count": proposal.count,
    }


def _updates(round_: Round) -> list[dict[str, Any]]:
    updates = StatusUpdate.objects.filter(round=round_).prefetch_related("reports__blocker").order_by("at", "id")
    return [{name: getattr(update, name) for name in UPDATE_FACTS} for update in updates]


def _people(pilot: Pilot) -> list[dict[str, Any]]:
    held = Assignment.objects.filter(pilot=pilot, until=None).order_by("part", "since", "id")
    return [
        {"part": Part(part).label, "name": name, "email": email, "since": since}
        for part, name, email, since in held.values_list("part", "person__name", "person__email", "since")
    ]


def _gates(round_: Round) -> list[dict[str, Any]]:
    reviews = {review.gate_id: review for review in GateReview.objects.filter(round=round_)}
    found: dict[int, list[Assessment]] = {}
    for assessment in current_assessments_of(reviews.values()):
        found.setdefault(assessment.review_id, []).append(assessment)
    evidence: dict[int, list[dict[str, Any]]] = {}
    for use in current_uses(EvidenceUse.objects.filter(round=round_)).order_by("evidence_id"):
        evidence.setdefault(use.criterion_id, []).append(_evidence(use))
    conditions: dict[int | None, list[dict[str, Any]]] = {}
    for condition in Condition.objects.filter(review__in=reviews.values()).select_related("owner"):
        conditions.setdefault(condition.review_id, []).append(
            {"text": condition.text, "owner": str(condition.owner), "due": condition.due, "open": condition.is_open}
        )
    return [
        _gate(gate, review, found.get(review.pk, []) if review else [], evidence)
        | {"conditions": conditions.get(review.pk, []) if review else []}
        for gate in gates_of(round_)
        for review in [reviews.get(gate.pk)]
    ]


def _gate(
    gate: Gate, review: GateReview | None, found: list[Assessment], evidence: dict[int, list[dict[str, Any]]]
) -> dict[str, Any]:
    return {
        "number": gate.number,
        "title": gate.title,
        "state": review.state if review else LampState.NOT_STARTED,
        "conclusion": review.conclusion if review else "",
        "criteria": [
            {
                "number": assessment.criterion.number,
                "statement": assessment.criterion.statement,
                "finding": assessment.finding,
                "comment": assessment.comment,
                "assessor": str(assessment.assessor) if assessment.assessor else "",
                "at": assessment.at,
                "evidence": evidence.get(assessment.criterion_id, []),
            }
            for assessment in found
        ],
    }


def _evidence(use: EvidenceUse) -> dict[str, Any]:
    piece = use.evidence
    return {
        "id": piece.pk,
        "kind": piece.kind,
        "title": piece.title,
        "sha256": piece.file.sha256 if piece.file else "",
        "url": piece.url,
        "note": piece.note,
        "valid_until": piece.valid_until,
        "added_by": str(piece.added_by or ""),
        "added_at": piece.at,
    }
