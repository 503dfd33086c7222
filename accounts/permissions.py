"""Roles of people. Nothing here asks the database twice for one request."""

from datetime import date

from django.utils import timezone

from accounts.models import RoleGrant, User
from accounts.states import Role


def roles_of(user: User, *, today: date | None = None) -> frozenset[Role]:
    """Return the roles that `user` holds today, in the organisation's time zone; kept on the user object."""
    if today is not None:
        return _held(user, today)
    kept: frozenset[Role] | None = getattr(user, "_roles_today", None)
    if kept is None:
        kept = _held(user, timezone.localdate())
        user._roles_today = kept  # type: ignore[attr-defined]  # noqa: SLF001  a cache on the request's own object
    return kept


def _held(user: User, today: date) -> frozenset[Role]:
    if not user.is_active:
        return frozenset()
    return frozenset(
        Role(role) for role in RoleGrant.objects.held_on(today).filter(user=user).values_list("role", flat=True)
    )


def is_manager(user: User) -> bool:
    """Portfolio managers see and prepare everything."""
    return Role.PORTFOLIO_MANAGER in roles_of(user)


def is_auditor(user: User) -> bool:
    """Auditors see everything and change nothing."""
    return Role.AUDITOR in roles_of(user)


def is_administrator(user: User) -> bool:
    """Administrators run the installation; they decide nothing."""
    return Role.ADMINISTRATOR in roles_of(user)
