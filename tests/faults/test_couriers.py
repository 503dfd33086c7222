"""The connection to a mail server: encryption, renewal, and what is left of a sweep that stops."""

import ipaddress
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.delivering import PAUSES, claim, deliver_due
from accounts.mailing import enqueue
from accounts.models import Mail
from accounts.states import MailKind, MailState
from accounts.tasks import mail_deliver
from accounts.transport import Mailbox, SmtpCourier, TemporaryError, UnreachableError
from audit.models import JobRun
from config.settings.parsing import email_transport
from gates.tasks import digests_compose
from tests.faults.sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(now):
    def written(count: int = 1, **details) -> None:
        for number in range(count):
            enqueue(
                kind=MailKind.DIGEST, recipient=None, to_address=f"person-{number}@example.org", subject="Waiting",
                text="Three wait.", now=now, **details,
            )  # fmt: skip

    return written


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for 127.0.0.1, with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.mark.parametrize(
    ("trusted", "state"), [(True, MailState.SENT), (False, MailState.RETRY)], ids=["trusted", "untrusted"]
)
@pytest.mark.parametrize("manner", ["starttls", "tls"])
def test_mail_is_encrypted_and_the_server_is_who_it_says(
    settings, monkeypatch, certificate, write, now, manner, trusted, state
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    options = {"tls_context": context, "require_starttls": True} if manner == "starttls" else {"ssl_context": context}
    with Sink(**options) as server:
        address = server.url.replace("smtp://", "smtps://") if manner == "tls" else f"{server.url}&starttls=1"
        settings.MAIL_TRANSPORT = email_transport(address)
        write()
        deliver_due(now=now)
        assert len(server.received) == trusted
    assert Mail.objects.get().state == state


class Unhurried(SmtpCourier):
    """Waits before each mail, so that the server has ended the connection by then."""

    def send(self, mail: Mail) -> None:
        time.sleep(0.1)
        super().send(mail)


def test_a_connection_that_broke_between_two_mails_is_made_anew(settings, write, now):
    with Sink() as server:
        settings.MAIL_TRANSPORT = email_transport(server.url)
        server.hang_up_after = 1
        write(3)
        assert deliver_due(now=now, courier=Unhurried(settings.MAIL_TRANSPORT)).sent == 3
        assert len(server.received) == 3


def test_a_server_that_ends_each_connection_costs_no_mail_a_try(settings, write, now):
    with Sink() as server:
        server.refuses_senders = "421 4.3.2 closing down"
        settings.MAIL_TRANSPORT = email_transport(server.url)
        write(2)
        assert deliver_due(now=now).unreachable == "421 4.3.2 closing down"
    assert set(Mail.objects.values_list("state", "attempts", "reason")) == {
        (MailState.RETRY, 0, "421 4.3.2 closing down")
    }


def test_a_sweep_has_its_limits_and_says_so(write, now):
    write(3)
    first = deliver_due(now=now, limit=2)
    assert (first.sent, first.cut_short) == (2, True)
    second = deliver_due(now=now, budget=timedelta(0))
    assert (second.sent, second.cut_short) == (1, True)
    assert deliver_due(now=now).cut_short is False


class Failing(Mailbox):
    """Takes mails until told otherwise."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send(self, mail: Mail) -> None:
        raise self.error


def test_what_ails_one_mail_stops_no_other(write, now, caplog):
    write(2)
    delivery = deliver_due(now=now, courier=Failing(RuntimeError("a bug")))
    assert delivery.states == {MailState.FAILED: 2}
    assert set(Mail.objects.values_list("reason", flat=True)) == {"cannot be sent: RuntimeError"}


def test_a_server_that_goes_away_in_the_middle_puts_the_mail_back(write, now):
    write(2)
    deliver_due(now=now, courier=Failing(UnreachableError("gone")))
    assert set(Mail.objects.values_list("state", "attempts", "lease")) == {(MailState.RETRY, 0, None)}


def test_a_mail_that_kills_its_senders_is_given_up(write, now):
    write()
    moment = now
    for _ in range(len(PAUSES) + 1):
        assert claim(now=moment, lease=timedelta(minutes=1)) is not None
        moment += timedelta(minutes=2)
    deliver_due(now=moment)
    mail = Mail.objects.get()
    assert (mail.state, mail.reason) == (MailState.FAILED, "given up; at last: the sender was killed")


def test_reasons_name_nobody(write, now):
    write()
    deliver_due(now=now, courier=Failing(TemporaryError("x" * 600)))
    assert len(Mail.objects.get().reason) == 500


def test_the_envelopes_note_what_was_done(cast, write):
    write(2)
    mail_deliver()
    digests_compose()
    assert JobRun.objects.get(job="mail.deliver").outcome == {"sent": 2}
    assert JobRun.objects.get(job="digests.compose").outcome["refused"] == 0
