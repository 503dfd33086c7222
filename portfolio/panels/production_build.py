"""The production build and the change in the work, at a glance; and what of them is missing at half time."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from portfolio.change_log import change_of
from portfolio.models import ChangePlan, Pilot
from portfolio.pilot_file import PilotFile
from portfolio.production_build import half_over, scope_of, unscoped
from portfolio.registry import Missing, Panel, register_missing, register_panel
from portfolio.states import Part, Stage


def _build(pilot: Pilot, _user: User) -> dict[str, Any] | None:
    """Three queries; nothing to show of a draft of which nobody has said a word."""
    pieces, change = scope_of(pilot), change_of(pilot)
    said = change.plan or change.frictions or any(piece.item for piece in pieces)
    if pilot.stage in {Stage.DRAFT, Stage.STOPPED, Stage.RETIRED} and not said:
        return None
    return {
        "pilot": pilot,
        "pieces": pieces,
        "unscoped": unscoped(pieces),
        "change": change,
        "today": timezone.localdate(),
    }


def _missing(file: PilotFile) -> list[Missing]:
    """Two queries from the middle of the window on; before, it is too early to ask."""
    if not half_over(file.current, file.today):
        return []
    lacking = unscoped(scope_of(file.pilot))
    found = []
    if lacking:
        names = ", ".join(piece.title.lower() for piece in lacking)
        found.append(
            Missing(
                "build_unscoped",
                f"The production build is not scoped: {names}.",
                part=Part.IT_PARTNER,
                why="Half the window has passed. What is not scoped by the decision is an unknown cost.",
                url=reverse("portfolio:production-build", args=[file.pilot.code]),
            )
        )
    if not ChangePlan.objects.filter(pilot=file.pilot).exists():
        found.append(
            Missing(
                "no_change_plan",
                "No change plan is drafted.",
                part=Part.PROCESS_OWNER,
                why="What is not prepared while the pilot runs is improvised when it scales.",
                url=reverse("portfolio:change-plan", args=[file.pilot.code]),
            )
        )
    return found


register_panel(Panel("build", 50, "portfolio/panels/production_build.html", _build, title="Production build"))
register_missing("build", 50, _missing)
