"""The outbox: putting mails in, putting them back, keeping them from being sent."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import make_msgid, parseaddr

from css_inline import CSSInliner
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.acting import note
from accounts.models import Mail, User
from accounts.obstacles import Obstacle, refuse_any
from accounts.ringing import ring
from accounts.states import MAIL_DUE, MailKind, MailState
from audit.recording import verb

#: Job that sends what is due.
DELIVERY = "mail.deliver"
#: Header of mails that speak of what not everybody may see; administrators are not shown their text.
CONFIDENTIAL = "Sensitivity"
#: Headers that the sender writes itself, from columns of the row.
_OWN_HEADERS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "reply-to", "sender", "return-path", "content-type"}
)
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_LONGEST_SUBJECT = 250
_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def enqueue(
    *,
    kind: MailKind,
    recipient: User | None,
    subject: str,
    text: str,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    to_address: str = "",
    now: datetime,
) -> Mail:
    """Put a mail into the outbox, in the caller's transaction, and ring for its delivery after the commit.

    It goes to `to_address`, or to the recipient's own. Refuses what is not one plain address, and subjects or
    headers with line breaks in them.
    """
    mail = drafted(
        kind=kind, recipient=recipient, subject=subject, text=text, html=html, headers=headers,
        to_address=to_address, now=now,
    )  # fmt: skip
    return enqueue_all([mail])[0]


def enqueue_all(mails: Sequence[Mail]) -> list[Mail]:
    """Put drafted mails into the outbox with one statement, and ring once."""
    queued = Mail.objects.bulk_create(mails)
    if queued:
        ring(DELIVERY)
    return queued


def drafted(
    *,
    kind: MailKind,
    recipient: User | None,
    subject: str,
    text: str,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    to_address: str = "",
    now: datetime,
) -> Mail:
    """A mail as `enqueue` would keep it, with its Message-ID, not yet kept."""
    address = to_address or (recipient.email if recipient else "")
    validate_email(address)
    extra = dict(headers or {})
    _refuse_injection(subject, extra)
    return Mail(
        message_id=make_msgid(domain=sender_domain()),
        kind=kind,
        recipient=recipient,
        to_address=address,
        subject=subject[:_LONGEST_SUBJECT],
        text=text,
        html=html,
        headers=extra,
        next_try_at=now,
        created_at=now,
    )


@verb
def resend_mail(*, actor: User, mail: Mail, now: datetime) -> Mail:
    """Put a mail back into the queue, to be sent at once with the same Message-ID. Its tries count anew."""
    mail = Mail.objects.select_for_update().get(pk=mail.pk)
    refuse_any(resend_obstacles(mail))
    mail.state, mail.attempts, mail.next_try_at, mail.reason = MailState.QUEUED, 0, now, ""
    mail.save(update_fields=["state", "attempts", "next_try_at", "reason"])
    note(actor, "accounts.mail.resent", mail, now=now)
    ring(DELIVERY)
    return mail


@verb
def suppress_mail(*, actor: User, mail: Mail, now: datetime) -> Mail:
    """Keep a mail that waits from being sent, until somebody puts it back. Doing it again changes nothing."""
    mail = Mail.objects.select_for_update().get(pk=mail.pk)
    if mail.state == MailState.SUPPRESSED:
        return mail
    refuse_any(suppress_obstacles(mail))
    mail.state = MailState.SUPPRESSED
    mail.save(update_fields=["state"])
    note(actor, "accounts.mail.suppressed", mail, now=now)
    return mail


def resend_obstacles(mail: Mail) -> list[Obstacle]:
    """What keeps a mail from being put back into the queue."""
    if mail.state in (MailState.QUEUED, MailState.SENDING):
        return [Obstacle("on_its_way", "This mail is on its way already.")]
    if not mail.text:
        return [
            Obstacle(
                "text_removed",
                "Its text held a key and was removed once it was sent.",
                "The person asks for a new one on the sign-in page, or is invited again.",
            )
        ]
    return []


def suppress_obstacles(mail: Mail) -> list[Obstacle]:
    """What keeps a mail from being held back."""
    if mail.state == MailState.SENDING:
        return [Obstacle("on_its_way", "This mail is being sent right now.")]
    if mail.state not in MAIL_DUE:
        return [Obstacle("not_waiting", "This mail no longer waits to be sent.")]
    return []


def with_styles_inline(html: str) -> str:
    """Put the styles of a rendered mail onto its elements, as mail programs need it; rules for dark mode stay."""
    return _INLINER.inline(html)


def sender_domain() -> str:
    """The domain that mails come from; Message-IDs and list names end in it."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def own_header(name: str) -> bool:
    """Whether a header is written from the mail's columns, whatever anybody else says of it."""
    return name.lower() in _OWN_HEADERS


def _refuse_injection(subject: str, headers: Mapping[str, str]) -> None:
    if _CONTROL.search(subject):
        raise ValidationError("The subject of a mail is one line.", code="header_injection")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or own_header(name) or _CONTROL.search(value):
            raise ValidationError("A header of the mail cannot be used.", code="header_injection")
