"""Granting and ending roles, with their dates."""

from datetime import date, datetime

from accounts.acting import note
from accounts.models import RoleGrant, User
from accounts.obstacles import Obstacle, RefusedError
from accounts.states import Role
from audit.recording import verb


@verb
def grant_role(*, actor: User | None, person: User, role: Role, since: date, now: datetime) -> RoleGrant:
    """Grant `role` from `since` on. Granting what is already held changes nothing."""
    User.objects.select_for_update().get(pk=person.pk)
    held = RoleGrant.objects.filter(user=person, role=role, until=None).first()
    if held:
        return held
    grant = RoleGrant.objects.create(user=person, role=role, since=since, granted_by=actor, granted_at=now)
    note(actor, "accounts.role.granted", person, now=now, role=role.value, since=since)
    return grant


@verb
def end_role(*, actor: User | None, person: User, role: Role, until: date, now: datetime) -> None:
    """End a role on `until`. The last administrator stays one."""
    User.objects.select_for_update().get(pk=person.pk)
    others = RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR, until=None, user__is_active=True)
    if role == Role.ADMINISTRATOR and not others.exclude(user=person).exists():
        raise RefusedError(
            [
                Obstacle(
                    "last_administrator",
                    "This is the only administrator.",
                    "Name another administrator first.",
                )
            ]
        )
    if RoleGrant.objects.filter(user=person, role=role, until=None).update(until=until):
        note(actor, "accounts.role.ended", person, now=now, role=role.value, until=until)
