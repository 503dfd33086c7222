"""What digests say, to whom, and what they look like."""

import re
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes, policy

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.granting import grant_role
from accounts.models import Mail, User
from accounts.naming import note_leaving
from accounts.preferring import preference_of, unsubscribe, wishes_of
from accounts.states import DigestRhythm, MailKind, Role
from accounts.transport import as_bytes
from audit.models import Event
from gates.composing import compose_due, subject_of
from gates.convening import form_committee, seat_member
from gates.digests import SHOWN, contents
from gates.flag_stories import with_stories
from gates.ladder import Rung
from gates.ladder import told as reached
from gates.models import DigestRun, Flag
from gates.open_flags import listed, shown
from gates.rules.registry import BY_ID
from gates.standing import keep_judgements
from gates.states import CommitteePart
from gates.tuning import change_rule
from portfolio.clock import days_at
from portfolio.models import Pilot
from portfolio.states import Severity, Visibility
from tests import building


@pytest.fixture
def cast(cast):
    return building.join_all(cast)


def told(person: User, now) -> list[tuple[str, list[str]]]:
    content = contents([person], now=now)[person.pk]
    return [(section.title, [line.title for line in section.lines]) for section in content.sections]


def flag(pilot: Pilot, today: date, detail: str = "No sign of life for 40 days.", rule: str = "silent") -> None:
    """A flag that was raised on `today`."""
    Flag.objects.create(pilot=pilot, rule=rule, severity=Severity.WARNING, detail=detail, since=today, opened_on=today)
    keep_judgements([pilot.pk])


def test_each_hears_of_what_they_can_end(cast, today, now):
    letters = building.awaiting(cast, today=today, now=now, due=-40, title="Letters")
    building.running(cast, today=today, now=now, due=-5, title="Forecasts")
    building.running(cast, today=today, now=now, due=30, title="Not due")
    flag(letters, today - timedelta(days=20), rule="decision-overdue")
    building.proposed(cast, today=today, now=now, title="Draft")

    assert told(cast.alice, now) == [("Your pilots that wait for a decision", ["Letters", "Forecasts"])]
    assert told(cast.sponsor, now) == [("Pilots you sponsor that still wait", ["Letters"])]
    assert told(cast.bob, now) == [("Before the committee: Steering committee", ["Letters", "Forecasts"])]
    assert told(cast.carol, now) == told(cast.bob, now)
    assert told(cast.manager, now) == [("In the portfolio", ["Letters", "Forecasts"])]
    for person in (cast.charlie, cast.administrator, cast.auditor, cast.viewer, cast.reviewer):
        assert told(person, now) == []


def test_a_line_says_days_cost_and_formula(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-40, monthly_cost=Decimal(1200))
    (section,) = contents([cast.alice], now=now)[cast.alice.pk].sections
    (line,) = section.lines
    assert (line.days, line.due, line.cost) == (40, today - timedelta(days=40), Decimal("1578.08"))


@pytest.mark.parametrize(("due", "days"), [(0, None), (-1, 1), (-2, 2)])
def test_the_clock_counts_from_the_day_after_the_due_date(cast, today, now, due, days):
    building.running(cast, today=today, now=now, due=due)
    sections = contents([cast.alice], now=now)[cast.alice.pk].sections
    assert [line.days for section in sections for line in section.lines] == ([days] if days else [])


def test_days_are_days_of_the_committees_zone(cast, today, now):
    far = form_committee(actor=None, slug="far", name="Auckland", time_zone="Pacific/Auckland", now=now)
    building.running(cast, today=today, now=now, due=0, title="Here")
    building.running(cast, today=today, now=now, due=0, title="There", committee_slug=far.slug)
    evening = now + timedelta(hours=6)  # 15:00 in Paris, 03:00 of the next day in Auckland
    assert told(cast.alice, evening) == [("Your pilots that wait for a decision", ["There"])]


@pytest.mark.parametrize("rule", ["decision-overdue", "silent"])
@pytest.mark.parametrize(
    ("days", "sponsor", "chair"), [(13, False, False), (14, True, False), (27, True, False), (28, True, True)]
)
def test_a_flag_climbs_to_sponsor_and_chair(cast, today, now, rule, days, sponsor, chair):
    pilot = building.running(cast, today=today, now=now, due=-5 if rule == "decision-overdue" else 90, title="Letters")
    flag(pilot, today - timedelta(days=days), rule=rule)
    assert bool(told(cast.sponsor, now)) == sponsor
    chairs = ("Yours as chair, since nobody else moved them: Steering committee", ["Letters"])
    assert (chairs in told(cast.bob, now)) == chair
    overview = [("Before the committee: Steering committee", ["Letters"])] if rule == "decision-overdue" else []
    assert told(cast.carol, now) == overview
    assert chair or told(cast.bob, now) == overview


