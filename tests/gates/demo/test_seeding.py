"""The demo, seeded once for all of these tests."""

import json
import re
from datetime import date, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from accounts.models import User
from audit.models import Event
from audit.verifying import verify
from gates.demo.calendar import Calendar
from gates.demo.reading import written_pilots
from gates.demo.seeding import TRIAL_PASSWORD, open_house, seed_portfolio, sign_ins
from gates.models import (
    Condition,
    Decision,
    Deferral,
    Flag,
    GateSet,
    Precedent,
    Proposal,
    Recusal,
    ReviewRequest,
    RoundGateSet,
)
from gates.rules.registry import BY_ID, RULES
from gates.scanning import scan
from gates.set_difference import open_rounds_by_set
from gates.standing import keep_judgements
from portfolio.business_case import cases_of
from portfolio.gaps import open_gaps
from portfolio.history import told
from portfolio.models import Amendment, Pilot, Round, Standing
from portfolio.standing import keep_facts
from portfolio.states import LampState, Outcome, Purpose, RoundState, Visibility

TODAY = date(2026, 11, 21)


class TestDemo(TestCase):
    """Two years of Ostrelle Mutual."""

    @classmethod
    def setUpTestData(cls) -> None:
        seed_portfolio(today=TODAY)

    def test_every_pilot_ends_where_its_file_says(self):
        assert dict(Pilot.objects.values_list("title", "stage")) == {
            pilot.facts["title"]: pilot.stage for pilot in written_pilots()
        }

    def test_the_trail_verifies_and_is_told_in_order(self):
        assert list(verify()) == []
        times = list(Event.objects.order_by("sequence").values_list("at", flat=True))
        assert times == sorted(times)
        assert times[-1] <= Calendar(TODAY, settings.TIME_ZONE).night(TODAY)

    def test_every_event_of_a_pilot_reads_as_a_sentence(self):
        events = list(Event.objects.exclude(scope=""))
        raw = [
            (event.kind, one.what, one.detail)
            for event, one in zip(events, told(events), strict=True)
            if re.search(r"[{}_\[\]]|\bNone\b|user:|not recorded|: ?$", one.what)
            or re.search(
                r"[{}_\[\]]|(?:: |was )None(?:[,;]|$)|user:|(?:^|; )[^:;]+: ([^;]+), was \1(?:;|$)", one.detail
            )
        ]
        assert raw == []

    def test_after_the_founding_people_act_and_only_scans_and_closing_votes_are_the_systems(self):
        founding = Event.objects.order_by("sequence")[0].at
        of_system = Event.objects.filter(actor="system", at__gt=founding).values_list("kind", flat=True)
        scan, votes = {"gates.flags.reconciled", "gates.flag.opened", "gates.flag.closed"}, {"gates.proposal.closed"}
        assert set(of_system) == scan | votes

    def test_flags_of_every_rule_are_open_and_a_scan_now_finds_nothing_new(self):
        flagged = set(Flag.objects.filter(closed_on=None).values_list("rule", flat=True))
        assert {rule for rule in flagged if not BY_ID[rule].family} == {rule.id for rule in RULES if not rule.family}
        assert Flag.objects.exclude(closed_on=None).exists()
        night = Calendar(TODAY, settings.TIME_ZONE).night(TODAY)
        report = scan(actor=None, today=TODAY, now=night)
        assert (report.opened, report.changed, report.closed) == (0, 0, 0)

    def test_a_snapshot_shows_the_flags_that_stood(self):
        late = Decision.objects.get(round__pilot__title="Warnings of crowded ports")
        flags = [flag["rule"] for flag in json.loads(bytes(late.snapshot))["open_flags"]]
        assert flags == ["decision-overdue", "scale-unanswered"]
        in_time = Decision.objects.get(round__pilot__title="Expense receipts read by telephone")
        assert json.loads(bytes(in_time.snapshot))["open_flags"] == []

    def test_contracts_are_agreed_and_three_stand_out(self):
        started = Round.objects.exclude(state=RoundState.DRAFT).filter(purpose=Purpose.PILOT)
        assert [one.pilot.title for one in started if not one.criteria.exists()] == []
        flagged = Flag.objects.filter(rule__startswith="gap-", closed_on=None)
        assert set(flagged.values_list("pilot__title", flat=True)) == {
            "Notes on the value of a hull",
            "Unusual patterns in system logs",
        }
        twice = Amendment.objects.filter(round__pilot__title="Draft letters in injury claims")
        assert [one.changes["target"] for one in twice] == [{"old": "5.5", "new": "6"}, {"old": "9", "new": "8"}]
        minutes = Pilot.objects.get(title="Draft minutes of committee meetings")
        assert {gap.said for gap in open_gaps(minutes.pk)} >= {"tbd", "We'll figure it out", "?", "n/a"}

    def test_business_cases_are_cheap_dear_renewed_and_negative(self):
        titles = dict(Pilot.objects.values_list("pk", "title"))
        cases = {titles[pilot]: case for pilot, case in cases_of(titles).items()}
        assert len(cases) >= 25
        asked = {title: {question.code for question in case.questions} for title, case in cases.items()}
        assert "few_times" in asked["Web requests sent to the right agency"]
        assert "many_times" in asked["Claims files translated from Japanese"]
        assert cases["Claims files translated from Japanese"].plans["build_explanation"]
        assert cases["Hail damage from customer photos"].number == 2
        assert cases["Expense receipts read by telephone"].net_present_value < 0
        assert "Quote form filled from a photo" not in cases

    def test_standing_rebuilt_equals_kept(self):
        assert keep_facts(None, zone=settings.TIME_ZONE) + keep_judgements(None) == 0
        assert Standing.objects.count() == Pilot.objects.count()

    def test_clocks_drift_from_days_to_months(self):
        late = {
            standing.pilot.title: (TODAY - standing.undecided_since).days
            for standing in Standing.objects.select_related("pilot").filter(undecided_since__lt=TODAY)
        }
        assert late["Cargo survey reports read in full"] == 182
        assert late["Unusual reserves marked for review"] == 3
        assert len(late) >= 12

    def test_owners_who_left_or_were_never_replaced(self):
        assert Pilot.objects.get(title="Local texts for agency pages").standing.owner is None
        departed = Pilot.objects.get(title="Risk notes for small businesses").standing.owner
        assert departed is not None
        assert not departed.is_active

    def test_silence_and_secrets(self):
        silent = Standing.objects.filter(last_sign_on__lt=TODAY - timedelta(days=60))
        assert silent.filter(pilot__stage="running").exists()
        assert Pilot.objects.filter(visibility=Visibility.RESTRICTED).count() >= 4

    def test_there_is_a_gate_in_every_state(self):
        assert {lamp for standing in Standing.objects.all() for lamp in standing.lamps} == set(LampState)

    def test_every_reviewer_of_the_demo_is_asked_for_something(self):
        asked = ReviewRequest.objects.filter(ended_at=None).values_list("reviewer__email", flat=True)
        assert {"sofia@example.org", "paul@example.org", "nadia@example.org"} <= set(asked)

    def test_a_second_gate_set_is_in_force_a_third_in_draft_and_rounds_keep_theirs(self):
        sets = {gate_set.pk: gate_set for gate_set in GateSet.objects.all()}
        assert {one.version: one.is_draft for one in sets.values()} == {1: False, 2: False, 3: True}
        by_version = {sets[pk].version: rounds for pk, rounds in open_rounds_by_set().items()}
        assert set(by_version) == {1, 2}
        [moved] = RoundGateSet.objects.filter(by__isnull=False).select_related("round__pilot__standing")
        assert (moved.round.pilot.title, moved.round.pilot.standing.lamps[1]) == (
            "Causes of water damage read from reports", LampState.REOPENED,
        )  # fmt: skip

    def test_questions_were_settled_in_open_and_restricted_pilots(self):
        in_force = Precedent.objects.filter(withdrawal=None)
        assert in_force.filter(review__round__pilot__visibility=Visibility.OPEN).count() == 8
        assert in_force.filter(review__round__pilot__visibility=Visibility.RESTRICTED).count() == 1
        assert Precedent.objects.exclude(withdrawal=None).count() == 1

    def test_the_log_has_all_that_can_happen_to_a_decision(self):
        assert Decision.objects.count() >= 30
        assert set(Decision.objects.values_list("outcome", flat=True)) == set(Outcome)
        assert Decision.objects.exclude(dissent="").exists()
        assert Decision.objects.exclude(supersedes=None).count() == 1
        assert {*Decision.objects.values_list("authority_path", flat=True)} >= {"chair", "chair_on_notice", "vote"}
        assert (Recusal.objects.count(), Proposal.objects.open().count()) == (1, 1)
        assert {*Deferral.objects.values_list("number", flat=True)} == {1, 2, 3}
        of_decisions = Condition.objects.exclude(decision=None)
        assert (of_decisions.overdue(TODAY).exists(), of_decisions.exclude(accepted_at=None).exists()) == (True, True)

    def test_decisions_are_numbered_by_year_without_gaps(self):
        numbers = list(Decision.objects.order_by("recorded_at").values_list("number", flat=True))
        for year in ("2024", "2025", "2026"):
            of_year = [number for number in numbers if number.startswith(f"D-{year}")]
            assert of_year == [f"D-{year}-{place:03d}" for place in range(1, len(of_year) + 1)]

    def test_twelve_people_can_sign_in(self):
        people = User.objects.filter(email__in=[email for email, _ in sign_ins()])
        assert len(people) == 12
        assert all(check_password(TRIAL_PASSWORD, person.password) for person in people)
        assert EmailAddress.objects.filter(verified=True, primary=True).count() == 12
        assert not any(p.has_usable_password() for p in User.objects.difference(people))

    def test_preparing_again_changes_nothing(self):
        before = (Pilot.objects.count(), User.objects.count(), Event.objects.count(), GateSet.objects.count())
        said = StringIO()
        call_command("prepare", demo=True, stdout=said)
        after = (Pilot.objects.count(), User.objects.count(), Event.objects.count(), GateSet.objects.count())
        assert before == after
        assert "agnes@example.org" in said.getvalue()
        assert TRIAL_PASSWORD in said.getvalue()

    def test_founding_again_changes_nothing(self):
        before = Event.objects.count()
        open_house(calendar=Calendar(TODAY, settings.TIME_ZONE))
        assert Event.objects.count() == before

    def test_seeding_again_is_refused(self):
        with pytest.raises(CommandError, match="empty installation only") as refused:
            call_command("seed_demo")
        assert refused.value.returncode == 1


