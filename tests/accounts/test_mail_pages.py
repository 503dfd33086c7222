"""The mail log of the administrator."""

import uuid

import pytest
from django.urls import reverse

from accounts.mailing import enqueue
from accounts.models import Mail
from accounts.states import MailKind, MailState
from audit.models import Event
from gates.composing import compose_due
from portfolio.states import Visibility
from tests import building


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.administrator)


@pytest.fixture
def write(cast, now):
    def written(subject: str = "Waiting", kind: MailKind = MailKind.DIGEST, **details) -> Mail:
        return enqueue(
            kind=kind,
            recipient=cast.alice,
            subject=subject,
            text="Three wait.",
            html="<p>Three <b>wait</b>.</p>",
            now=now,
            **details,
        )

    return written


def address(name: str, mail: Mail) -> str:
    return reverse(f"accounts:{name}", args=[mail.pk])


def test_the_list_shows_filters_and_finds(client, write):
    write("First")
    second = write("Second", MailKind.ACCOUNT)
    Mail.objects.filter(pk=second.pk).update(state=MailState.FAILED, reason="550 nobody here")

    def subjects(**query) -> list[str]:
        page = client.get(reverse("accounts:mail-list"), query).context["page"]
        return [mail.subject for mail in page]

    assert subjects() == ["Second", "First"]
    assert subjects(state="failed") == ["Second"]
    assert subjects(kind="digest") == ["First"]
    assert subjects(q="nobody") == ["Second"]
    assert subjects(q="alice") == ["Second", "First"]
    assert subjects(q="bob") == []
    assert subjects(state="no such state") == ["Second", "First"]


def test_the_list_has_a_fixed_number_of_queries(client, write, django_assert_num_queries):
    write("First")
    client.get(reverse("accounts:mail-list"))
    with django_assert_num_queries(5):  # session, person, roles, count, page
        client.get(reverse("accounts:mail-list"), headers={"HX-Request": "true"})
    write("Second")
    write("Third")
    with django_assert_num_queries(5):
        client.get(reverse("accounts:mail-list"), headers={"HX-Request": "true"})


def test_one_mail_shows_its_text_and_escaped_source(client, write):
    mail = write(headers={"List-Id": "Stalled <stalled.example.org>"})
    content = client.get(address("mail-detail", mail)).content.decode()
    assert "Three wait." in content
    assert "&lt;p&gt;Three &lt;b&gt;wait&lt;/b&gt;.&lt;/p&gt;" in content
    assert "<b>wait</b>" not in content
    assert "Stalled &lt;stalled.example.org&gt;" in content


def test_the_html_is_shown_in_a_sandbox_without_script(client, write):
    mail = write()
    response = client.get(address("mail-preview", mail))
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";"))
    assert response.content.decode() == mail.html
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "sandbox": "",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", [MailKind.ACCOUNT, MailKind.INVITATION])
def test_keys_are_shown_in_the_trial_only(client, write, settings, kind):
    mail = write(kind=kind)
    for trial in (True, False):
        settings.TRIAL = trial
        assert (b"Three wait." in client.get(address("mail-detail", mail)).content) is trial
        assert client.get(address("mail-preview", mail)).status_code == (200 if trial else 404)


def test_what_a_digest_says_of_a_restricted_pilot_is_not_for_administrators(client, cast, today, now, settings):
    building.join(cast.alice)
    building.awaiting(cast, today=today, now=now, due=-9, title="Secret", visibility=Visibility.RESTRICTED)
    compose_due(now=now)
    mail = Mail.objects.get(recipient=cast.alice)
    settings.TRIAL = False
    assert b"Secret" not in client.get(address("mail-detail", mail)).content
    assert client.get(address("mail-preview", mail)).status_code == 404


def test_sending_again_and_holding_back_are_recorded(client, cast, write):
    mail = write()
    for name, state in (("mail-suppress", MailState.SUPPRESSED), ("mail-resend", MailState.QUEUED)):
        response = client.post(address(name, mail))
        assert response.headers["Location"] == address("mail-detail", mail)
        mail.refresh_from_db()
        assert mail.state == state
    events = Event.objects.filter(subject=f"accounts.mail:{mail.pk}").order_by("sequence")
    assert [(event.kind, event.actor) for event in events] == [
        ("accounts.mail.suppressed", cast.administrator.ref),
        ("accounts.mail.resent", cast.administrator.ref),
    ]


def test_a_refusal_is_told_on_the_page(client, write):
    mail = write()
    response = client.post(address("mail-resend", mail))
    assert response.status_code == 422
    assert b"on its way already" in response.content
    Mail.objects.update(state=MailState.SENT)
    assert client.post(address("mail-suppress", mail)).status_code == 422


def test_a_form_posted_twice_has_one_effect(client, write):
    mail = write()
    Mail.objects.update(state=MailState.FAILED)
    key = {"form_key": str(uuid.uuid4())}
    answers = [client.post(address("mail-resend", mail), key).headers["Location"] for _ in range(2)]
    assert answers == [address("mail-detail", mail)] * 2
    assert Event.objects.filter(kind="accounts.mail.resent").count() == 1


def test_nobody_else_reads_mail(cast, write, sign_in):
    mail = write()
    for person in (cast.alice, cast.manager, cast.auditor):
        for name in ("mail-detail", "mail-preview"):
            assert sign_in(person).get(address(name, mail)).status_code == 403