@pytest.mark.requirement(90, page="/drift/")
@pytest.mark.parametrize(
    ("empty", "graces"),
    [("", (14, 28)), ("", (3, 9)), ("owner", (14, 28)), ("sponsor", (3, 9)), ("chair", (0, 7)), ("all", (14, 28))],
)
def test_mails_do_what_the_page_announces(cast, today, now, empty, graces):
    """On each day those whom /drift/ names, whatever the graces are and whoever has left."""
    rule = BY_ID["silent"]
    change_rule(
        actor=None, rule=rule, enabled=True, threshold=rule.threshold, severity=rule.severity, seen=None, now=now,
        sponsor_after=graces[0], chair_after=graces[1],
    )  # fmt: skip
    pilot = building.running(cast, today=today, now=now, due=300)
    people = {Rung.OWNER: cast.alice, Rung.SPONSOR: cast.sponsor, Rung.CHAIR: cast.bob, Rung.MANAGERS: cast.manager}
    for rung, person in people.items():
        if empty in {rung, "all"} and rung != Rung.MANAGERS:
            note_leaving(actor=None, person=person, left_on=today, now=now)
    flag(pilot, today)
    people = {rung: User.objects.get(pk=person.pk) for rung, person in people.items()}
    steps = with_stories(shown(list(listed(Flag.objects.all(), "since")), today), days_at(now), cast.viewer)[
        0
    ].story.steps

    for days in range(31):
        moment, day = now + timedelta(days=days), today + timedelta(days=days)
        found = contents(people.values(), now=moment)
        hear = {rung for rung, person in people.items() if found[person.pk].sections}
        assert hear == set(reached(steps, day)), days


def test_the_gaps_of_a_contract_are_one_line(cast, today, now):
    pilot = building.running(cast, today=today, now=now, due=30)
    flag(pilot, today, "It is not said which data it uses.", rule="gap-data-used")
    flag(pilot, today)
    for gaps, said in ((1, "It is not said which data it uses."), (2, "2 gaps in its contract.")):
        if gaps == 2:
            flag(pilot, today, "It is not said how the work changes.", rule="gap-workflow-impact")
        (section,) = contents([cast.alice], now=now)[cast.alice.pk].sections
        assert section.lines[0].flags == ("No sign of life for 40 days.", said)
        assert len(section.lines[0].flag_ids) == gaps + 1


def test_a_sponsor_reads_of_the_flags_that_climbed_and_no_others(cast, today, now):
    pilot = building.running(cast, today=today, now=now, due=30)
    flag(pilot, today - timedelta(days=20), "Silent.")
    flag(pilot, today, "Nobody leads production.", rule="no-owner")
    (section,) = contents([cast.sponsor], now=now)[cast.sponsor.pk].sections
    assert (section.title, section.lines[0].flags) == ("Pilots you sponsor that need a look", ("Silent.",))


def test_the_committee_is_told_that_a_gate_was_opened_again(cast, today, now):
    flag(building.running(cast, today=today, now=now, due=30, title="Letters"), today, rule="gate-reopened")
    for person in (cast.bob, cast.carol, cast.manager):
        assert told(person, now) == [("Gates opened again: Steering committee", ["Letters"])]
    assert told(cast.sponsor, now) == []


def test_open_flags_are_told_to_the_owner_also_before_the_due_date(cast, today, now):
    pilot = building.running(cast, today=today, now=now, due=30, title="Quiet")
    flag(pilot, today)
    (section,) = contents([cast.alice], now=now)[cast.alice.pk].sections
    assert section.title == "Your pilots that need a look"
    assert section.lines[0].flags == ("No sign of life for 40 days.",)
    assert subject_of(contents([cast.alice], now=now)[cast.alice.pk]) == "1 pilot needs a look"
    assert told(cast.bob, now) == []


def test_an_overdue_line_does_not_repeat_itself_as_a_flag(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now, due=-40)
    flag(pilot, today, "The decision is overdue.", rule="decision-overdue")
    flag(pilot, today)
    (section,) = contents([cast.alice], now=now)[cast.alice.pk].sections
    assert section.lines[0].flags == ("No sign of life for 40 days.",)


