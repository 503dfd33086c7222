"""Promise 4: what an SMTP server can do to us, and what becomes of each mail."""

import socket
from contextlib import contextmanager
from datetime import timedelta

import pytest

from accounts.delivering import PAUSES, UNREACHABLE_PAUSE, claim, deliver_due
from accounts.mailing import enqueue
from accounts.models import Mail
from accounts.states import MailKind, MailState
from config.settings.parsing import email_transport
from tests.faults.sink import Sink, free_port

pytestmark = pytest.mark.django_db


def queued(address: str, now, *, kind: MailKind = MailKind.DIGEST) -> Mail:
    return enqueue(kind=kind, recipient=None, to_address=address, subject="Waiting", text="Three wait.", now=now)


@pytest.fixture
def sink(settings):
    with Sink() as server:
        settings.MAIL_TRANSPORT = email_transport(server.url)
        yield server


@pytest.mark.parametrize(
    ("address", "state", "said", "pause"),
    [
        ("ada@example.org", MailState.SENT, "", None),
        ("refused-ada@example.org", MailState.FAILED, "550 5.1.1 (address): no such person here", None),
        ("later-ada@example.org", MailState.RETRY, "451 4.7.1 (address): come back later", PAUSES[0]),
        ("content-ada@example.org", MailState.FAILED, "554 5.6.0 this content is not wanted", None),
        ("drop-ada@example.org", MailState.UNCERTAIN, "the connection broke", PAUSES[0]),
    ],
)
def test_each_answer_has_its_state_reason_and_next_try(sink, now, address, state, said, pause):
    queued(address, now)

    deliver_due(now=now)

    mail = Mail.objects.get()
    assert (mail.state, mail.reason, mail.attempts, mail.lease) == (state, said, 1, None)
    assert "ada" not in mail.reason
    if pause:
        assert timedelta(0) <= mail.next_try_at - now - pause < timedelta(seconds=5)


def test_one_bad_address_of_a_hundred_keeps_nobody_waiting(sink, now):
    for number in range(100):
        queued(f"refused-{number}@example.org" if number == 50 else f"person-{number}@example.org", now)

    delivery = deliver_due(now=now)

    assert dict(delivery.states) == {MailState.SENT: 99, MailState.FAILED: 1}
    assert len({mail.recipient for mail in sink.received}) == len(sink.received) == 99


def test_what_was_dropped_after_its_content_goes_again_with_the_same_message_id(sink, now):
    mail = queued("drop-ada@example.org", now)

    deliver_due(now=now)
    deliver_due(now=now + PAUSES[0] + timedelta(seconds=10))

    assert [received.message_id for received in sink.received] == [mail.message_id] * 2
    assert sink.received[0].content == sink.received[1].content


def test_a_mail_that_never_gets_through_fails_with_its_last_reason(sink, now):
    queued("later-ada@example.org", now)
    for pause in [timedelta(0), *PAUSES]:
        now += pause + timedelta(seconds=30)
        deliver_due(now=now)
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == (MailState.FAILED, len(PAUSES) + 1)
    assert mail.reason.startswith("451")


def test_a_server_that_is_not_there_costs_no_mail_a_try(settings, now):
    settings.MAIL_TRANSPORT = email_transport(f"smtp://127.0.0.1:{free_port()}")
    for number in range(3):
        queued(f"person-{number}@example.org", now)

    delivery = deliver_due(now=now)

    assert delivery.unreachable == "the server is not there"
    for mail in Mail.objects.all():
        assert (mail.state, mail.attempts, mail.reason) == (MailState.RETRY, 0, "the server is not there")
        assert mail.next_try_at >= now + UNREACHABLE_PAUSE


def test_a_server_that_stays_away_for_days_makes_its_mails_fail(settings, now):
    settings.MAIL_TRANSPORT = email_transport(f"smtp://127.0.0.1:{free_port()}")
    queued("ada@example.org", now)
    deliver_due(now=now)
    deliver_due(now=now + timedelta(days=4))
    assert Mail.objects.get().state == MailState.FAILED


