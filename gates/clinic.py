"""The clinic of a stuck pilot: the signs that it is stuck, and its file as the six tests read it."""

from datetime import date

from django.db.models import Q
from django.urls import reverse

from accounts.obstacles import Obstacle
from gates.clinic_tests import INTEGRATION_GATE, ClinicFile, Reading, read_tests
from gates.models import Flag, GateReview
from gates.queries import latest_round
from portfolio.agreement import agreed_contracts
from portfolio.change_log import change_of
from portfolio.models import Assignment, Diagnosis, Pilot, StatusUpdate
from portfolio.production_build import scope_of
from portfolio.progress import progress_of
from portfolio.states import LampState, Part, ScopeKind
from portfolio.stuck import StuckPattern

#: Drift rules whose flags are signs that a pilot is stuck.
SIGNS = ("decision-overdue", "not-asked", "silent", "blocker-repeats", "not-measured", "review-untouched")


def signs_of(pilot: Pilot) -> list[Flag]:
    """Open flags that say that nothing moves, worst first. One query."""
    return list(Flag.objects.filter(pilot=pilot, closed_on=None, rule__in=SIGNS).order_by("-severity", "since", "pk"))


def readings_of(pilot: Pilot, today: date) -> list[Reading]:
    """What the file says to the six tests. A fixed number of queries, about a dozen."""
    round_ = latest_round(pilot)
    keys = [round_.pk] if round_ else []
    agreed = agreed_contracts(keys)
    criteria = [one for key in keys for one in progress_of(keys, today)[key] if not one.withdrawn]
    lamp = (
        GateReview.objects.filter(round__in=keys, gate__number=INTEGRATION_GATE).values_list("state", flat=True).first()
    )
    counted = StatusUpdate.objects.filter(round__pilot=pilot)
    counted = counted.filter(Q(users_inside__isnull=False) | Q(users_outside__isnull=False))
    file = ClinicFile(
        holders=holders_of(pilot),
        integration=next(piece for piece in scope_of(pilot) if piece.kind == ScopeKind.INTEGRATION),
        lamp=lamp or LampState.NOT_STARTED,
        agreed=agreed[round_.pk].now if round_ else {},
        change=change_of(pilot),
        criteria=criteria,
        adoption=counted.order_by("-at", "-pk").first(),
    )
    return read_tests(file)


def holders_of(pilot: Pilot) -> dict[str, Assignment]:
    """Who is named for each part now, gone or not. One query."""
    held = Assignment.objects.filter(pilot=pilot, until=None).select_related("person")
    return {one.part: one for one in held.order_by("-since", "-pk")}


def scaling_obstacles(pilot: Pilot) -> list[Obstacle]:
    """What of the clinic keeps the pilot from being scaled: a sponsor gap that nobody has closed (requirement 45).

    It is closed by a later diagnosis that says so, not by naming a sponsor alone. Two queries.
    """
    url = reverse("gates:clinic", args=[pilot.code])
    latest = Diagnosis.objects.filter(pilot=pilot).order_by("-pk").first()
    if latest and StuckPattern.NO_SPONSOR in latest.patterns:
        what = (
            "The clinic found that no executive sponsor stands behind it. Close that gap, then answer the tests again."
        )
        return [Obstacle("sponsor_gap", what, "the owner, with the sponsor", url)]
    sponsor = Assignment.objects.filter(
        pilot=pilot, part=Part.EXECUTIVE_SPONSOR, until=None, person__is_active=True
    ).exists()
    if sponsor:
        return []
    people = reverse("portfolio:people", args=[pilot.code])
    return [Obstacle("sponsor_gap", "No executive sponsor is named who is still here.", "the owner", people)]
