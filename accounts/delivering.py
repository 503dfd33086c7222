"""Delivering what is due: claimed one by one, sent one by one, noted one by one.

Between the server's "250" and our note a crash leaves a mail claimed; when its lease is over it is sent again,
with the same Message-ID. We choose nothing lost over nothing doubled: over SMTP one cannot have both.
No transaction is open while the server is spoken to.
"""

import logging
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from accounts.models import Mail
from accounts.states import MAIL_DUE, MailKind, MailState
from accounts.transport import (
    Courier,
    PermanentError,
    TransportError,
    UncertainError,
    UnreachableError,
    courier_for,
)

logger = logging.getLogger("pilotage.mail")

#: Pauses between tries; after the last one the mail has failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 960))
#: Pause of all mails while the server is not there, and for how long they wait for it at most.
UNREACHABLE_PAUSE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=3)
#: Mails that carry a key or code: their text is removed once it is not needed any more.
KEYED_KINDS = (MailKind.ACCOUNT, MailKind.INVITATION)
#: Mails that are not sent to an address from which mail comes back; what people asked for themselves still is.
HELD_BACK_KINDS = (MailKind.DIGEST, MailKind.NOTICE)

#: One statement, since it runs once for each mail. It walks the index of what is due, from the front.
_CLAIM = """
WITH next AS MATERIALIZED (
    SELECT id FROM accounts_mail
    WHERE state = ANY(%(due)s) AND next_try_at <= %(now)s
    ORDER BY next_try_at, id LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE accounts_mail AS mail
SET state = %(sending)s, lease = %(lease)s, next_try_at = %(until)s, attempts = mail.attempts + 1
FROM next WHERE mail.id = next.id
RETURNING mail.*,
    EXISTS (SELECT FROM accounts_user WHERE id = mail.recipient_id AND NOT is_active) AS recipient_has_left,
    EXISTS (SELECT FROM accounts_bounce WHERE address = lower(mail.to_address) AND ended_at IS NULL) AS bounced
"""


@dataclass
class Delivery:
    """What one sweep did."""

    states: Counter[str] = field(default_factory=Counter)
    #: Why the server took nothing, if it took nothing.
    unreachable: str = ""
    #: The time allowed was over before all was sent.
    cut_short: bool = False

    @property
    def sent(self) -> int:
        return self.states[MailState.SENT]


class _Time:
    """The moment of the sweep's beginning, moved on by the time that it has taken."""

    def __init__(self, now: datetime) -> None:
        self._start, self._begun = now, time.monotonic()

    @property
    def now(self) -> datetime:
        return self._start + self.taken

    @property
    def taken(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._begun)


def deliver_due(
    *,
    now: datetime,
    limit: int = 10_000,
    budget: timedelta = timedelta(seconds=50),
    lease: timedelta | None = None,
    courier: Courier | None = None,
) -> Delivery:
    """Send what is due at `now`, at most `limit` mails and for about `budget`; several may do so at once.

    Each mail ends sent, waiting for its next try, uncertain or failed, with the server's reason.
    """
    delivery, clock = Delivery(), _Time(now)
    lease = lease or settings.MAIL_LEASE
    if not Mail.objects.due(now).exists():
        return delivery
    courier = courier or courier_for(settings.MAIL_TRANSPORT)
    try:
        courier.open()
        while mail := claim(now=clock.now, lease=lease):
            delivery.states[_deliver(mail, courier, clock)] += 1
            if delivery.states.total() >= limit or clock.taken >= budget:
                delivery.cut_short = True
                break
    except UnreachableError as error:
        delivery.unreachable = error.reason
        _postpone_all(error.reason, clock.now)
    finally:
        courier.close()
    return delivery


def claim(*, now: datetime, lease: timedelta) -> Mail | None:
    """Take one mail that is due: from now on, and until the lease is over, nobody else sends it."""
    with transaction.atomic(durable=True):
        taken = Mail.objects.raw(
            _CLAIM,
            {
                "now": now,
                "due": [state.value for state in (*MAIL_DUE, MailState.SENDING)],
                "sending": MailState.SENDING.value,
                "lease": uuid.uuid4(),
                "until": now + lease,
            },
        )
        return next(iter(taken), None)