@contextmanager
def speaking(*lines: bytes):
    """A server that says its lines, one for each that it hears, and then nothing more."""
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve() -> None:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                for line in lines:
                    connection.sendall(line)
                    try:
                        connection.recv(65536)
                    except OSError:
                        return
                try:
                    connection.recv(65536)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join(10)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "the server did not answer in time"),
        ([b"554 go away\r\n"], "554 go away"),
        ([b"220 hello\r\n", b"250 hello\r\n", b"530 5.7.0 sign in first\r\n"], "530 5.7.0 sign in first"),
    ],
)
def test_a_server_that_takes_nothing_from_us_leaves_all_waiting(settings, now, lines, said):
    with speaking(*lines) as port:
        settings.MAIL_TRANSPORT = email_transport(f"smtp://127.0.0.1:{port}?timeout=0.3")
        queued("ada@example.org", now)
        deliver_due(now=now)
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts, mail.reason) == (MailState.RETRY, 0, said)


def test_a_server_that_goes_before_the_content_leaves_the_mail_for_later(settings, now):
    lines = [b"220 hello\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n"]
    with speaking(*lines) as port:
        settings.MAIL_TRANSPORT = email_transport(f"smtp://127.0.0.1:{port}?timeout=0.3")
        queued("ada@example.org", now)
        deliver_due(now=now)
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts, mail.reason) == (MailState.RETRY, 1, "the server did not answer in time")


def test_a_server_that_is_silent_after_the_content_leaves_the_mail_uncertain(settings, now):
    lines = [b"220 hello\r\n", b"250 hello\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go on\r\n"]
    with speaking(*lines) as port:
        settings.MAIL_TRANSPORT = email_transport(f"smtp://127.0.0.1:{port}?timeout=0.3")
        queued("ada@example.org", now)
        deliver_due(now=now)
    mail = Mail.objects.get()
    assert (mail.state, mail.reason) == (MailState.UNCERTAIN, "the server did not answer in time")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(
    ("password", "state", "said"),
    [("open", MailState.SENT, ""), ("wrong", MailState.RETRY, "535 5.7.8 Authentication credentials invalid")],
)
def test_a_server_may_want_a_sign_in(settings, now, password, state, said):
    with Sink(password="open") as server:
        settings.MAIL_TRANSPORT = email_transport(f"smtp://pilotage:{password}@127.0.0.1:{server.port}")
        queued("ada@example.org", now)
        deliver_due(now=now)
    mail = Mail.objects.get()
    assert (mail.state, mail.reason) == (state, said)


def test_a_server_that_does_not_encrypt_when_it_should_gets_nothing(settings, now):
    with Sink() as server:
        settings.MAIL_TRANSPORT = email_transport(f"{server.url}&starttls=1")
        queued("ada@example.org", now)
        deliver_due(now=now)
        assert server.received == []
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == (MailState.RETRY, 0)
    assert "STARTTLS" in mail.reason


def test_who_lost_the_lease_no_longer_speaks_for_the_mail(sink, now):
    queued("ada@example.org", now)
    slow = claim(now=now, lease=timedelta(minutes=5))
    assert claim(now=now + timedelta(minutes=4), lease=timedelta(minutes=5)) is None
    quick = claim(now=now + timedelta(minutes=6), lease=timedelta(minutes=5))
    assert slow.pk == quick.pk
    assert slow.lease != quick.lease

    from accounts.delivering import _settle

    _settle(slow, MailState.FAILED, "late", now)
    assert Mail.objects.get().state == MailState.SENDING
    _settle(quick, MailState.SENT, "", now)
    assert Mail.objects.get().state == MailState.SENT


@pytest.mark.parametrize("kind", [MailKind.ACCOUNT, MailKind.INVITATION])
def test_the_text_of_a_mail_with_a_key_goes_once_it_is_sent(sink, now, kind):
    queued("ada@example.org", now, kind=kind)
    deliver_due(now=now)
    assert Mail.objects.get().text == ""
    assert b"Three wait." in sink.received[0].content
