"""Joining: an invitation is accepted, an account is opened."""

import hashlib
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from accounts.acting import note
from accounts.mailing import enqueue
from accounts.models import Invitation, User
from accounts.naming import invitation_obstacles
from accounts.obstacles import Obstacle, RefusedError, refuse_any
from accounts.states import InvitationState, MailKind
from audit.recording import verb


@verb
def open_account(*, actor: User | None, person: User, password: str, now: datetime, **details: str) -> User:
    """Let a person sign in: with this password, and with their address taken as verified.

    `details` may give name and time_zone. The caller answers for the address: an invitation sent there was
    used, or whoever installs says so. Refuses a weak password, and a person who has an account or has left.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    refuse_any(invitation_obstacles(person))
    for field, value in details.items():
        setattr(person, field, value)
    person.clean_fields(exclude=["password"])
    check_password_rules(password, person)
    person.set_password(password)
    person.version += 1
    person.save(update_fields=["password", "version", *details])
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    note(actor, "accounts.user.joined", person, now=now)
    return person


@verb
def accept_invitation(*, token: str, name: str, time_zone: str, password: str, now: datetime) -> User:
    """Use up an invitation and open the account of the person to whom it was sent. RefusedError if it is void."""
    found = invitation_of(token)
    if found is None:
        raise RefusedError([_VOID])
    User.objects.select_for_update().get(pk=found.user_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("user").get(pk=found.pk)
    if state_of(invitation, now=now) is not InvitationState.OPEN:
        raise RefusedError([_VOID])
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    person = invitation.user
    opened: User = open_account(actor=person, person=person, password=password, name=name, time_zone=time_zone, now=now)
    return opened


def keep_password(person: AbstractBaseUser, password: str) -> None:
    """Replace a person's password, and nothing else of theirs; the library notes and tells that it changed."""
    person.set_password(password)
    person.save(update_fields=["password"])


@verb
def drop_second_step(*, actor: User | None, person: User, now: datetime) -> None:
    """Take away a second step that a person has lost, so that the password alone signs in; they are told by mail."""
    person = User.objects.select_for_update().get(pk=person.pk)
    count, _ = Authenticator.objects.filter(user=person).delete()
    if not count:
        return
    note(actor, "accounts.user.second_step_dropped", person, now=now)
    enqueue(
        kind=MailKind.ACCOUNT,
        recipient=person,
        subject="Your second step at sign-in was taken away",
        text=render_to_string("accounts/second_step_dropped_mail.txt", {"base_url": settings.BASE_URL}),
        now=now,
    )


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation with that token, used or not; tokens are kept as hashes only."""
    return (
        Invitation.objects.select_related("user", "invited_by")
        .filter(token_sha256=hashlib.sha256(token.encode()).hexdigest())
        .first()
    )


def state_of(invitation: Invitation, *, now: datetime) -> InvitationState:
    """Return whether an invitation can still be accepted, and if not, why."""
    if invitation.used_at is not None or invitation.user.has_usable_password():
        return InvitationState.USED
    if invitation.expires_at <= now or not invitation.user.is_active:
        return InvitationState.EXPIRED
    return InvitationState.OPEN


def check_password_rules(password: str, person: User) -> None:
    """Refuse a password that the installation's rules refuse; the error names the field."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({"password": error.error_list}) from error


_VOID = Obstacle("void_invitation", "This invitation can no longer be used.", "Whoever invited you, by a new one.")