def _deliver(mail: Mail, courier: Courier, clock: _Time) -> MailState:
    """Send one claimed mail and note what became of it. UnreachableError goes on, the mail put back."""
    if mail.kind == MailKind.DIGEST and mail.recipient_has_left:  # type: ignore[attr-defined]  # by `claim`
        return _settle(mail, MailState.SUPPRESSED, "the person has left", clock.now)
    if mail.kind in HELD_BACK_KINDS and mail.bounced:  # type: ignore[attr-defined]  # by `claim`
        return _settle(mail, MailState.SUPPRESSED, "mail to this address comes back", clock.now)
    if mail.attempts > len(PAUSES) + 1:
        return _settle(
            mail, MailState.FAILED, f"given up; at last: {mail.reason or 'the sender was killed'}", clock.now
        )
    try:
        courier.send(mail)
    except UnreachableError as error:
        _settle(mail, MailState.RETRY, error.reason, clock.now, counted=False)
        raise
    except TransportError as error:
        return _settle(mail, _state_after(error, mail), error.reason, clock.now)
    except Exception as error:  # one mail that cannot be built must not stop all others
        logger.exception("mail %s cannot be sent", mail.pk)
        return _settle(mail, MailState.FAILED, f"cannot be sent: {type(error).__name__}", clock.now)
    return _settle(mail, MailState.SENT, "", clock.now, keeps_text=courier.keeps_mail)


def _state_after(error: TransportError, mail: Mail) -> MailState:
    if isinstance(error, PermanentError) or mail.attempts > len(PAUSES):
        return MailState.FAILED
    return MailState.UNCERTAIN if isinstance(error, UncertainError) else MailState.RETRY


def _settle(
    mail: Mail, state: MailState, reason: str, now: datetime, *, counted: bool = True, keeps_text: bool = True
) -> MailState:
    """Note what became of a mail, if we still hold it: whoever took it over after our lease speaks for it."""
    changes: dict[str, Any] = {"state": state, "reason": reason[:500], "lease": None}
    if not counted:
        changes |= {"attempts": mail.attempts - 1, "next_try_at": now + UNREACHABLE_PAUSE}
    elif state in MAIL_DUE:
        changes["next_try_at"] = now + PAUSES[mail.attempts - 1]
    if state == MailState.SENT:
        changes["sent_at"] = now
        if mail.kind in KEYED_KINDS and not keeps_text:
            changes |= {"text": "", "html": ""}
    # One statement, committed by itself: `claim` has seen to it that no transaction is open.
    if not _change(mail, changes):
        logger.warning("mail %s was taken over by another sender", mail.pk)
    return state


def _change(mail: Mail, changes: dict[str, Any]) -> int:
    """Change a mail that we still hold; return how many rows that were. Written out, since it runs for each mail."""
    columns = ", ".join(f"{name} = %({name})s" for name in changes)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE accounts_mail SET {columns} WHERE id = %(held)s AND lease = %(by)s",  # noqa: S608  our own names
            {**changes, "held": mail.pk, "by": mail.lease},
        )
        changed: int = cursor.rowcount
    return changed


def _postpone_all(reason: str, now: datetime) -> None:
    """Let all mails that are due wait for the server, with the reason; those that waited too long have failed."""
    with transaction.atomic(durable=True):
        due = Q(state__in=MAIL_DUE, next_try_at__lte=now)
        Mail.objects.filter(due, created_at__lt=now - LONGEST_WAIT).update(state=MailState.FAILED, reason=reason)
        Mail.objects.filter(due, state=MailState.UNCERTAIN).update(reason=reason, next_try_at=now + UNREACHABLE_PAUSE)
        Mail.objects.filter(due).update(state=MailState.RETRY, reason=reason, next_try_at=now + UNREACHABLE_PAUSE)
