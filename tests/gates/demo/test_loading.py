"""Two hundred synthetic pilots, loaded once for all of these tests."""

import json
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import TestCase

from audit.models import Event
from audit.verifying import verify
from gates.demo.calendar import Calendar
from gates.demo.loading import load_portfolio
from gates.demo.reading import WrittenPilot, written_pilots
from gates.demo.replaying import Replay
from gates.demo.seeding import open_house
from gates.models import Assessment, Decision, GateReview
from gates.standing import keep_judgements
from portfolio.models import BlockerReport, Pilot, Round, Standing, StatusUpdate
from portfolio.standing import keep_facts
from portfolio.states import Stage

TODAY = date(2026, 11, 21)
#: Written pilots that between them go through every verb that loading does without.
TOLD = ("hail-photos", "mortality", "waiting-time", "roof-drones")


def fingerprint():
    """Everything that a seed decides, without keys of rows."""
    return [
        list(rows)
        for rows in (
            Pilot.objects.order_by("code").values_list("title", "summary", "stage", "risk_class", "monthly_cost"),
            Round.objects.order_by("pilot__code", "number").values_list("state", "starts_on", "decision_due"),
            StatusUpdate.objects.order_by("round__pilot__code", "at").values_list("moved", "at"),
            BlockerReport.objects.order_by("update__round__pilot__code", "update__at").values_list(
                "blocker__text", "update__at"
            ),
            Decision.objects.order_by("number").values_list("number", "outcome", "snapshot_sha256"),
            Assessment.objects.order_by("at", "review__round__pilot__code", "pk").values_list("finding", "comment"),
            Event.objects.exclude(scope="").order_by("sequence").values_list("at", "kind"),
        )
    ]


class TestScale(TestCase):
    """What `seed_demo --scale 200` leaves behind."""

    @classmethod
    def setUpTestData(cls) -> None:
        load_portfolio(count=200, seed=7, today=TODAY)

    def test_there_are_as_many_as_asked_for_in_every_stage(self):
        assert Pilot.objects.count() == 200
        assert set(Pilot.objects.values_list("stage", flat=True)) == set(Stage)
        assert GateReview.objects.exists()

    def test_the_trail_verifies(self):
        assert list(verify()) == []

    def test_standing_rebuilt_equals_kept(self):
        assert keep_facts(None, zone=settings.TIME_ZONE) + keep_judgements(None) == 0
        assert Standing.objects.count() == 200
        assert Standing.objects.filter(undecided_since__lt=TODAY).exists()

    def test_rows_are_valid_as_the_forms_would_have_them(self):
        for row in (*Pilot.objects.all()[:50], *Round.objects.all()[:50], *Decision.objects.all()[:50]):
            row.full_clean()

    def test_decisions_are_numbered_in_the_order_of_their_days(self):
        for year in (2024, 2025, 2026):
            of_year = Decision.objects.filter(decided_on__year=year).order_by("decided_on", "number")
            numbers = list(of_year.values_list("number", flat=True))
            assert numbers == [f"D-{year}-{place:03d}" for place in range(1, len(numbers) + 1)]

    def test_more_can_be_added_to_what_is_there(self):
        said = StringIO()
        call_command("seed_demo", scale=3, seed=8, today=TODAY, stdout=said)
        assert said.getvalue().startswith("There are 203 pilots now.\n")
        assert list(verify()) == []

    def test_events_and_snapshots_have_the_shape_that_verbs_give_them(self):
        loaded_kinds, loaded_shape = _kinds(Event.objects.exclude(scope="")), _shape(Decision.objects.first())
        last = Event.objects.latest("sequence").sequence
        _tell([pilot for pilot in written_pilots() if pilot.key in TOLD])
        told = _kinds(Event.objects.filter(sequence__gt=last).exclude(scope=""))
        assert {kind: told[kind] for kind in loaded_kinds} == loaded_kinds
        assert _shape(Decision.objects.latest("id")) == loaded_shape


@pytest.mark.django_db
def test_the_same_seed_loads_the_same_and_another_does_not():
    prints = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            load_portfolio(count=200 if seed == 7 else 20, seed=seed, today=TODAY)
            prints.append(fingerprint())
            transaction.set_rollback(True)
    first, again, other = prints
    assert all(first)
    assert first == again
    assert first[0][:20] != other[0]


def _tell(pilots: list[WrittenPilot]) -> None:
    calendar = Calendar(TODAY, settings.TIME_ZONE)
    replay = Replay(open_house(calendar=calendar), calendar)
    for pilot in pilots:
        for step in pilot.steps:
            day = calendar.working_day(step.day)
            replay.tell(pilot, step, day, calendar.moment(day, 0, 1))


def _kinds(events):
    """Names of the data of each kind of event."""
    return {event.kind: sorted(event.data) for event in events}


def _shape(decision):
    """The keys of a snapshot, two levels deep."""
    body = json.loads(bytes(decision.snapshot))
    return {key: sorted(value) if isinstance(value, dict) else type(value).__name__ for key, value in body.items()}
