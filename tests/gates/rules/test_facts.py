"""Reading the facts: who holds what, what was heard when, on which day that was where the pilot lives."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gates.convening import change_committee
from gates.models import Criterion
from gates.reviewing import assess_criterion, open_review
from gates.rules import facts as facts_module
from gates.rules.facts import Holder, read_facts
from gates.states import Finding
from portfolio.assigning import assign_part, end_part
from portfolio.reporting import report_status
from portfolio.states import Part, Purpose, RoundState, Stage
from tests import building


def only(pilot):
    [facts] = read_facts([pilot.pk])
    return facts


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_running_pilot(cast, today, now):
    pilot = building.running(cast, today=today, now=now, started=100, due=-10)
    facts = only(pilot)
    assert (facts.pilot, facts.stage, facts.zone) == (pilot.pk, Stage.RUNNING, "Europe/Paris")
    assert facts.owner == facts.sponsor == Holder(named=True)
    undecided = facts.undecided
    assert (undecided.number, undecided.purpose, undecided.state) == (1, Purpose.PILOT, RoundState.RUNNING)
    assert (undecided.starts_on, undecided.decision_due) == (today - timedelta(days=100), today - timedelta(days=10))
    assert (undecided.ended_on, undecided.updated_on, undecided.assessed_on) == (None, None, None)


def test_a_draft_has_no_undecided_round(cast, today, now):
    assert only(building.proposed(cast, today=today, now=now)).undecided is None


def test_everybody_is_read_in_one_statement_whatever_the_batch(cast, today, now, monkeypatch):
    monkeypatch.setattr(facts_module, "BATCH", 2)
    pilots = [building.running(cast, today=today, now=now, title=f"Pilot {n}") for n in range(5)]
    with CaptureQueriesContext(connection) as queries:
        read = {facts.pilot for facts in read_facts(None)}
    assert read == {pilot.pk for pilot in pilots}
    assert len(queries) == 1


def test_nobody_was_ever_named(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    pilot.assignments.all()._raw_delete("default")
    assert (only(pilot).owner, only(pilot).sponsor) == (Holder(), Holder())


def test_a_part_that_ended(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today, now=now)
    assert only(pilot).owner == Holder(gone_on=today)
    assign_part(actor=None, pilot=pilot, person=cast.carol, part=Part.BUSINESS_OWNER, since=today, now=now)
    assert only(pilot).owner == Holder(named=True)


def test_a_person_who_left(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    cast.alice.is_active, cast.alice.left_on = False, today
    cast.alice.save()
    assert only(pilot).owner == Holder(named=True, left=True, gone_on=today)
    assert only(pilot).sponsor == Holder(named=True)


def test_an_assessment_is_a_sign_of_life(cast, gate_set, today, now):
    pilot = building.running(cast, today=today, now=now)
    review = open_review(actor=cast.reviewer, pilot=pilot, gate_slug=gate_set.gates.first().slug, now=now)
    assert only(pilot).undecided.assessed_on is None
    criterion = Criterion.objects.filter(gate=review.gate).first()
    assess_criterion(
        actor=cast.reviewer, review=review, criterion=criterion, finding=Finding.MET, comment="", seen=None,
        today=today, now=now,
    )  # fmt: skip
    assert only(pilot).undecided.assessed_on == today


def test_the_last_update_counts(cast, today, now):
    pilot = building.running(cast, today=today, now=now)
    report_status(actor=cast.alice, pilot=pilot, moved="Letters flow.", now=now - timedelta(days=3))
    report_status(actor=cast.alice, pilot=pilot, moved="More of them.", now=now - timedelta(days=2))
    assert only(pilot).undecided.updated_on == today - timedelta(days=2)


#: An instant, a zone, and the day that it was there; around both clock changes of the year.
DAYS = [
    ("2026-03-28T22:59", "Europe/Paris", date(2026, 3, 28)),
    ("2026-03-28T23:00", "Europe/Paris", date(2026, 3, 29)),  # winter time until one in the morning
    ("2026-03-29T21:59", "Europe/Paris", date(2026, 3, 29)),
    ("2026-03-29T22:00", "Europe/Paris", date(2026, 3, 30)),  # summer time: the day was 23 hours long
    ("2026-10-24T21:59", "Europe/Paris", date(2026, 10, 24)),
    ("2026-10-24T22:00", "Europe/Paris", date(2026, 10, 25)),
    ("2026-10-25T22:59", "Europe/Paris", date(2026, 10, 25)),  # the day was 25 hours long
    ("2026-10-25T23:00", "Europe/Paris", date(2026, 10, 26)),
    ("2026-03-08T04:59", "America/New_York", date(2026, 3, 7)),
    ("2026-03-08T05:00", "America/New_York", date(2026, 3, 8)),
    ("2026-03-09T03:59", "America/New_York", date(2026, 3, 8)),
    ("2026-03-09T04:00", "America/New_York", date(2026, 3, 9)),
    ("2026-11-01T03:59", "America/New_York", date(2026, 10, 31)),
    ("2026-11-01T04:00", "America/New_York", date(2026, 11, 1)),
    ("2026-11-02T04:59", "America/New_York", date(2026, 11, 1)),
    ("2026-11-02T05:00", "America/New_York", date(2026, 11, 2)),
    ("2026-11-16T10:59", "Pacific/Auckland", date(2026, 11, 16)),
    ("2026-11-16T11:00", "Pacific/Auckland", date(2026, 11, 17)),
]


def test_a_time_becomes_a_day_of_the_committee(cast, today, now):
    pilot = building.running(cast, today=today, now=now)
    read = []
    for instant, zone, _ in sorted(DAYS):
        change_committee(actor=None, committee=cast.committee, seen=None, now=now, time_zone=zone)
        report_status(actor=cast.alice, pilot=pilot, moved="Letters flow.", now=utc(instant))
        read.append((instant, only(pilot).zone, only(pilot).undecided.updated_on))
    assert read == sorted(DAYS)


def test_without_a_committee_the_organisations_day_holds(cast, today, now):
    pilot = building.running(cast, today=today, now=now, committee_slug="")
    report_status(actor=cast.alice, pilot=pilot, moved="Letters flow.", now=utc("2026-11-10T23:30"))
    facts = only(pilot)
    assert (facts.zone, facts.undecided.updated_on) == ("Europe/Paris", date(2026, 11, 11))