def test_a_person_with_several_parts_reads_of_a_pilot_once(cast, today, now):
    seat_member(
        actor=None, committee=cast.committee, person=cast.alice, part=CommitteePart.MEMBER, since=today, now=now
    )
    grant_role(actor=None, person=cast.alice, role=Role.PORTFOLIO_MANAGER, since=today, now=now)
    building.running(cast, today=today, now=now, title="Own")
    assert told(cast.alice, now) == [("Your pilots that wait for a decision", ["Own"])]

    compose_due(now=now)
    assert Mail.objects.filter(recipient=cast.alice).count() == 1


def test_restricted_pilots_are_told_only_to_those_who_may_see_them(cast, today, now):
    other = form_committee(actor=None, slug="other", name="Other committee", now=now)
    dora = building.person("dora", now=now)
    seat_member(actor=None, committee=other, person=dora, part=CommitteePart.CHAIR, since=today, now=now)
    secret = building.awaiting(cast, today=today, now=now, title="Secret", due=-60, visibility=Visibility.RESTRICTED)
    flag(secret, today - timedelta(days=40), rule="decision-overdue")
    people = list(User.objects.all())

    found = contents(people, now=now)

    hearing = {person.email.split("@")[0] for person in people if found[person.pk].says_something}
    assert hearing == {"alice", "sponsor", "bob", "carol", "manager"}
    for person in people:
        codes = {line.code for section in found[person.pk].sections for line in section.lines}
        assert codes <= set(Pilot.objects.visible_to(person).values_list("code", flat=True))


def test_a_long_section_is_cut_and_counted(cast, today, now):
    for number in range(SHOWN + 3):
        building.running(cast, today=today, now=now, title=f"Pilot {number}")
    (section,) = contents([cast.alice], now=now)[cast.alice.pk].sections
    assert (len(section.shown), section.more) == (SHOWN, 3)
    compose_due(now=now)
    mail = Mail.objects.get(recipient=cast.alice)
    assert mail.subject == f"{SHOWN + 3} pilots wait for a decision"
    assert "And 3 more" in mail.text


def test_the_number_of_queries_does_not_grow(cast, today, now, django_assert_num_queries):
    pilot = building.awaiting(cast, today=today, now=now, due=-20)
    flag(pilot, today)
    with django_assert_num_queries(22):
        contents([cast.alice], now=now)
    for number in range(3):
        flag(building.awaiting(cast, today=today, now=now, due=-30, title=f"Pilot {number}"), today)
    people = list(User.objects.all())
    with django_assert_num_queries(22):
        contents(people, now=now)


def test_nothing_to_say_sends_nothing_and_keeps_the_run(cast, today, now):
    report = compose_due(now=now)
    assert (report.queued, report.refused) == (0, 0)
    assert not Mail.objects.exists()
    assert set(DigestRun.objects.values_list("recipient__name", "period", "mail")) == {
        (name, "2026-W47", None) for name in ("Bob", "Carol", "Manager")
    }
    assert report.nothing_to_say == 3


def test_composing_twice_writes_once_with_an_event_each(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-40)
    first, second = compose_due(now=now), compose_due(now=now + timedelta(hours=1))
    assert (first.queued, second.queued, second.nothing_to_say) == (4, 0, 0)
    assert Mail.objects.filter(kind=MailKind.DIGEST).count() == 4
    runs = DigestRun.objects.exclude(mail=None)
    assert sorted(Event.objects.filter(kind="gates.digest.composed").values_list("subject", flat=True)) == sorted(
        f"gates.digestrun:{run.pk}" for run in runs
    )


def test_who_left_or_wants_none_gets_none(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-40)
    note_leaving(actor=None, person=cast.carol, left_on=today, now=now)
    unsubscribe(key=preference_of(cast.bob).unsubscribe_key, now=now)
    compose_due(now=now)
    assert set(Mail.objects.values_list("recipient__name", flat=True)) == {"Alice", "Manager"}
    assert not DigestRun.objects.filter(recipient__in=[cast.bob, cast.carol]).exists()


def test_a_digest_that_cannot_be_written_keeps_nobody_elses_back(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-40)
    User.objects.filter(pk=cast.bob.pk).update(email="no address")
    report = compose_due(now=now)
    assert (report.queued, report.refused) == (3, 1)


