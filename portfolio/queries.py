"""Reading what this room knows."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import is_auditor, is_manager
from portfolio.models import Assignment, Pilot, Round, StatusUpdate
from portfolio.registry import readers
from portfolio.states import OPEN_ROUND_STATES, Part


@dataclass(frozen=True)
class PartHeld:
    """A part of a pilot with who holds it; `holders` is empty where nobody does."""

    part: Part
    holders: list[Assignment]


def page_of(pilots: QuerySet[Pilot], keys: list[int]) -> list[Pilot]:
    """Return the pilots of a page in the order of `keys`, with what a row shows. One query."""
    rows = pilots.model.objects.filter(pk__in=keys).select_related("unit", "standing__owner")
    found = {pilot.pk: pilot for pilot in rows}
    return [found[key] for key in keys if key in found]


def rounds_of(pilot: Pilot) -> list[Round]:
    """The rounds of a pilot, newest first."""
    return list(Round.objects.filter(pilot=pilot).order_by("-number"))


def open_round_of(rounds: list[Round]) -> Round | None:
    """The round that is not over."""
    return next((one for one in rounds if one.state in OPEN_ROUND_STATES), None)


def parts_of(pilot: Pilot) -> list[PartHeld]:
    """Every part with its current holders, those of the file first."""
    held: dict[str, list[Assignment]] = {}
    for assignment in (
        Assignment.objects.filter(pilot=pilot, until=None).select_related("person").order_by("since", "pk")
    ):
        held.setdefault(assignment.part, []).append(assignment)
    return [PartHeld(part, held.get(part, [])) for part in Part]


def people_of(pilot: Pilot) -> list[User]:
    """Everybody who holds a part now, each once, by name."""
    held = Assignment.objects.filter(pilot=pilot, until=None, person__is_active=True)
    return list(User.objects.filter(pk__in=held.values("person")).order_by("name", "email"))


def updates_of(round_: Round, count: int) -> list[StatusUpdate]:
    """The latest status updates of a round, with what blocked."""
    return list(_told(StatusUpdate.objects.filter(round=round_))[:count])


def all_updates_of(pilot: Pilot) -> QuerySet[StatusUpdate]:
    """Every status update of a pilot, the latest first, with what blocked and what was cleared."""
    return _told(StatusUpdate.objects.filter(round__pilot=pilot)).select_related("round").prefetch_related("cleared")


def _told(updates: QuerySet[StatusUpdate]) -> QuerySet[StatusUpdate]:
    return updates.select_related("author").prefetch_related("reports__blocker").order_by("-at", "-pk")


def may_read_history(user: User, pilot: Pilot) -> bool:
    """Whether `user` may read the audit trail of `pilot`: its people, its committee, managers and auditors."""
    if is_manager(user) or is_auditor(user):
        return True
    condition = Q(assignments__person=user, assignments__until=None)
    for reads in readers(history=True):
        condition |= reads(user)
    return Pilot.objects.filter(condition, pk=pilot.pk).exists()
