"""Evidence on the pilot page: how much there is, what expires, what came last."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from gates.evidence_library import narrowed, pieces_of, shelved
from gates.queries import committee_of, day_of
from gates.states import EvidenceState
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.registry import Panel, register_panel

NEWEST = 4


def _evidence(pilot: Pilot, user: User) -> dict[str, Any]:
    today = day_of(committee_of(pilot), timezone.now())
    pieces = pieces_of(pilot)
    return {
        "pilot": pilot,
        "rows": shelved(list(pieces[:NEWEST]), today),
        "total": pieces.count(),
        "expired": narrowed(pieces, today, state=EvidenceState.EXPIRED).count(),
        "may_edit": may_edit(user, pilot),
    }


register_panel(Panel("evidence", 70, "gates/panels/evidence.html", _evidence, title="Evidence"))
