"""Who may do what in this room: access. Authority over decisions stands in the verbs of the room above."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import RoleGrant, User
from accounts.permissions import is_administrator, is_auditor, is_manager, roles_of
from accounts.states import Role
from portfolio.models import Assignment, Pilot
from portfolio.registry import approvers
from portfolio.states import APPROVING_PARTS, Part


def may_propose(user: User) -> bool:
    """Who brings a pilot becomes its owner; pure viewers, auditors and administrators do not bring any."""
    if is_manager(user):
        return True
    return not (is_administrator(user) or is_auditor(user) or Role.VIEWER in roles_of(user))


def may_edit(user: User, pilot: Pilot) -> bool:
    """The people who keep the file, and portfolio managers."""
    return Pilot.objects.editable_by(user).filter(pk=pilot.pk).exists()


def may_import(user: User) -> bool:
    """Registers are imported by portfolio managers."""
    return is_manager(user)


def has_part(user: User, pilot: Pilot) -> bool:
    """Whether `user` holds any part in the pilot today, and so neither assesses nor decides it."""
    return Assignment.objects.filter(pilot=pilot, person=user, until=None).exists()


def holds(user: User, pilot: Pilot, part: Part) -> bool:
    """Whether `user` holds that part in the pilot now."""
    return user.is_active and Assignment.objects.filter(pilot=pilot, person=user, part=part, until=None).exists()


def approvers_of(pilot: Pilot, *, today: date) -> QuerySet[User]:
    """Who may approve an amendment of `pilot`: its sponsor and owner, portfolio managers, its committee's chair."""
    parts = Assignment.objects.filter(pilot=pilot, part__in=APPROVING_PARTS, until=None)
    managers = RoleGrant.objects.held_on(today).filter(role=Role.PORTFOLIO_MANAGER)
    entitled = Q(pk__in=parts.values("person")) | Q(pk__in=managers.values("user"))
    for condition in approvers():
        entitled |= condition(pilot)
    people: QuerySet[User] = User.objects.active().filter(entitled)
    return people.order_by("name", "email")
