"""Who may do what in this room: access. Authority over decisions stands in the verbs of the room above."""

from accounts.models import User
from accounts.permissions import is_administrator, is_auditor, is_manager, roles_of
from accounts.states import Role
from portfolio.models import Assignment, Pilot


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
