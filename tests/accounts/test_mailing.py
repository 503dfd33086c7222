"""The outbox: what goes in, what is refused, and how libraries' mail gets there."""

from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail

from accounts.delivering import deliver_due
from accounts.mailing import enqueue, resend_mail, suppress_mail
from accounts.models import Mail
from accounts.naming import note_leaving
from accounts.obstacles import RefusedError
from accounts.states import MailKind, MailState
from accounts.transport import as_bytes
from audit.models import Event


@pytest.fixture
def mail(cast, now) -> Mail:
    return enqueue(
        kind=MailKind.DIGEST,
        recipient=cast.alice,
        subject="3 pilots wait … for a decision",
        text="Décidez.\n.\nA line that begins with a dot above.",
        html="<p>Décidez.</p>",
        headers={"List-Id": "Stalled pilots <stalled.example.org>", "List-Unsubscribe": f"<https://x/{'k' * 90}/>"},
        now=now,
    )


def test_a_mail_waits_with_its_own_message_id(mail, cast, now):
    other = enqueue(kind=MailKind.ACCOUNT, recipient=cast.bob, subject="S", text="T", now=now)
    mail.refresh_from_db()
    assert (mail.state, mail.to_address, mail.next_try_at) == (MailState.QUEUED, "alice@example.org", now)
    assert mail.message_id.endswith("@localhost>")
    assert mail.message_id != other.message_id


def test_what_goes_out_is_what_was_put_in(mail):
    content = as_bytes(mail)
    message = message_from_bytes(content, policy=policy.default)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert message["Message-ID"] == mail.message_id
    assert message["To"] == "alice@example.org"
    assert message["Subject"] == mail.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].strip() == mail.headers["List-Unsubscribe"]
    assert message["Date"].datetime == mail.created_at.replace(microsecond=0)
    text, html = message.iter_parts()
    assert text.get_content().splitlines() == mail.text.splitlines()
    assert html.get_content().rstrip("\n") == mail.html
    assert as_bytes(mail).split(b"boundary")[0] == content.split(b"boundary")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "Hello\r\nBcc: eve@example.org"},
        {"subject": "Hello\nBcc: eve@example.org"},
        {"subject": "Hello\u2028there"},
        {"to_address": "ada@example.org\nbcc: eve@example.org"},
        {"to_address": "ada@example.org, eve@example.org"},
        {"to_address": "nobody"},
        {"headers": {"X-Test": "a\r\nBcc: eve@example.org"}},
        {"headers": {"X-Test\r\nBcc": "eve@example.org"}},
        {"headers": {"Bcc": "eve@example.org"}},
        {"headers": {"message-id": "<mine@example.org>"}},
    ],
)
def test_header_injection_is_refused(cast, now, wrong):
    plain = {"kind": MailKind.DIGEST, "recipient": cast.alice, "subject": "S", "text": "T", "now": now}
    with pytest.raises(ValidationError):
        enqueue(**{**plain, **wrong})
    assert not Mail.objects.exists()


def test_mail_of_libraries_goes_through_the_outbox(cast, settings):
    message = EmailMultiAlternatives(
        "Reset",
        "Your code",
        "somebody@else.example",
        ["Alice <ALICE@example.org>"],
        headers={"Reply-To": "x@y.example"},
    )
    message.attach_alternative("<p>Your code</p>", "text/html")
    settings.EMAIL_BACKEND = "accounts.transport.OutboxBackend"
    assert message.send() == 1

    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient, mail.to_address) == (MailKind.ACCOUNT, cast.alice, "ALICE@example.org")
    assert (mail.text, mail.html, mail.headers) == ("Your code", "<p>Your code</p>", {})


def test_a_library_that_writes_html_alone_is_read_as_text_too(db, settings):
    settings.EMAIL_BACKEND = "accounts.transport.OutboxBackend"
    message = EmailMessage("Reset", "<p>Your <b>code</b></p>", to=["ada@example.org"])
    message.content_subtype = "html"
    message.send()
    mail = Mail.objects.get()
    assert (mail.text, mail.html, mail.recipient) == ("Your code", "<p>Your <b>code</b></p>", None)


def test_mail_of_libraries_with_attachments_or_injection_is_refused(db, settings):
    settings.EMAIL_BACKEND = "accounts.transport.OutboxBackend"
    message = EmailMessage("Report", "See file", to=["ada@example.org"])
    message.attach("a.txt", "text", "text/plain")
    with pytest.raises(ValidationError):
        message.send()
    with pytest.raises(ValidationError):
        send_mail("Hello\nBcc: eve@example.org", "T", None, ["ada@example.org"])
    assert send_mail("Hello\nthere", "T", None, ["ada@example.org"], fail_silently=True) == 0
    assert not Mail.objects.exists()


def test_without_a_server_the_mailbox_of_the_product_keeps_the_mail(mail, now):
    assert deliver_due(now=now).sent == 1
    mail.refresh_from_db()
    assert (mail.state, mail.text.split("\n")[0]) == (MailState.SENT, "Décidez.")


def test_who_has_left_gets_no_digest_any_more(mail, cast, now, today):
    note_leaving(actor=None, person=cast.alice, left_on=today, now=now)
    deliver_due(now=now)
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.SUPPRESSED, "the person has left")


def test_a_suppressed_mail_stays_until_somebody_puts_it_back(mail, cast, now):
    suppress_mail(actor=cast.administrator, mail=mail, now=now)
    suppress_mail(actor=cast.administrator, mail=mail, now=now)
    assert deliver_due(now=now).states.total() == 0

    resend_mail(actor=cast.administrator, mail=mail, now=now)
    assert deliver_due(now=now).sent == 1
    kinds = list(
        Event.objects.filter(subject=f"accounts.mail:{mail.pk}").order_by("sequence").values_list("kind", flat=True)
    )
    assert kinds == ["accounts.mail.suppressed", "accounts.mail.resent"]


def test_what_is_on_its_way_or_gone_is_left_alone(mail, cast, now):
    for state, may_resend, may_suppress in (
        (MailState.QUEUED, False, True),
        (MailState.SENDING, False, False),
        (MailState.SENT, True, False),
        (MailState.RETRY, True, True),
        (MailState.FAILED, True, False),
        (MailState.UNCERTAIN, True, True),
        (MailState.SUPPRESSED, True, True),
    ):
        for verb, may in ((resend_mail, may_resend), (suppress_mail, may_suppress)):
            Mail.objects.filter(pk=mail.pk).update(state=state)
            if may:
                verb(actor=cast.administrator, mail=mail, now=now)
            else:
                with pytest.raises(RefusedError):
                    verb(actor=cast.administrator, mail=mail, now=now)


def test_a_mail_whose_text_is_gone_cannot_go_again(mail, cast, now):
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, text="", html="")
    with pytest.raises(RefusedError) as refused:
        resend_mail(actor=cast.administrator, mail=mail, now=now)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["text_removed"]