@pytest.mark.django_db
@override_settings(TRIAL=False)
@pytest.mark.parametrize("command", [("prepare", "--demo"), ("seed_demo",), ("seed_demo", "--scale", "5")])
def test_production_is_not_seeded_by_accident(command):
    with pytest.raises(CommandError, match="production") as refused:
        call_command(*command)
    assert refused.value.returncode == 1
    assert not User.objects.exists()


@pytest.mark.django_db
@override_settings(TRIAL=False)
def test_nobody_gets_the_known_password_in_production():
    open_house(calendar=Calendar(TODAY, settings.TIME_ZONE))
    assert not any(person.has_usable_password() for person in User.objects.all())
    assert sign_ins() == []


@pytest.mark.django_db
def test_preparing_without_a_demo_publishes_the_gates_only():
    said = StringIO()
    call_command("prepare", stdout=said)
    assert (GateSet.objects.count(), User.objects.count(), Pilot.objects.count()) == (1, 0, 0)
    assert said.getvalue() == "Gate set 1 is published.\n"
    call_command("prepare", stdout=said)
    assert said.getvalue() == "Gate set 1 is published.\n"


@pytest.mark.parametrize("words", [["--scale", "0"], ["--scale", "many"], ["--today", "yesterday"]])
def test_unusable_input_is_said_so(words):
    with pytest.raises(CommandError):
        call_command("seed_demo", *words)
