"""Granting and ending roles, with their dates."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from accounts.acting import note
from accounts.models import RoleGrant, User
from accounts.obstacles import Obstacle, refuse_any
from accounts.states import Role
from audit.recording import verb


@verb
def grant_role(
    *, actor: User | None, person: User, role: Role, since: date, now: datetime, until: date | None = None
) -> RoleGrant:
    """Grant `role` from `since` on, until `until` (excluded) if given. What is already held stays as it is."""
    User.objects.select_for_update().get(pk=person.pk)
    if until is not None and until <= since:
        raise ValidationError({"until": "The last day must come after the first."}, code="until")
    held = RoleGrant.objects.filter(user=person, role=role, until=None).first()
    if held:
        return held
    grant = RoleGrant.objects.create(user=person, role=role, since=since, until=until, granted_by=actor, granted_at=now)
    note(actor, "accounts.role.granted", person, now=now, role=role.value, since=since, until=until)
    return grant


@verb
def end_role(*, actor: User | None, person: User, role: Role, until: date, now: datetime) -> None:
    """End a role on `until`, a day on which it is no longer held. The last administrator stays one."""
    User.objects.select_for_update().get(pk=person.pk)
    if role == Role.ADMINISTRATOR:
        refuse_any(last_administrator_obstacles(person))
    running = RoleGrant.objects.select_for_update().filter(Q(until=None) | Q(until__gt=until), user=person, role=role)
    for grant in running.order_by("pk"):
        grant.until = max(until, grant.since)
        grant.save(update_fields=["until"])
        note(actor, "accounts.role.ended", person, now=now, role=role.value, until=grant.until)


def last_administrator_obstacles(person: User) -> list[Obstacle]:
    """Return what keeps `person` from ceasing to be an administrator: that nobody else is one.

    Locks the administrators' grants, then looks: two administrators who end each other take turns.
    """
    open_grants = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, until=None)
    holders = set(_held_still(open_grants).values_list("user_id", flat=True))
    if person.pk not in holders or open_grants.filter(user__is_active=True).exclude(user=person).exists():
        return []
    return [
        Obstacle("last_administrator", "This is the only administrator.", "An administrator, by naming another one.")
    ]


def _held_still(grants: QuerySet[RoleGrant]) -> QuerySet[RoleGrant]:
    """Lock grants, always in the same order."""
    return grants.select_for_update().order_by("pk")
