"""The first administrator of an empty installation."""

from datetime import date, datetime

from django.db import connection

from accounts.acting import note
from accounts.granting import grant_role
from accounts.joining import open_account
from accounts.models import RoleGrant, User
from accounts.naming import name_person
from accounts.obstacles import Obstacle, RefusedError
from accounts.states import Role
from audit.recording import verb

#: Number of the lock that beginners take turns by; it means nothing else.
_LOCK = 7_145_001


def is_begun() -> bool:
    """Whether there is, or ever was, an administrator: grants are ended, never deleted.

    People alone do not count: an import may name some before anybody has signed in.
    """
    return RoleGrant.objects.filter(role=Role.ADMINISTRATOR).exists()


@verb
def begin_installation(*, actor: User | None, name: str, email: str, password: str, today: date, now: datetime) -> User:
    """Make the first administrator; `actor` is nobody: there is nobody yet.

    RefusedError once there is one, also for the second of two at the same time.
    """
    _take_turns()
    if is_begun():
        raise RefusedError([Obstacle("begun", "This installation has its first administrator already.")])
    person = name_person(actor=actor, email=email, name=name, now=now)
    opened: User = open_account(actor=person, person=person, password=password, name=name.strip(), now=now)
    grant_role(actor=actor, person=opened, role=Role.ADMINISTRATOR, since=today, now=now)
    note(opened, "accounts.installation.begun", opened, now=now)
    return opened


def _take_turns() -> None:
    """Wait for whoever else is beginning; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
