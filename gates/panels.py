"""What this room adds to the pilot page, to the settings, and to who may see a restricted pilot."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.settings_registry import SettingsEntry, register_settings
from gates.afterwards import afterwards_obstacles, past_round
from gates.decision_brief import decisions_on, lamps_of, learnings_of
from gates.models import Assessment, Committee, CommitteeSeat, CommitteeSubstitute, ReviewRequest
from gates.paths import how_decided
from gates.permissions import decision_obstacles
from gates.queries import committee_of, latest_round, newer_set_for
from gates.states import CommitteePart, path_of
from portfolio.models import Pilot
from portfolio.pilot_file import PilotFile
from portfolio.registry import (
    Action,
    Missing,
    Panel,
    register_actions,
    register_approvers,
    register_committees,
    register_learnings,
    register_missing,
    register_panel,
    register_reader,
    register_time_zones,
)
from portfolio.states import LampState, RoundState


def _committee_of(user: User) -> Q:
    """Its members, and who sits for one of them: from the day they were named, since they read ahead."""
    seats = CommitteeSeat.objects.filter(user=user, until=None).values("committee__slug")
    taken = CommitteeSubstitute.objects.filter(stands_in=user, until__gte=timezone.localdate())
    return Q(committee_slug__in=seats) | Q(committee_slug__in=taken.values("committee__slug"))


def _reviewed_by(user: User) -> Q:
    """Whoever is asked to review a pilot, or has assessed it and is still a reviewer."""
    asked = ReviewRequest.objects.filter(reviewer=user, ended_at=None)
    assessed = Assessment.objects.filter(assessor=user, assessor__reviews_for__until=None)
    return Q(pk__in=assessed.values("review__round__pilot")) | Q(pk__in=asked.values("review__round__pilot"))


def _gates(pilot: Pilot, _user: User) -> dict[str, Any]:
    round_ = latest_round(pilot)
    return {
        "lamps": lamps_of(pilot, round_),
        "pilot": pilot,
        "path": path_of(pilot.risk_class),
        "how": how_decided(pilot, committee_of(pilot)),
        "newer": newer_set_for(round_),
    }


#: States of a gate in which the ball is with the owner, and those in which it is with the reviewers.
_WITH_OWNER = (LampState.NOT_STARTED, LampState.PREPARING, LampState.RETURNED, LampState.REOPENED)
_WITH_REVIEWERS = (LampState.IN_REVIEW,)


def _missing(file: PilotFile) -> list[Missing]:
    """Gates that nobody has concluded, by whose turn it is."""
    lamps = lamps_of(file.pilot, file.current)
    url = f"{file.pilot.get_absolute_url()}#panel-gates"
    found = []
    for code, states, says, who in (
        ("gates_not_brought", _WITH_OWNER, "not brought to review", ""),
        ("gates_in_review", _WITH_REVIEWERS, "in review", "Its reviewers"),
    ):
        names = [lamp.gate for lamp in lamps if lamp.state in states]
        if names:
            count = f"{len(names)} gate{'s are' if len(names) > 1 else ' is'}"
            what = f"{count} {says}: {', '.join(names).lower()}."
            found.append(Missing(code, what, who=who, url=url, to_all=True))
    return found


def _actions(file: PilotFile) -> list[Action]:
    if file.current is None and any(round_.state == RoundState.PAST for round_ in file.rounds):
        if afterwards_obstacles(file.user, file.pilot, past_round(file.pilot)):
            return []
        return [Action("Record a past decision", reverse("gates:decision-afterwards", args=[file.pilot.code]), 60)]
    if file.current is None or not file.current.is_undecided or decision_obstacles(file.user, file.pilot):
        return []
    return [Action("Record a decision", reverse("gates:decision-create", args=[file.pilot.code]), 5, leads=True)]


def _decisions(pilot: Pilot, user: User) -> dict[str, Any]:
    round_ = latest_round(pilot)
    undecided = round_ is not None and round_.is_undecided
    return {
        "pilot": pilot,
        "decisions": decisions_on(pilot),
        "undecided": undecided,
        "obstacles": decision_obstacles(user, pilot) if undecided else [],
    }


def _chairing(pilot: Pilot) -> Q:
    chairs = CommitteeSeat.objects.filter(committee__slug=pilot.committee_slug, part=CommitteePart.CHAIR, until=None)
    return Q(pk__in=chairs.values("user"))


register_approvers("chair", _chairing)
register_reader("committee", _committee_of, reads_history=True)
register_reader("reviewers", _reviewed_by, reads_history=False)
register_committees(lambda: list(Committee.objects.order_by("name").values_list("slug", "name")))
register_time_zones(lambda: list(Committee.objects.values_list("slug", "time_zone")))
register_panel(Panel("gates", 30, "gates/panels/gates.html", _gates, title="Six gates", wide=True))
register_panel(Panel("decisions", 80, "gates/panels/decisions.html", _decisions))
register_missing("gates", 30, _missing)
register_actions("decision", _actions)
register_learnings(learnings_of)
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
    SettingsEntry(
        "Gate sets",
        "What the six gates ask; drafting and publishing the next set.",
        "gates:gate-set-list",
        35,
        "review",
    )
)
register_settings(
    SettingsEntry("Reviewers", "Who assesses criteria, for which function.", "gates:reviewer-list", 40, "review")
)
