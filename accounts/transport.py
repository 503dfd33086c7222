"""How mail leaves: by SMTP, or into the product's own mailbox; and how the libraries' mail gets into the outbox."""

import re
import smtplib
import ssl
from binascii import b2a_qp
from collections.abc import Sequence
from contextlib import suppress
from email.charset import QP, Charset
from email.utils import format_datetime, parseaddr
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.mailing import drafted, enqueue_all, own_header, sender_domain
from accounts.models import Mail, User
from accounts.states import MailKind

_LONGEST_REASON = 500
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
_BLANKS = re.compile(r"[\x00-\x20\x7f]+")
_LINE_OF_DOT = re.compile(rb"(?m)^\.")


class _SevenBit(Charset):
    """Text in the seven bits that every server takes."""

    def __init__(self) -> None:
        super().__init__("utf-8")
        self.body_encoding = QP

    def body_encode(self, string: str | bytes) -> str:  # type: ignore[override]  # never asked to encode nothing
        """Quoted-printable by the interpreter's own code: the library's takes half of what sending a mail takes."""
        text = string if isinstance(string, bytes) else string.encode("utf-8")
        return b2a_qp(text, istext=True).decode("ascii")


_SEVEN_BIT = _SevenBit()


class TransportError(Exception):
    """A mail did not leave. `reason` is what the server said, without addresses of people."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class UnreachableError(TransportError):
    """The server takes no mail from us now, whoever it is for: all that is due waits."""


class TemporaryError(TransportError):
    """The server does not take this mail now, and may later."""


class PermanentError(TransportError):
    """The server will never take this mail."""


class UncertainError(TransportError):
    """The server went silent after it had the mail: it may have been delivered, or not."""


class MailServer(Protocol):
    """Where to deliver: what EMAIL_URL says (no host: into the product's own mailbox)."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def starttls(self) -> bool: ...
    @property
    def tls(self) -> bool: ...
    @property
    def timeout(self) -> float: ...


class Courier(Protocol):
    """Takes mails away, one after the other."""

    #: Whether mails stay where an administrator of the product can read them.
    keeps_mail: bool

    def open(self) -> None:
        """Make ready; UnreachableError where that cannot be done."""

    def send(self, mail: Mail) -> None:
        """Hand one mail over, or raise one of the errors above."""

    def close(self) -> None:
        """Let go."""


class Mailbox:
    """The in-product mailbox of an installation without a mail server: being kept is being sent."""

    keeps_mail = True

    def open(self) -> None:
        """Nothing to make ready."""

    def send(self, mail: Mail) -> None:
        """Try whether the mail can be built, as a server would see it."""
        as_bytes(mail)

    def close(self) -> None:
        """Nothing to let go."""


class BackendCourier:
    """Hands mails to another backend of Django's, such as django-anymail's for a provider."""

    keeps_mail = False

    def __init__(self, path: str) -> None:
        self._backend = get_connection(path, fail_silently=False)

    def open(self) -> None:
        """Connect, where the backend keeps a connection."""
        try:
            self._backend.open()
        except Exception as error:  # whatever a backend raises, all mails wait
            raise UnreachableError(_said_by(error)) from error

    def send(self, mail: Mail) -> None:
        """Hand one mail over. What the backend raises is told by its class alone where it bears no SMTP answer."""
        try:
            taken = self._backend.send_messages([as_message(mail)])
        except smtplib.SMTPResponseException as error:
            kind = PermanentError if error.smtp_code >= 500 else TemporaryError
            raise kind(_said_by(error)) from error
        except Exception as error:
            status = getattr(error, "status_code", None)
            refused = isinstance(status, int) and 400 <= status < 500 and status not in {401, 403, 408, 429}
            raise (PermanentError if refused else TemporaryError)(_said_by(error)) from error
        if not taken:
            raise TemporaryError("the provider did not take it")

    def close(self) -> None:
        """Let go."""
        with suppress(Exception):
            self._backend.close()


class SmtpCourier:
    """One connection to a server, used for many mails and made anew when it breaks."""

    keeps_mail = False

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        """Connect, encrypt and sign in as the server's address says."""
        self._ready()

    def send(self, mail: Mail) -> None:
        """Run one SMTP transaction for one recipient."""
        payload = _LINE_OF_DOT.sub(b"..", as_bytes(mail))
        recipient = parseaddr(sanitize_address(mail.to_address, "utf-8"))[1]
        try:
            smtp = self._begun()
            self._expect(smtp, smtp.rcpt(recipient), (250, 251))
            self._expect(smtp, smtp.docmd("DATA"), (354,))
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise TemporaryError(_said_by(error)) from error
        try:
            smtp.send(payload + (b".\r\n" if payload.endswith(b"\r\n") else b"\r\n.\r\n"))
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise UncertainError(_said_by(error)) from error
        self._expect(smtp, answer, (250,))

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.tls:
            smtp = smtplib.SMTP_SSL(timeout=server.timeout, local_hostname=sender_domain(), context=context)
        else:
            smtp = smtplib.SMTP(timeout=server.timeout, local_hostname=sender_domain())
        try:
            smtp._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001  smtplib checks certificates by it
            _welcomed(smtp.connect(server.host, server.port))
            smtp.ehlo_or_helo_if_needed()
            if server.starttls:
                smtp.starttls(context=context)
                smtp.ehlo()
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _ready(self) -> smtplib.SMTP:
        """The connection, made if there is none."""
        if self._smtp is None:
            try:
                self._smtp = self._connected()
            except (OSError, smtplib.SMTPException) as error:
                raise UnreachableError(_said_by(error)) from error
        return self._smtp

    def _begun(self, *, anew: bool = True) -> smtplib.SMTP:
        """A connection on which the server has taken our address as sender.

        One that broke, or that the server wants to end, is made `anew` once: nothing of a mail was said yet.
        """
        smtp = self._ready()
        try:
            code, text = smtp.mail(parseaddr(sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8"))[1])
            if code == 250:
                return smtp
            reason = telling(code, text)
        except (OSError, smtplib.SMTPException) as error:
            code, reason = 421, _said_by(error)
        self.close()
        if anew and code == 421:
            return self._begun(anew=False)
        raise UnreachableError(reason)

    def _expect(self, smtp: smtplib.SMTP, answer: tuple[int, bytes], good: tuple[int, ...]) -> None:
        """Raise for an answer that is not `good`, and leave the connection ready for the next mail."""
        code, text = answer
        if code in good:
            return
        if code == 421 or code < 400:
            self.close()
        else:
            try:
                smtp.rset()
            except (OSError, smtplib.SMTPException):
                self.close()
        raise (PermanentError if 500 <= code < 600 else TemporaryError)(telling(code, text))


def _welcomed(answer: tuple[int, bytes]) -> None:
    if answer[0] != 220:
        raise smtplib.SMTPConnectError(*answer)


def courier_for(server: MailServer) -> Courier:
    """Who takes mails away: another backend where one is set, else SMTP for that server, else our own mailbox."""
    if settings.MAIL_BACKEND:
        return BackendCourier(settings.MAIL_BACKEND)
    return SmtpCourier(server) if server.host else Mailbox()


def as_bytes(mail: Mail) -> bytes:
    """A mail as it goes out, lines ending in CR LF."""
    body: bytes = as_message(mail).message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own has it
    return body


def as_message(mail: Mail) -> EmailMultiAlternatives:
    """A mail with its stored Message-ID and day, text and, where there is one, HTML."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to_address],
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(mail.created_at),
            "Auto-Submitted": "auto-generated",
            **mail.headers,
        },
    )
    message.encoding = _SEVEN_BIT
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def telling(code: int, text: bytes | str) -> str:
    """What the server said, in its words, on one line and without the addresses of people."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    words = _ADDRESS.sub("(address)", _BLANKS.sub(" ", words)).strip()
    return f"{code} {words}".strip()[:_LONGEST_REASON]


def _said_by(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return telling(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "the server did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "the server is not there"
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return "the connection broke"
    return _ADDRESS.sub("(address)", f"{type(error).__name__}: {error}")[:_LONGEST_REASON]


class OutboxBackend(BaseEmailBackend):
    """Django's way to send, led into the outbox, so that every mail is a row before it is a mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put a mail per recipient into the outbox; return how many messages were taken. Refuses attachments."""
        taken = 0
        for message in email_messages:
            try:
                with transaction.atomic():
                    enqueue_all(_drafts(message))
            except ValidationError:
                if not self.fail_silently:
                    raise
                continue
            taken += 1
        return taken


def _drafts(message: EmailMessage) -> list[Mail]:
    if message.attachments:
        raise ValidationError("The outbox takes no attachments.", code="attachment")
    now = timezone.now()
    text, html = str(message.body), ""
    if message.content_subtype == "html":
        text, html = strip_tags(text), text
    for content, kind in getattr(message, "alternatives", ()):
        if kind == "text/html":
            html = str(content)
    headers = {name: str(value) for name, value in message.extra_headers.items() if not own_header(name)}
    addresses = [parseaddr(address)[1] for address in message.recipients()]
    known = {user.email: user for user in User.objects.filter(email__in=[address.lower() for address in addresses])}
    return [
        drafted(
            kind=MailKind.ACCOUNT,
            recipient=known.get(address.lower()),
            to_address=address,
            subject=str(message.subject),
            text=text,
            html=html,
            headers=headers,
            now=now,
        )
        for address in addresses
    ]
