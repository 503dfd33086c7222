"""Two naive senders, as the negative controls of the outbox: `python -m tests.faults.naive MANNER HOST PORT`."""

import smtplib
import sys

import django

django.setup()

from accounts.models import Mail  # noqa: E402  models need Django set up
from accounts.states import MailState  # noqa: E402


def main(manner: str, host: str, port: int) -> None:
    """Send all that is queued over one connection, and mark it as sent before or after, all at once."""
    mails = list(Mail.objects.filter(state=MailState.QUEUED))
    waiting = Mail.objects.filter(pk__in=[mail.pk for mail in mails])
    if manner == "mark-then-send":
        waiting.update(state=MailState.SENT)
    with smtplib.SMTP(host, port, local_hostname="localhost") as smtp:
        for mail in mails:
            content = f"Message-ID: {mail.message_id}\r\nSubject: {mail.subject}\r\n\r\n{mail.text}"
            smtp.sendmail("pilotage@localhost", [mail.to_address], content)
    if manner == "send-then-mark":
        waiting.update(state=MailState.SENT)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
