"""The clinic on the pilot page: only where a pilot is stuck or was looked at."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from gates.clinic import signs_of
from portfolio.diagnosing import STUCK_STAGES
from portfolio.interventions import stuck_file_of
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.pilot_file import PilotFile
from portfolio.registry import Action, Panel, register_actions, register_panel


def _stuck(pilot: Pilot, user: User) -> dict[str, Any] | None:
    """Four queries at most; nothing of a pilot that has ended and was never looked at."""
    file = stuck_file_of(pilot)
    under_way = pilot.stage in STUCK_STAGES
    signs = signs_of(pilot) if under_way else []
    if file.latest is None and not signs:
        return None
    may_act = under_way and may_edit(user, pilot)
    return {"pilot": pilot, "file": file, "signs": signs, "under_way": under_way, "may_act": may_act}


def _actions(file: PilotFile) -> list[Action]:
    if file.pilot.stage not in STUCK_STAGES or not file.may_edit:
        return []
    return [Action("Ask why it is stuck", reverse("gates:clinic", args=[file.pilot.code]), 60)]


register_panel(Panel("clinic", 45, "gates/panels/clinic.html", _stuck, title="Stuck clinic"))
register_actions("clinic", _actions)
