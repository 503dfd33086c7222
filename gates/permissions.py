"""Who may do what in this room: access. Authority (own pilot, chair of this committee) is checked in the verbs too."""

from datetime import date

from django.db.models import Q

from accounts.models import User
from accounts.obstacles import Obstacle
from accounts.permissions import is_manager
from accounts.states import Function
from gates.models import Attendance, Committee, CommitteeSeat, Reviewer, Substitute
from gates.states import CommitteePart, MeetingState
from portfolio.models import Pilot
from portfolio.permissions import has_part


def functions_of(user: User, today: date) -> frozenset[Function]:
    """The functions for which `user` reviews on `today`, for themselves or for somebody who is away."""
    away = Substitute.objects.in_force(today).filter(stands_in=user).values("absent")
    held = Reviewer.objects.filter(Q(user=user) | Q(user__in=away), since__lte=today, until=None)
    return (
        frozenset(Function(function) for function in held.values_list("function", flat=True))
        if user.is_active
        else frozenset()
    )


def is_chair(user: User, committee_slug: str) -> bool:
    """Whether `user` chairs the committee of that slug now."""
    return (
        user.is_active
        and CommitteeSeat.objects.filter(
            user=user, committee__slug=committee_slug, part=CommitteePart.CHAIR, until=None
        ).exists()
    )


def chaired_by(user: User) -> frozenset[str]:
    """Slugs of the committees that `user` chairs now."""
    seats = CommitteeSeat.objects.filter(user=user, part=CommitteePart.CHAIR, until=None)
    return frozenset(seats.values_list("committee__slug", flat=True)) if user.is_active else frozenset()


def committees_of(user: User) -> frozenset[str]:
    """Slugs of the committees in which `user` has a seat."""
    return frozenset(CommitteeSeat.objects.filter(user=user, until=None).values_list("committee__slug", flat=True))


def runs_meetings(user: User, committee: Committee) -> bool:
    """Whether `user` schedules and runs the meetings of a committee: its chair, its secretary, portfolio managers."""
    if not user.is_active:
        return False
    parts = (CommitteePart.CHAIR, CommitteePart.SECRETARY)
    return (
        is_manager(user)
        or CommitteeSeat.objects.filter(user=user, committee=committee, part__in=parts, until=None).exists()
    )


def meeting_obstacles(user: User | None, committee: Committee) -> list[Obstacle]:
    """What keeps `user` from preparing and running meetings of a committee; nothing for the system."""
    if user is None or runs_meetings(user, committee):
        return []
    return [Obstacle("not_runner", "The chair, the secretary or a portfolio manager does this.", "the secretary")]


def speaks_for(user: User, pilot: Pilot) -> bool:
    """Whether `user` may silence its flags for long, and exempt it from rules: its chair, and portfolio managers."""
    return is_manager(user) or (bool(pilot.committee_slug) and is_chair(user, pilot.committee_slug))


def sits_as_chair(user: User, committee_slug: str) -> bool:
    """Whether `user` chairs the committee, or sits in the chair's seat of its meeting in session."""
    chairs = CommitteeSeat.objects.filter(committee__slug=committee_slug, part=CommitteePart.CHAIR, until=None)
    there = Attendance.objects.filter(person=user, left_at=None, member__in=chairs.values("user"))
    return is_chair(user, committee_slug) or (
        user.is_active
        and there.filter(meeting__committee__slug=committee_slug, meeting__state=MeetingState.IN_SESSION).exists()
    )


def unvoted_obstacles(user: User, committee_slug: str) -> list[Obstacle]:
    """What keeps `user` from deciding what was not voted on: that is the chair's, whoever writes in session."""
    if sits_as_chair(user, committee_slug):
        return []
    what = "What was not voted on is the chair's to decide."
    return [Obstacle("not_chair", what, "the chair, or who sits in the chair's seat")]


def writes_in_session(user: User, committee_slug: str) -> bool:
    """Whether `user` is the secretary of a committee whose meeting is in session now."""
    seats = CommitteeSeat.objects.filter(user=user, part=CommitteePart.SECRETARY, until=None)
    return (
        user.is_active
        and seats.filter(committee__slug=committee_slug, committee__meetings__state=MeetingState.IN_SESSION).exists()
    )


def decision_obstacles(user: User, pilot: Pilot) -> list[Obstacle]:
    """What keeps `user` from recording a decision on `pilot`; nothing for the chair who has no part in it.

    In session, whoever sits in the chair's seat may as well, and the secretary, for what the committee voted on.
    """
    obstacles = []
    if not pilot.committee_slug:
        obstacles.append(
            Obstacle(
                "no_committee",
                "No committee is named for this pilot.",
                "the owner or a portfolio manager",
                pilot.get_absolute_url(),
            )
        )
    elif not (sits_as_chair(user, pilot.committee_slug) or writes_in_session(user, pilot.committee_slug)):
        obstacles.append(
            Obstacle("not_chair", "Decisions are recorded by the chair of the pilot's committee.", "the chair")
        )
    if has_part(user, pilot):
        obstacles.append(
            Obstacle(
                "own_pilot",
                "You have a part in this pilot, so you do not decide on it.",
                "who sits for the chair, or the secretary in session",
            )
        )
    return obstacles


def assessment_obstacles(user: User, pilot: Pilot, function: str, today: date) -> list[Obstacle]:
    """What keeps `user` from assessing criteria of `function` in `pilot`."""
    return obstacles_of_reviewer(functions_of(user, today), function, own=has_part(user, pilot))


def obstacles_of_reviewer(held: frozenset[Function], function: str, *, own: bool) -> list[Obstacle]:
    """What keeps a reviewer for `held` functions from assessing one of `function`; `own`: a part in the pilot."""
    obstacles = []
    if function not in held:
        label = Function(function).label
        obstacles.append(
            Obstacle("other_function", f"This is assessed by reviewers for {label}.", f"a reviewer for {label}")
        )
    if own:
        obstacles.append(
            Obstacle("own_pilot", "You have a part in this pilot, so others review it.", "another reviewer")
        )
    return obstacles
