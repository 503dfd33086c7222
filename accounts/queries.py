"""Reading people and units."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Invitation, RoleGrant, Unit, User


class PersonState(models.TextChoices):
    """How far a person's account has come; not kept, but read from what is."""

    JOINED = "joined", "Has joined"
    INVITED = "invited", "Invited"
    NAMED = "named", "Named only"
    LEFT = "left", "Has left"


def people(*, now: datetime, today: date, q: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """Return people with `held` (grants in force) and `state`, by name; in a fixed number of queries."""
    open_invitation = Invitation.objects.filter(user=OuterRef("pk"), used_at=None, expires_at__gt=now)
    found = User.objects.annotate(
        state=models.Case(
            models.When(is_active=False, then=models.Value(PersonState.LEFT)),
            models.When(~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX), then=models.Value(PersonState.JOINED)),
            models.When(Exists(open_invitation), then=models.Value(PersonState.INVITED)),
            default=models.Value(PersonState.NAMED),
            output_field=models.CharField(),
        )
    ).prefetch_related(Prefetch("grants", queryset=RoleGrant.objects.held_on(today).order_by("role"), to_attr="held"))
    for word in q.split():
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role:
        found = found.filter(Exists(RoleGrant.objects.held_on(today).filter(user=OuterRef("pk"), role=role)))
    if state:
        found = found.filter(state=state)
    ordered: QuerySet[User] = found.order_by("name", "email")
    return ordered


@dataclass(frozen=True)
class UnitRow:
    """A unit in the tree: how deep it stands, and how many stand directly below."""

    unit: Unit
    depth: int
    below: int

    @property
    def steps(self) -> range:
        """One step for each level above."""
        return range(self.depth)


def unit_tree() -> list[UnitRow]:
    """Return every unit, each below the one it is part of, by name; one query."""
    children: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.order_by("name"):
        children[unit.parent_id].append(unit)
    rows: list[UnitRow] = []
    waiting: list[tuple[Unit, int]] = [(unit, 0) for unit in reversed(children[None])]
    while waiting:
        unit, depth = waiting.pop()
        below = children.get(unit.pk, [])
        rows.append(UnitRow(unit, depth, len(below)))
        waiting.extend((child, depth + 1) for child in reversed(below))
    return rows


def roles_in_order(person: User) -> QuerySet[RoleGrant, Any]:
    """Return the roles that a person holds, held, or will hold; the ones without an end first, then the newest."""
    return (
        RoleGrant.objects.filter(user=person)
        .select_related("granted_by")
        .order_by(models.F("until").desc(nulls_first=True), "-since", "role")
    )
