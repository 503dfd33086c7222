"""Mail that comes back: told by the provider or by hand, shown to whom it concerns, and held back from then on."""

import json
from datetime import timedelta

import pytest
from django.core import mail as outgoing
from django.core.cache import cache
from django.test import Client

from accounts.bouncing import bounce_of, end_bounce, note_bounce, signature_of
from accounts.delivering import deliver_due
from accounts.mailing import enqueue
from accounts.models import Bounce, Mail
from accounts.states import MailKind, MailState
from accounts.transport import BackendCourier, Mailbox, PermanentError, TemporaryError, courier_for
from accounts.views import bounce as views
from audit.models import Event
from tests import building

HOOK = "/mail/bounces/"
SECRET = "between us"
TOLD = json.dumps({"address": "Alice@Example.org", "reason": "550 5.1.1\nno such user"}).encode()


@pytest.fixture
def queued(cast, now):
    def written(kind: MailKind = MailKind.DIGEST) -> Mail:
        return enqueue(kind=kind, recipient=cast.alice, subject="Three wait", text="Three.", html="<p>3</p>", now=now)

    return written


def call(body: bytes = TOLD, *, signed: str | None = None):
    signature = signature_of(body, SECRET) if signed is None else signed
    return Client(enforce_csrf_checks=True).post(
        HOOK, body, content_type="application/json", headers={"X-Pilotage-Signature": signature}
    )


class TestTheHook:
    @pytest.fixture(autouse=True)
    def secret(self, settings, cast):
        settings.BOUNCE_SECRET = SECRET
        cache.clear()

    def test_a_signed_call_marks_the_address_once(self, cast):
        assert [call().status_code for _ in range(2)] == [200, 200]
        bounce = Bounce.objects.get()
        assert (bounce.address, bounce.reason, bounce.noted_by) == (cast.alice.email, "550 5.1.1 no such user", None)
        assert Event.objects.filter(kind="accounts.address.bounced").count() == 1

    @pytest.mark.parametrize("signed", ["", "0" * 64, signature_of(TOLD, "another secret"), "é"])
    def test_another_signature_changes_nothing(self, signed):
        assert call(signed=signed).status_code == 403
        assert not Bounce.objects.exists()

    @pytest.mark.parametrize("body", [b"{}", b"[]", b"no json", b'{"address": "nobody"}', b'{"address": null}'])
    def test_what_makes_no_sense_is_refused(self, body):
        assert call(body).status_code == 422
        assert not Bounce.objects.exists()

    def test_long_calls_and_many_calls_are_refused(self, monkeypatch):
        assert call(TOLD + b" " * views.LARGEST_CALL).status_code == 403
        monkeypatch.setattr(views, "CALLS_A_MINUTE", 2)
        assert [call().status_code for _ in range(3)] == [200, 429, 429]

    def test_without_a_secret_it_is_not_there(self, settings):
        settings.BOUNCE_SECRET = ""
        assert call().status_code == 404


class TestWhatFollows:
    def test_digests_are_held_back_and_account_mail_is_not(self, cast, now, queued):
        note_bounce(actor=None, address=cast.alice.email, reason="550", now=now)
        digest, account = queued(), queued(MailKind.ACCOUNT)
        deliver_due(now=now, courier=Mailbox())
        digest.refresh_from_db()
        account.refresh_from_db()
        assert (digest.state, digest.reason) == (MailState.SUPPRESSED, "mail to this address comes back")
        assert account.state == MailState.SENT

    def test_once_it_works_again_they_go_out(self, cast, now, queued):
        note_bounce(actor=None, address=cast.alice.email, reason="550", now=now)
        end_bounce(actor=cast.administrator, person=cast.alice, now=now)
        queued()
        assert deliver_due(now=now, courier=Mailbox()).sent == 1
        note_bounce(actor=None, address=cast.alice.email, reason="again", now=now + timedelta(days=1))
        assert Bounce.objects.count() == 2

    def test_an_administrator_notes_it_on_the_mail_and_ends_it_on_the_person(self, cast, sign_in, queued):
        client, letter = sign_in(cast.administrator), queued()
        client.post(f"/settings/mail/{letter.pk}/bounce/", {"reason": "550 gone"})
        assert bounce_of(cast.alice.email).noted_by == cast.administrator
        assert "comes back since" in client.get(f"/settings/mail/{letter.pk}/").content.decode()
        assert "alice@example.org comes back" in client.get(f"/settings/people/{cast.alice.pk}/").content.decode()
        client.post(f"/settings/people/{cast.alice.pk}/reachable/")
        assert bounce_of(cast.alice.email) is None

    def test_whoever_names_that_person_is_told(self, cast, sign_in, today, now):
        pilot = building.running(cast, today=today, now=now)
        note_bounce(actor=None, address=cast.charlie.email, reason="550", now=now)
        form = {"part": "champion", "email": cast.charlie.email, "name": "", "since": today, "authority": "unknown"}
        answer = sign_in(cast.alice).post(f"/pilots/{pilot.code}/people/", form, follow=True)
        assert [str(one) for one in answer.context["messages"]][-1] == (
            "Mail to charlie@example.org comes back: tell Charlie in another way."
        )


class TestAnotherBackend:
    LOCMEM = "django.core.mail.backends.locmem.EmailBackend"

    def test_it_takes_the_place_of_smtp(self, settings, queued, now):
        settings.MAIL_BACKEND = self.LOCMEM
        letter = queued()
        assert deliver_due(now=now).sent == 1
        (sent,) = outgoing.outbox
        assert sent.extra_headers["Message-ID"] == letter.message_id
        assert [part[1] for part in sent.alternatives] == ["text/html"]
        assert isinstance(courier_for(settings.MAIL_TRANSPORT), BackendCourier)

    @pytest.mark.parametrize(
        ("status", "raised"),
        [(422, PermanentError), (429, TemporaryError), (503, TemporaryError), (None, TemporaryError)],
    )
    def test_a_providers_answer_says_whether_to_try_again(self, queued, monkeypatch, status, raised):
        def refuse(_messages):
            error = RuntimeError("to alice@example.org: no")
            error.status_code = status
            raise error

        courier = BackendCourier(self.LOCMEM)
        monkeypatch.setattr(courier._backend, "send_messages", refuse)
        with pytest.raises(raised) as refused:
            courier.send(queued())
        assert refused.value.reason == "RuntimeError: to (address) no"


class TestMetrics:
    def test_they_tell_of_jobs_and_mails(self, cast, sign_in, settings, queued):
        queued()
        text = sign_in(cast.administrator).get("/metrics").content.decode()
        assert 'pilotage_mails{state="queued"} 1' in text
        assert 'pilotage_job_missed{job="beat.alive"} 1.000' in text
        settings.METRICS_TOKEN = "known to the watch"
        assert Client().get("/metrics", headers={"Authorization": "Bearer known to the watch"}).status_code == 200
        for given in ("", "Bearer ", "Bearer other"):
            assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404
