"""The business case on the pilot page, and its absence among what is missing for a decision."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from portfolio.business_case import case_of
from portfolio.case_checks import in_times
from portfolio.case_sheet import draft_of
from portfolio.models import BusinessCase, Pilot
from portfolio.permissions import may_edit
from portfolio.pilot_file import PilotFile
from portfolio.registry import Missing, Panel, register_missing, register_panel
from portfolio.states import CASE_STAGES, CaseState, Purpose, Stage


def _business_case(pilot: Pilot, user: User) -> dict[str, Any]:
    """Six queries at most: the case that stands (four), the draft, who may write."""
    summary = case_of(pilot)
    draft = draft_of(pilot)
    return {
        "pilot": pilot,
        "summary": summary,
        "draft": draft.number if draft else None,
        "ratio": in_times(summary.times_pilot_cost) if summary else "",
        # Out of value claims (requirement 60): what the case comes to is read in the case alone.
        "claims_nothing": pilot.stage == Stage.RESEARCH,
        "may_write": pilot.stage in CASE_STAGES and may_edit(user, pilot),
    }


def _missing(file: PilotFile) -> list[Missing]:
    """One query."""
    if file.current is None or file.current.purpose == Purpose.RESEARCH:
        return []
    if BusinessCase.objects.filter(pilot=file.pilot, state=CaseState.SUBMITTED).exists():
        return []
    return [
        Missing(
            "no_business_case",
            "No business case is submitted.",
            why="Without one, scaling is decided without knowing what production costs.",
            url=reverse("portfolio:business-case-detail", args=[file.pilot.code]),
        )
    ]


register_panel(Panel("business_case", 60, "portfolio/panels/business_case.html", _business_case, title="Business case"))
register_missing("business_case", 60, _missing)
