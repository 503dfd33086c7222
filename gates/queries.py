"""Reading what this room knows."""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BigIntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.permissions import is_auditor, is_manager
from accounts.states import Function
from gates.models import (
    Assessment,
    Attendance,
    Committee,
    CommitteeSeat,
    CommitteeSubstitute,
    Condition,
    Criterion,
    Decision,
    Gate,
    GateReview,
    GateSet,
    Meeting,
    Reviewer,
    RoundGateSet,
)
from gates.models.condition import ConditionQuerySet
from gates.states import CommitteePart, MeetingState
from portfolio.models import Pilot, Round
from portfolio.states import OPEN_ROUND_STATES


def gate_set_of(round_: Round | None) -> GateSet | None:
    """The gate set that a round goes by: the one it was held or moved to, that of its reviews, else the newest."""
    if round_ is None:
        return newest_set()
    return GateSet.objects.filter(
        pk__in=Round.objects.filter(pk=round_.pk).annotate(set_id=set_id_of_round()).values("set_id")
    ).first()


def set_id_of_round() -> Coalesce:
    """The id of the gate set that a round goes by, as an expression over rounds; see `gate_set_of`."""
    held = RoundGateSet.objects.filter(round=OuterRef("pk")).order_by("-pk").values("gate_set")[:1]
    opened = GateReview.objects.filter(round=OuterRef("pk")).order_by("pk").values("gate__gate_set")[:1]
    newest = GateSet.objects.exclude(published_at=None).order_by("-version").values("pk")[:1]
    return Coalesce(Subquery(held), Subquery(opened), Subquery(newest), output_field=BigIntegerField())


def newest_set() -> GateSet | None:
    """The gate set that new rounds go by."""
    return GateSet.objects.exclude(published_at=None).order_by("-version").first()


def newer_set_for(round_: Round | None) -> GateSet | None:
    """The newest set, where an open round goes by an older one and may be moved."""
    held, newest = gate_set_of(round_), newest_set()
    if round_ is None or round_.state not in OPEN_ROUND_STATES or held == newest:
        return None
    return newest


def draft_set() -> GateSet | None:
    """The draft of the next gate set, if there is one (at most one, by constraint)."""
    return GateSet.objects.filter(published_at=None).select_related("begun_by", "based_on").first()


def gates_of(round_: Round | None) -> list[Gate]:
    """The six gates of a round's gate set, in order; none while no set is published."""
    return list(Gate.objects.filter(gate_set=gate_set_of(round_)).order_by("number"))


def latest_round(pilot: Pilot) -> Round | None:
    """The open round of a pilot, or its last one."""
    return Round.objects.filter(pilot=pilot).order_by("-number").first()


def current_assessments(review: GateReview) -> QuerySet[Assessment]:
    """The assessment that counts for each criterion: the last one."""
    newest = Assessment.objects.filter(review=review).values("criterion").annotate(last=Max("id")).values("last")
    return Assessment.objects.filter(pk__in=newest).select_related("assessor", "criterion")


def current_assessments_of(reviews: Collection[GateReview]) -> QuerySet[Assessment]:
    """The same for many reviews at once, by gate and criterion."""
    newest = Assessment.objects.filter(review__in=reviews).values("review", "criterion").annotate(last=Max("id"))
    counting = Assessment.objects.filter(pk__in=newest.values("last")).select_related("assessor", "criterion")
    return counting.order_by("criterion__gate__number", "criterion__number")


def criteria_of(gate: Gate) -> QuerySet[Criterion]:
    """The criteria of a gate, in order."""
    return Criterion.objects.filter(gate=gate).order_by("number")


def conditions_of(pilot: Pilot) -> ConditionQuerySet:
    """The conditions of a pilot's gates and decisions, the one due first on top."""
    return Condition.objects.filter(Q(review__round__pilot=pilot) | Q(decision__round__pilot=pilot)).select_related(
        "owner", "met_by", "accepted_by", "waived_by", "review__gate", "review__round__pilot", "decision__round__pilot"
    )


def decisions_visible_to(user: User) -> QuerySet[Decision]:
    """Decisions on pilots that `user` may see."""
    return Decision.objects.filter(round__pilot__in=Pilot.objects.visible_to(user))


def meetings_visible_to(user: User, today: date) -> QuerySet[Meeting]:
    """Meetings that `user` may read: of their committees, seats taken for others included, and those they were in.

    Portfolio managers and auditors read all.
    """
    if not user.is_active:
        return Meeting.objects.none()
    if is_manager(user) or is_auditor(user):
        return Meeting.objects.all()
    seats = CommitteeSeat.objects.filter(user=user, until=None).values("committee")
    taken = CommitteeSubstitute.objects.filter(stands_in=user, until__gte=today).values("committee")
    was_there = Attendance.objects.filter(person=user).values("meeting")
    return Meeting.objects.filter(Q(committee__in=seats) | Q(committee__in=taken) | Q(pk__in=was_there))


def session_of(committee: Committee | None) -> Meeting | None:
    """The meeting of a committee that is in session now; there is one at most."""
    return Meeting.objects.filter(committee=committee, state=MeetingState.IN_SESSION).first() if committee else None


def session_seen_by(user: User, committee: Committee | None) -> Meeting | None:
    """The same, where `user` may read it."""
    meeting = session_of(committee)
    return meeting if meeting and meetings_visible_to(user, meeting.day).filter(pk=meeting.pk).exists() else None


def committees_run_by(user: User) -> QuerySet[Committee]:
    """Committees whose meetings `user` prepares and runs; see `permissions.runs_meetings`."""
    if not user.is_active:
        return Committee.objects.none()
    if is_manager(user):
        return Committee.objects.all()
    parts = (CommitteePart.CHAIR, CommitteePart.SECRETARY)
    seats = CommitteeSeat.objects.filter(user=user, part__in=parts, until=None)
    return Committee.objects.filter(pk__in=seats.values("committee"))


def committee_of(pilot: Pilot) -> Committee | None:
    """The committee that decides the pilot."""
    return Committee.objects.filter(slug=pilot.committee_slug).first() if pilot.committee_slug else None


def day_of(committee: Committee | None, now: datetime) -> date:
    """The day it is for a committee, in its own time zone; without one, in the organisation's."""
    zone = committee.time_zone if committee else settings.TIME_ZONE
    return timezone.localdate(now, timezone=ZoneInfo(zone))


def seats_of(committee: Committee) -> list[CommitteeSeat]:
    """Who sits in a committee now: chair, secretary, members by name."""
    order = list(CommitteePart.values)
    seats = CommitteeSeat.objects.filter(committee=committee, until=None).select_related("user")
    return sorted(seats, key=lambda seat: (order.index(seat.part), str(seat.user).casefold()))


def committees_with_chairs() -> list[tuple[Committee, User | None]]:
    """Every committee with its chair, by name. Two queries."""
    chairs = CommitteeSeat.objects.filter(until=None, part=CommitteePart.CHAIR).select_related("user")
    by_committee = {seat.committee_id: seat.user for seat in chairs}
    return [(committee, by_committee.get(committee.pk)) for committee in Committee.objects.order_by("name")]


def reviewers_by_function() -> list[tuple[Function, list[Reviewer]]]:
    """Every function with its reviewers, by name. One query."""
    pool: dict[str, list[Reviewer]] = {}
    for reviewer in Reviewer.objects.filter(until=None).select_related("user").order_by("user__name", "user__email"):
        pool.setdefault(reviewer.function, []).append(reviewer)
    return [(function, pool.get(function, [])) for function in Function]
