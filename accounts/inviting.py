"""Inviting people: a mail with a link to join."""

import zoneinfo
from datetime import date, datetime

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.granting import grant_role
from accounts.mailing import enqueue
from accounts.models import Invitation, User
from accounts.naming import make_invitation, name_person
from accounts.states import MailKind, Role
from audit.recording import verb

_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@verb
def send_invitation(*, actor: User | None, person: User, now: datetime) -> Invitation:
    """Invite a person by mail. Refuses for one who has an account or has left; earlier invitations end."""
    invitation, token = make_invitation(actor=actor, person=person, now=now)
    context = {
        "person": person,
        "inviter": actor,
        "expires_at": invitation.expires_at,
        "link": settings.BASE_URL + reverse("accounts:invitation", args=[token]),
        "base_url": settings.BASE_URL,
    }
    with timezone.override(zoneinfo.ZoneInfo(person.time_zone)):
        text = render_to_string("accounts/invitation_mail.txt", context)
        html = _inliner.inline(render_to_string("accounts/invitation_mail.html", context))
    enqueue(
        kind=MailKind.INVITATION,
        recipient=person,
        subject="Your invitation to Pilotage",
        text=text,
        html=html,
        now=now,
    )
    return invitation


@verb
def name_and_invite(*, actor: User | None, email: str, name: str = "", now: datetime) -> User:
    """Return the person of that address; one who is new here is named, and invited by mail."""
    known = User.objects.filter(email=email.strip().lower()).exists()
    person: User = name_person(actor=actor, email=email, name=name, now=now)
    if not known:
        send_invitation(actor=actor, person=person, now=now)
    return person


@verb
def bring_in(
    *,
    actor: User | None,
    email: str,
    name: str,
    function: str,
    role: Role | None,
    invite: bool,
    today: date,
    now: datetime,
) -> User:
    """Name a new person, grant a role from today on, and invite them, all or nothing. Refuses a known address."""
    if User.objects.filter(email=email.strip().lower()).exists():
        raise ValidationError({"email": "This person is known already: look for the address in the list."})
    person: User = name_person(
        actor=actor, email=email, name=name, function=function, time_zone=settings.TIME_ZONE, now=now
    )
    if role is not None:
        grant_role(actor=actor, person=person, role=role, since=today, now=now)
    if invite:
        send_invitation(actor=actor, person=person, now=now)
    return person