def test_the_mail_is_complete_and_can_be_ended_with_one_click(cast, today, now, settings):
    """Promise 5, of every digest."""
    settings.BASE_URL = "https://pilots.example.org"
    building.awaiting(cast, today=today, now=now, due=-40, title='Letters <script>alert("1")</script> & more')
    compose_due(now=now)
    assert Mail.objects.count() == 4
    for mail in Mail.objects.select_related("recipient__preference"):
        message = message_from_bytes(as_bytes(mail), policy=policy.default)
        key = mail.recipient.preference.unsubscribe_key
        assert message["Subject"] == "1 pilot waits for a decision"
        assert message["List-Unsubscribe"].strip() == f"<https://pilots.example.org/unsubscribe/{key}/>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["List-Id"] == "Stalled pilots <stalled.pilots.example.org>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["Message-ID"] == mail.message_id
        assert not message.defects
        text, html = (part.get_content() for part in message.iter_parts())
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert 'Letters <script>alert("1")</script> & more' in text
        assert "Letters &lt;script&gt;" in html
        assert "<script" not in html
        assert "EUR\xa01,578 = EUR\xa01,200 a month × 12 ÷ 365 × 40 days" in text  # noqa: RUF001  as it is written in the mail
        links = re.findall(r'href="([^"]+)"', html)
        assert all(link.startswith("https://pilots.example.org/") for link in links)
        assert f"https://pilots.example.org/unsubscribe/{key}/" in links
        assert "&#x27;" not in text


def test_the_link_of_the_header_ends_the_digests_without_signing_in(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-40)
    compose_due(now=now)
    mail = Mail.objects.get(recipient=cast.alice)
    path = mail.headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    stranger = Client(enforce_csrf_checks=True)

    assert stranger.get(path).status_code == 200
    assert wishes_of(cast.alice).rhythm == DigestRhythm.WEEKLY
    for _ in range(2):
        assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert wishes_of(cast.alice).rhythm == DigestRhythm.OFF
    assert compose_due(now=now + timedelta(days=7)).queued == 3


def test_the_html_is_ready_for_mail_programs(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-40)
    compose_due(now=now)
    html = Mail.objects.filter(recipient=cast.alice).get().html
    assert 'class="card" style="' in html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<(script|img|link|iframe|form)\b", html)


def test_the_command_queues_once(cast, today, now, capsys):
    building.awaiting(cast, today=today, now=now, due=-40)
    call_command("send_digests", "--now", "2026-11-16T09:00")
    call_command("send_digests", "--now", "2026-11-16T08:30:00+00:00")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Digests: 4 queued, 1 had nothing to say, 0 could not be written."
    assert second == "Digests: 0 queued, 0 had nothing to say, 0 could not be written."


def test_the_command_writes_files_and_queues_nothing(cast, today, now, tmp_path, capsys):
    building.awaiting(cast, today=today, now=now, due=-40)
    compose_due(now=now)
    mails, runs = Mail.objects.count(), DigestRun.objects.count()
    call_command("send_digests", "--now", "2026-11-16T09:00", "--to", str(tmp_path / "out"))
    assert capsys.readouterr().out.startswith("Digests: 4 written to ")
    assert (Mail.objects.count(), DigestRun.objects.count()) == (mails, runs)
    files = sorted((tmp_path / "out").iterdir())
    assert [path.suffix for path in files] == [".eml"] * 4
    assert files[0].name.endswith("-alice@example.org.eml")
    assert message_from_bytes(files[0].read_bytes(), policy=policy.default)["To"] == "alice@example.org"


@pytest.mark.parametrize("to", [False, True])
def test_the_command_tells_of_digests_that_cannot_be_written(cast, today, now, tmp_path, capsys, to):
    building.awaiting(cast, today=today, now=now, due=-40)
    User.objects.filter(pk=cast.bob.pk).update(email="no address")
    with pytest.raises(SystemExit) as ended:
        call_command("send_digests", "--now", "2026-11-16T09:00", *(["--to", str(tmp_path)] if to else []))
    assert ended.value.code == 1
    assert capsys.readouterr().out.endswith("1 could not be written.\n")


def test_the_command_refuses_unusable_input(db, tmp_path):
    with pytest.raises(CommandError, match="is not a moment"):
        call_command("send_digests", "--now", "yesterday")
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError) as refused:
        call_command("send_digests", "--to", str(tmp_path / "file"))
    assert refused.value.returncode == 2


def test_who_was_only_named_gets_an_invitation_and_no_digest(cast, today, now):
    """The address may have been mistyped; the control: once joined, the digest comes."""
    newcomer = building.person("newcomer", now=now)
    seat_member(
        actor=None, committee=cast.committee, person=newcomer, part=CommitteePart.MEMBER, since=today, now=now
    )  # fmt: skip
    building.running(cast, today=today, now=now)
    compose_due(now=now)
    assert not DigestRun.objects.filter(recipient=newcomer).exists()
    building.join(newcomer)
    compose_due(now=now)
    assert Mail.objects.filter(recipient=newcomer).count() == 1
