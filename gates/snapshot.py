"""The matter as it stood when it was decided: canonical JSON with its SHA-256."""

import hashlib
from datetime import date
from typing import Any

from audit.recording import canonical_json
from gates.models import Flag, Gate, GateReview
from gates.queries import current_assessments, gates_of
from portfolio.models import Assignment, Pilot, Round, StatusUpdate
from portfolio.models.round import cost_of_waiting
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


def take_snapshot(pilot: Pilot, round_: Round, today: date) -> tuple[bytes, str]:
    """Return the snapshot of `round_` as canonical JSON, and its SHA-256 in hexadecimal."""
    body = canonical_json(_content(pilot, round_, today))
    return body, hashlib.sha256(body).hexdigest()


def _content(pilot: Pilot, round_: Round, today: date) -> dict[str, Any]:
    days = round_.days_undecided(today)
    flags = Flag.objects.filter(pilot=pilot, closed_on=None).order_by("rule")
    return {
        "as_of": today,
        "pilot": {name: getattr(pilot, name) for name in PILOT_FACTS} | {"unit": pilot.unit.name},
        "round": {name: getattr(round_, name) for name in ROUND_FACTS},
        "clock": {"days_undecided": days, "cost_of_waiting": cost_of_waiting(pilot.monthly_cost, days)},
        "people": _people(pilot),
        "updates": _updates(round_),
        "gates": _gates(round_),
        "open_flags": list(flags.values("rule", "severity", "detail", "since")),
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
    return [_gate(gate, reviews.get(gate.pk)) for gate in gates_of(round_)]


def _gate(gate: Gate, review: GateReview | None) -> dict[str, Any]:
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
            }
            for assessment in (current_assessments(review).order_by("criterion__number") if review else ())
        ],
    }
