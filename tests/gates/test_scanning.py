"""Looking for drift: flags open, change and close by themselves, in bulk."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event, JobRun
from audit.verifying import verify
from gates import scanning
from gates.convening import change_committee
from gates.deciding import Terms, record_decision
from gates.deferring import defer_decision
from gates.models import Criterion, Flag
from gates.returning import comment_on_criterion
from gates.rules.registry import BY_ID
from gates.scanning import Counts, foresee, scan
from gates.snoozing import snooze_flag
from gates.tasks import digests_compose, drift_scan, meetings_open, reviews_reopen, votes_sweep
from gates.tuning import change_rule, rule_in_force
from portfolio.assigning import assign_part, end_part
from portfolio.clock import clock_of
from portfolio.models import Standing
from portfolio.proposing import edit_pilot
from portfolio.reporting import report_status
from portfolio.states import Outcome, Part, Severity
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.evidence.adding import add_note
from tests.gates.preparing_for import submitted

STOP = Terms(stop_reason="users_do_not_need_it", learnings="The team sorts letters faster by hand.")
OVERDUE, NOT_ASKED, SILENT, NO_OWNER = "decision-overdue", "not-asked", "silent", "no-owner"


def open_flags(pilot) -> dict[str, tuple[int, date]]:
    """What is open on a pilot: severity and first day, by rule."""
    rows = Flag.objects.filter(pilot=pilot, closed_on=None).values_list("rule", "severity", "since")
    return {rule: (severity, since) for rule, severity, since in rows}


def recorded() -> list[str]:
    """Kinds of the events of flags, oldest first."""
    return list(Event.objects.filter(kind__startswith="gates.flag").values_list("kind", flat=True))


def standing(pilot) -> tuple[int, int | None]:
    kept = Standing.objects.get(pilot=pilot)
    return kept.open_flags, kept.worst_severity


def test_an_overdue_pilot_is_flagged_and_stands_so(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now, due=-10)

    report = scan(actor=None, today=today, now=now)

    assert open_flags(pilot) == {OVERDUE: (Severity.WARNING, today - timedelta(days=10))}
    assert report.outcome == {"pilots": 1, "opened": 1, "changed": 0, "closed": 0}
    assert report.by_rule[OVERDUE] == Counts(opened=1)
    assert report.by_rule[SILENT] == Counts()
    assert standing(pilot) == (1, Severity.WARNING)
    assert recorded() == ["gates.flags.reconciled", "gates.flag.opened"]
    opened = Event.objects.get(kind="gates.flag.opened")
    assert (opened.actor, opened.scope) == ("system", pilot.scope)
    assert opened.data["rule"] == "Decision overdue"


def test_several_rules_at_once(cast, today, now):
    pilot = building.running(cast, today=today, now=now, started=100, due=-20)
    end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today, now=now)

    scan(actor=None, today=today, now=now)

    assert open_flags(pilot) == {
        OVERDUE: (Severity.SERIOUS, today - timedelta(days=20)),
        NOT_ASKED: (Severity.WARNING, today - timedelta(days=30)),
        SILENT: (Severity.WARNING, today - timedelta(days=100)),
        NO_OWNER: (Severity.SERIOUS, today),
    }
    assert standing(pilot) == (4, Severity.SERIOUS)


def test_a_pilot_within_its_dates_is_left_alone(cast, today, now):
    building.running(cast, today=today, now=now, started=10, due=30)
    assert str(scan(actor=None, today=today, now=now)) == "Looked at 1 pilot: nothing has changed."
    assert not Flag.objects.exists()
    assert recorded() == []


def test_twice_the_same_day_changes_nothing(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-10)
    scan(actor=None, today=today, now=now)
    before = (list(Flag.objects.values()), Event.objects.count())

    with CaptureQueriesContext(connection) as queries:
        report = scan(actor=None, today=today, now=now + timedelta(hours=5))

    assert str(report) == "Looked at 1 pilot: nothing has changed."
    assert (list(Flag.objects.values()), Event.objects.count()) == before
    assert not [query["sql"] for query in queries if {"INSERT", "UPDATE", "DELETE"} & set(query["sql"].split())]


def test_a_flag_grows_with_the_days_and_keeps_its_beginning(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now, due=-10)
    scan(actor=None, today=today, now=now)

    report = scan(actor=None, today=today + timedelta(days=4), now=now + timedelta(days=4))

    assert report.outcome == {"pilots": 1, "opened": 0, "changed": 1, "closed": 0}
    assert open_flags(pilot) == {OVERDUE: (Severity.SERIOUS, today - timedelta(days=10))}
    assert Flag.objects.get().opened_on == today
    assert standing(pilot) == (1, Severity.SERIOUS)


@pytest.mark.requirement(49, page="/pilots/P-0001/")
def test_only_a_decision_stops_the_clock(cast, gate_set, today, now):
    """Nothing else that people or jobs do moves its beginning by a day, nor what waiting has cost."""
    building.join_all(cast)
    pilot = building.awaiting(cast, today=today, now=now, due=-40, monthly_cost=Decimal(1200))
    scan(actor=None, today=today - timedelta(days=1), now=now - timedelta(days=1))
    when = {"today": today, "now": now}
    one = Criterion.objects.get(gate__number=1, number=1)
    late = Flag.objects.get(rule=OVERDUE)

    def stands() -> tuple[tuple[int, date], int, Decimal | None]:
        pilot.refresh_from_db()
        told = clock_of(pilot, today)
        return open_flags(pilot)[OVERDUE], told.days, told.cost_of_waiting

    before = stands()
    assert before == ((Severity.SERIOUS, today - timedelta(days=40)), 40, Decimal("1578.08"))
    acts = [
        lambda: report_status(actor=cast.alice, pilot=pilot, moved="We are still waiting.", now=now),
        lambda: comment_on_criterion(actor=cast.alice, pilot=pilot, criterion=one, text="Who answers?", **when),
        lambda: edit_pilot(actor=cast.alice, pilot=pilot, seen=None, now=now, summary="Reads more letters."),
        lambda: add_note(cast, pilot, **when),
        lambda: submitted(cast, pilot, **when),
        lambda: hand_over_part(cast, pilot, today, now),
        lambda: snooze_flag(
            actor=cast.bob, flag=late, reason="The vendor answers.", until=today + timedelta(days=9), **when
        ),
        lambda: defer_decision(
            actor=cast.bob, pilot=pilot, reason="The audit is not in.", owner=cast.alice,
            until=today + timedelta(days=9), seen_round=None, **when,
        ),
        lambda: scan(actor=None, **when),
        *(drift_scan, digests_compose, reviews_reopen, meetings_open, votes_sweep),
    ]  # fmt: skip
    with time_machine.travel(now, tick=False):
        for act in acts:
            act()
            assert stands() == before

    decide(cast, pilot, Outcome.STOP, today=today, now=now)
    scan(actor=None, today=today, now=now)
    pilot.refresh_from_db()
    assert (OVERDUE in open_flags(pilot), clock_of(pilot, today).days) == (False, 0)


def hand_over_part(cast, pilot, today, now) -> None:
    end_part(actor=None, pilot=pilot, part=Part.EXECUTIVE_SPONSOR, until=today, now=now)
    assign_part(actor=None, pilot=pilot, person=cast.carol, part=Part.EXECUTIVE_SPONSOR, since=today, now=now)


def test_after_a_decision_the_next_scan_closes_its_flags(cast, today, now):
    pilot = building.running(cast, today=today, now=now, due=-40)
    scan(actor=None, today=today, now=now)
    assert set(open_flags(pilot)) == {OVERDUE, NOT_ASKED, SILENT}
    record_decision(
        actor=cast.bob, pilot=pilot, outcome=Outcome.STOP, rationale="Too few letters.", terms=STOP, seen=None,
        today=today, now=now,
    )  # fmt: skip
    assert set(open_flags(pilot)) == {OVERDUE, NOT_ASKED, SILENT}

    report = scan(actor=None, today=today, now=now)

    assert report.closed == 3
    assert open_flags(pilot) == {}
    assert set(Flag.objects.values_list("closed_on", flat=True)) == {today}
    assert standing(pilot) == (0, None)
    assert recorded()[-4:] == ["gates.flags.reconciled", *["gates.flag.closed"] * 3]


def test_a_research_round_is_overdue_on_its_review_date(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    review = today + timedelta(days=60)
    research = Terms(learning_goal="Do letters in dialect fare worse?", budget_cap=5000, next_due=review)
    record_decision(
        actor=cast.bob, pilot=pilot, outcome=Outcome.RESEARCH, rationale="Worth knowing.", terms=research, seen=None,
        today=today, now=now,
    )  # fmt: skip

    scan(actor=None, today=review, now=now)
    assert OVERDUE not in open_flags(pilot)
    scan(actor=None, today=review + timedelta(days=1), now=now)

    assert open_flags(pilot)[OVERDUE] == (Severity.WARNING, review)
    assert NOT_ASKED not in open_flags(pilot)
    assert "Research round 2" in Flag.objects.get(rule=OVERDUE).detail


def test_what_comes_back_is_a_new_flag(cast, today, now):
    pilot = building.running(cast, today=today, now=now, started=50, due=30)
    scan(actor=None, today=today, now=now)
    report_status(actor=cast.alice, pilot=pilot, moved="Letters flow.", now=now)
    scan(actor=None, today=today, now=now)
    later = today + timedelta(days=30)

    scan(actor=None, today=later, now=now + timedelta(days=30))

    flags = Flag.objects.filter(pilot=pilot, rule=SILENT).order_by("id")
    assert list(flags.values_list("since", "opened_on", "closed_on")) == [
        (today - timedelta(days=50), today, today),
        (today, later, None),
    ]


def test_where_nothing_says_since_when_the_first_day_stays(cast, today, now):
    pilot = building.running(cast, today=today, now=now, started=5, due=30)
    cast.alice.is_active = False  # and nobody noted the day
    cast.alice.save()
    scan(actor=None, today=today, now=now)

    report = scan(actor=None, today=today + timedelta(days=3), now=now + timedelta(days=3))

    assert (report.changed, open_flags(pilot)) == (0, {NO_OWNER: (Severity.SERIOUS, today)})


def test_a_new_owner_clears_the_flag(cast, today, now):
    pilot = building.running(cast, today=today, now=now, started=5, due=30)
    end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today, now=now)
    scan(actor=None, today=today, now=now)
    assign_part(actor=None, pilot=pilot, person=cast.carol, part=Part.BUSINESS_OWNER, since=today, now=now)
    scan(actor=None, today=today, now=now)
    assert open_flags(pilot) == {}


def test_only_the_pilots_asked_about_are_touched(cast, today, now):
    one = building.awaiting(cast, today=today, now=now, title="One")
    other = building.awaiting(cast, today=today, now=now, title="Other")
    report = scan(actor=None, today=today, now=now, pilots=[one.pk])
    assert (report.pilots, report.opened) == (1, 1)
    assert (len(open_flags(one)), len(open_flags(other))) == (1, 0)
    scan(actor=None, today=today, now=now, pilots=[other.pk])
    assert len(open_flags(one)) == 1


def test_a_rule_that_is_off_finds_nothing_and_its_flags_close(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    scan(actor=None, today=today, now=now)
    overdue = BY_ID[OVERDUE]
    change_rule(
        actor=cast.administrator, rule=overdue, enabled=False, threshold=14, severity=overdue.severity, seen=0, now=now
    )
    assert scan(actor=None, today=today, now=now).by_rule[OVERDUE] == Counts(closed=1)
    assert open_flags(pilot) == {}


def test_flags_of_a_rule_that_is_no_more_close(cast, today, now):
    pilot = building.running(cast, today=today, now=now, started=5, due=30)
    Flag.objects.create(pilot=pilot, rule="forgotten", severity=1, detail="It was so.", since=today, opened_on=today)
    report = scan(actor=None, today=today, now=now)
    assert report.by_rule["forgotten"] == Counts(closed=1)
    assert Event.objects.get(kind="gates.flag.closed").data["rule"] == "forgotten"


def test_the_day_is_the_committees(cast, today, now):
    change_committee(actor=None, committee=cast.committee, seen=None, now=now, time_zone="America/New_York")
    there = building.awaiting(cast, today=today, now=now, due=-1, title="In New York")
    here = building.awaiting(cast, today=today, now=now, due=-1, title="Without a committee", committee_slug="")
    # The due day was the 15th. At three in the morning of the 16th in Paris it is still the 15th in New York.
    night = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)

    scan(actor=None, today=None, now=night)

    assert (open_flags(there), set(open_flags(here))) == ({}, {OVERDUE})
    scan(actor=None, today=None, now=night + timedelta(hours=4))
    assert set(open_flags(there)) == {OVERDUE}
    assert Flag.objects.get(pilot=there).opened_on == date(2026, 11, 16)


def test_a_scan_of_the_past_closes_no_flag_before_it_opened(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-10)
    scan(actor=None, today=today, now=now)
    scan(actor=None, today=today - timedelta(days=30), now=now)
    assert list(Flag.objects.values_list("opened_on", "closed_on")) == [(today, today)]


def test_many_flags_are_told_in_the_one_event(cast, today, now, monkeypatch):
    monkeypatch.setattr(scanning, "TOLD_ONE_BY_ONE", 2)
    pilots = [building.awaiting(cast, today=today, now=now, title=f"Pilot {n}") for n in range(3)]
    scan(actor=cast.manager, today=today, now=now)
    assert recorded() == ["gates.flags.reconciled"]
    event = Event.objects.get(kind="gates.flags.reconciled")
    assert event.actor == cast.manager.ref
    assert event.data == {
        "opened": 3, "changed": 0, "closed": 0, "flags": {"opened": {OVERDUE: [pilot.pk for pilot in pilots]}},
    }  # fmt: skip
    assert list(verify()) == []


def test_progress_is_told(cast, today, now):
    for n in range(3):
        building.proposed(cast, today=today, now=now, title=f"Pilot {n}")
    told = []
    scan(actor=None, today=today, now=now, progress=told.append)
    assert told == [1, 2, 3]


def test_the_number_of_statements_does_not_grow(cast, today, now):
    def statements(count: int) -> int:
        for n in range(count):
            building.running(cast, today=today, now=now, title=f"Pilot {n}", due=-40)
        with CaptureQueriesContext(connection) as queries:
            report = scan(actor=None, today=today, now=now)
        assert report.opened == 3 * count
        return len(queries)

    of_three = statements(3)
    assert statements(57) == of_three
    with CaptureQueriesContext(connection) as queries:
        scan(actor=None, today=today, now=now)
    assert len(queries) == 8  # savepoint and its release; limits, lock, rules, exemptions, facts, comparison


def test_foreseeing_counts_and_changes_nothing(cast, today, now):
    late = building.awaiting(cast, today=today, now=now, due=-10, title="Late")
    building.awaiting(cast, today=today, now=now, due=-3, title="Later")
    scan(actor=None, today=today, now=now)
    building.awaiting(cast, today=today, now=now, due=-30, title="Not looked at yet")
    held = rule_in_force(BY_ID[OVERDUE])
    assert foresee(held, today=today, now=now) == Counts(opened=1)
    stricter = type(held)(held.rule, enabled=True, threshold=5, severity=Severity.SERIOUS)
    assert foresee(stricter, today=today, now=now) == Counts(opened=1, changed=1)
    off = type(held)(held.rule, enabled=False, threshold=5, severity=Severity.SERIOUS)
    assert foresee(off, today=today, now=now) == Counts(closed=2)
    assert open_flags(late) == {OVERDUE: (Severity.WARNING, today - timedelta(days=10))}


def test_a_scan_that_breaks_leaves_nothing_behind(cast, today, now, monkeypatch):
    pilot = building.awaiting(cast, today=today, now=now)

    def break_down(_pilots):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(scanning, "keep_judgements", break_down)
        with pytest.raises(RuntimeError):
            scan(actor=None, today=today, now=now)

    assert (open_flags(pilot), standing(pilot), recorded()) == ({}, (0, None), [])
    assert scan(actor=None, today=today, now=now).opened == 1


def test_the_schedules_job_looks_at_each_pilots_own_day(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now, due=-1)
    with time_machine.travel(now, tick=False):
        drift_scan()
    assert set(open_flags(pilot)) == {OVERDUE}
    run = JobRun.objects.get(job=scanning.JOB)
    assert (run.failed, run.outcome) == (False, {"pilots": 1, "opened": 1, "changed": 0, "closed": 0})


def test_a_flag_without_a_known_beginning_is_as_found_the_next_day(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    decide(cast, pilot, Outcome.SCALE, today=today, now=now)
    pilot.refresh_from_db()
    edit_pilot(actor=None, pilot=pilot, seen=None, now=now, monthly_cost=Decimal(1600))
    scan(actor=None, today=today, now=now)
    assert Flag.objects.get(rule="basis-changed", closed_on=None).since == today

    tomorrow = {"today": today + timedelta(days=1), "now": now + timedelta(days=1)}
    assert foresee(rule_in_force(BY_ID["basis-changed"]), **tomorrow) == Counts()
