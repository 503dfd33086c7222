"""What was promised in figures and what came of it, on the pilot page; and what is missing of it for a decision."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from portfolio.charts import NARROW, chart_of
from portfolio.measured import measured_round
from portfolio.models import Pilot
from portfolio.permissions import may_edit
from portfolio.pilot_file import PilotFile
from portfolio.progress import CriterionProgress, met_and_unmet, progress_of
from portfolio.queries import rounds_of
from portfolio.registry import Action, Missing, Panel, register_actions, register_missing, register_panel
from portfolio.states import Progress, RoundState


def _measures(pilot: Pilot, user: User) -> dict[str, Any] | None:
    """Five queries: the rounds, three for the criteria, one for who may enter values. None: nothing was promised."""
    round_ = measured_round(rounds_of(pilot))
    found = progress_of([round_.pk], timezone.localdate())[round_.pk] if round_ else []
    if round_ is None or not found:
        return None
    met, unmet = met_and_unmet(found)
    return {
        "pilot": pilot,
        "round": round_,
        "criteria": [(one, [chart_of(one, NARROW, since=round_.starts_on)] if one.values else []) for one in found],
        "met": len(met),
        "counted": len(met) + len(unmet),
        "may_edit": may_edit(user, pilot),
    }


def _missing(file: PilotFile) -> list[Missing]:
    """Three queries. Of a round that has begun: the criteria that nobody has measured."""
    if file.current is None or file.current.state == RoundState.DRAFT:
        return []
    found = progress_of([file.current.pk], file.today)[file.current.pk]
    return [
        Missing(
            f"unmeasured_{one.number}",
            f"Nobody has measured \u201c{one.metric}\u201d yet.",
            why=_why(one),
            url=reverse("portfolio:measurement-detail", args=[file.pilot.code, one.number]) + "#enter",
        )
        for one in found
        if one.state == Progress.NO_MEASUREMENT and not one.withdrawn
    ]


def _why(one: CriterionProgress) -> str:
    if one.overdue_days:
        return f"It was to be measured {one.overdue_days:,} day{'' if one.overdue_days == 1 else 's'} ago."
    return "Without a value, nobody can say whether what was promised came true."


def _actions(file: PilotFile) -> list[Action]:
    """No query of its own."""
    if not file.may_edit or file.current is None or file.current.state == RoundState.DRAFT:
        return []
    return [Action("Enter measurements", reverse("portfolio:measurement-list", args=[file.pilot.code]), 45)]


register_panel(Panel("measures", 20, "portfolio/panels/measures.html", _measures, title="Success criteria", wide=True))
register_missing("measures", 20, _missing)
register_actions("measures", _actions)
