"""What this room adds to the pilot page, to the settings, and to who may see a restricted pilot."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.settings_registry import SettingsEntry, register_settings
from gates.decision_brief import decisions_on, lamps_of
from gates.models import Assessment, Committee, CommitteeSeat
from gates.permissions import decision_obstacles
from gates.queries import latest_round
from portfolio.models import Pilot
from portfolio.registry import Panel, register_committees, register_panel, register_reader


def _committee_of(user: User) -> Q:
    return Q(committee_slug__in=CommitteeSeat.objects.filter(user=user, until=None).values("committee__slug"))


def _assessed_by(user: User) -> Q:
    assessed = Assessment.objects.filter(assessor=user, assessor__reviews_for__until=None)
    return Q(pk__in=assessed.values("review__round__pilot"))


def _gates(pilot: Pilot, _user: User) -> dict[str, Any]:
    return {"lamps": lamps_of(pilot, latest_round(pilot))}


def _decisions(pilot: Pilot, user: User) -> dict[str, Any]:
    round_ = latest_round(pilot)
    undecided = round_ is not None and round_.is_undecided
    return {
        "pilot": pilot,
        "decisions": decisions_on(pilot),
        "undecided": undecided,
        "obstacles": decision_obstacles(user, pilot) if undecided else [],
    }


register_reader("committee", _committee_of, reads_history=True)
register_reader("reviewers", _assessed_by, reads_history=False)
register_committees(lambda: list(Committee.objects.order_by("name").values_list("slug", "name")))
register_panel(Panel("gates", 10, "gates/panels/gates.html", _gates))
register_panel(Panel("decisions", 30, "gates/panels/decisions.html", _decisions))
register_settings(
    SettingsEntry(
        "Committees",
        "Who decides: committees, their members and rules.",
        "gates:committee-list",
        30,
        "committee",
    )
)
register_settings(
    SettingsEntry("Reviewers", "Who assesses criteria, for which function.", "gates:reviewer-list", 40, "review")
)
