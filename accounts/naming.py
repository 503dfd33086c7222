"""Naming people: whoever is named by e-mail address is known, and can be invited."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.core.validators import validate_email

from accounts.acting import compare_and_step, note
from accounts.granting import last_administrator_obstacles
from accounts.models import Invitation, User
from accounts.obstacles import Obstacle, RefusedError, refuse_any
from audit.recording import verb

INVITATION_VALID = timedelta(days=14)


@verb
def name_person(*, actor: User | None, email: str, name: str = "", now: datetime, **details: str) -> User:
    """Return the person of that address, made known if new: without a password, so that nobody signs in yet.

    `details` may give function, time_zone, language. Refuses what is not an e-mail address.
    """
    email = email.strip().lower()
    validate_email(email)
    known: User | None = User.objects.filter(email=email).first()
    if known:
        return known
    person = User(email=email, name=name.strip(), joined_at=now, **details)
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save(force_insert=True)
    note(actor, "accounts.user.named", person, now=now)
    return person


@verb
def make_invitation(*, actor: User | None, person: User, now: datetime) -> tuple[Invitation, str]:
    """Make a single-use invitation; return it with its token, which is kept nowhere else than in the mail.

    Invitations made before end with it. Refuses for a person who has an account, or has left.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    refuse_any(invitation_obstacles(person))
    _end_invitations(person, now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=person,
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        invited_by=actor,
        created_at=now,
        expires_at=now + INVITATION_VALID,
    )
    note(actor, "accounts.user.invited", person, now=now)
    return invitation, token


@verb
def note_leaving(*, actor: User | None, person: User, left_on: date, now: datetime, seen: int | None = None) -> User:
    """Note that a person has left: no more sign-in; parts and roles stay as they were, and drift rules see it.

    Refuses for the last administrator.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    compare_and_step(person, seen)
    refuse_any(last_administrator_obstacles(person))
    person.is_active, person.left_on = False, left_on
    person.save(update_fields=["is_active", "left_on", "version"])
    _end_invitations(person, now)
    note(actor, "accounts.user.left", person, now=now, left_on=left_on)
    return person


@verb
def note_return(*, actor: User | None, person: User, now: datetime, seen: int | None = None) -> User:
    """Note that a person who had left is back: may sign in again, with the roles that are still granted."""
    person = User.objects.select_for_update().get(pk=person.pk)
    compare_and_step(person, seen)
    person.is_active, person.left_on = True, None
    person.save(update_fields=["is_active", "left_on", "version"])
    note(actor, "accounts.user.returned", person, now=now)
    return person


@verb
def change_person(*, actor: User | None, person: User, now: datetime, seen: int | None, **details: str) -> User:
    """Change name, function, time zone or language of a person; the address only of one who has not joined yet.

    A corrected address ends the invitations that went to the old one.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    compare_and_step(person, seen)
    if "email" in details:
        details["email"] = details["email"].strip().lower()
    changed = [field for field, value in details.items() if getattr(person, field) != value]
    if "email" in changed and person.has_usable_password():
        raise RefusedError([Obstacle("email", "Only this person can change the address that they sign in with.")])
    for field in changed:
        setattr(person, field, details[field])
    moved = "email" in changed
    person.full_clean(exclude=["password"], validate_unique=moved, validate_constraints=moved)
    person.save(update_fields=[*changed, "version"])
    if moved:
        _end_invitations(person, now)
    note(actor, "accounts.user.changed", person, now=now, fields=changed)
    return person


def invitation_obstacles(person: User) -> list[Obstacle]:
    """Return what keeps a person from being invited."""
    obstacles = []
    if person.has_usable_password():
        obstacles.append(Obstacle("has_account", "This person has an account already."))
    if not person.is_active:
        obstacles.append(Obstacle("has_left", "This person is noted as having left.", "An administrator."))
    return obstacles


def _end_invitations(person: User, now: datetime) -> None:
    Invitation.objects.filter(user=person, used_at=None, expires_at__gt=now).update(expires_at=now)
