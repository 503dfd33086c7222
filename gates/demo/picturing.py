"""Snapshots of synthetic decisions: the matter as it stood, in the shape of `gates.snapshot`."""

import hashlib
from datetime import datetime
from typing import Any

from audit.recording import canonical_json
from gates.demo.stories import Story
from gates.models import GateReview
from gates.snapshot import UPDATE_FACTS
from portfolio.models import Round
from portfolio.models.round import cost_of_waiting
from portfolio.states import Part, RoundState, Stage

_PILOT = ("code", "title", "summary", "risk_class", "technology", "vendor", "monthly_cost", "cost_so_far")
_ROUND = (
    "number", "purpose", "starts_on", "planned_end", "ended_on", "decision_due", "due_basis", "redesign",
    "learning_goal", "budget_cap",
)  # fmt: skip


def picture(story: Story, row: Round, taken_at: datetime) -> tuple[bytes, str]:
    """Return the snapshot of a decided round as it awaited its decision, and its SHA-256 in hexadecimal.

    Synthetic pilots have neither contract nor case; their gates have neither evidence nor conditions.
    """
    days = max(0, (row.decided_on - row.decision_due).days) if row.decided_on and row.decision_due else 0
    body = canonical_json(
        {
            "as_of": row.decided_on,
            "pilot": {name: getattr(story.pilot, name) for name in _PILOT}
            | {"stage": Stage.AWAITING_DECISION.value, "unit": story.pilot.unit.name},
            "round": {name: getattr(row, name) for name in _ROUND} | {"state": RoundState.AWAITING_DECISION.value},
            "clock": {
                "days_undecided": days,
                "cost_of_waiting": cost_of_waiting(story.pilot.monthly_cost, days),
            },
            "people": [
                {
                    "part": Part(assignment.part).label,
                    "name": assignment.person.name,
                    "email": assignment.person.email,
                    "since": assignment.since,
                }
                for assignment in story.assignments
            ],
            "updates": [
                {name: getattr(update, name) for name in UPDATE_FACTS if name != "blocks"}
                | {"blocks": "\n".join(report.blocker.text for report in story.reports if report.update is update)}
                for update in story.updates
                if update.round is row
            ],
            "gates": [_gate(story, review) for _, review in story.reviews if review.round is row],
            "contract": {"frozen_on": row.starts_on, "agreed": {}, "now": {}, "amendments": []},
            "business_case": None,
            "earlier_decisions": [
                {"number": one.number, "outcome": one.outcome, "decided_on": one.decided_on} for one in story.decisions
            ],
            "taken_at": taken_at,
            "vote": None,
            **{name: [] for name in ("criteria", "blockers", "open_flags", "deferrals", "conditions")},
        }
    )
    return body, hashlib.sha256(body).hexdigest()


def _gate(story: Story, review: GateReview) -> dict[str, Any]:
    return {
        "number": review.gate.number,
        "title": review.gate.title,
        "state": review.state,
        "conclusion": review.conclusion,
        "criteria": [
            {
                "number": assessment.criterion.number,
                "statement": assessment.criterion.statement,
                "finding": assessment.finding,
                "comment": assessment.comment,
                "assessor": str(assessment.assessor),
                "at": assessment.at,
                "evidence": [],
            }
            for assessment in story.assessments
            if assessment.review is review
        ],
        "conditions": [],
    }
