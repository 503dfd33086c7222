"""Interventions: owned, dated, done with what came of it; and the warning where only one of several gets help."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.naming import note_leaving
from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from portfolio.history import told
from portfolio.intervening import finish_intervention, give_up_intervention
from portfolio.interventions import interventions_due, stuck_file_of, tried
from portfolio.models import Intervention, Pilot
from portfolio.states import Stage
from portfolio.stuck import InterventionState, StuckPattern
from tests import building
from tests.gates.clinic.building import diagnosed, started

SPONSOR, METRICS, WORKFLOW = StuckPattern.NO_SPONSOR, StuckPattern.METRICS, StuckPattern.WORKFLOW


@pytest.fixture
def pilot(cast, today, now):
    return building.running(cast, today=today, now=now)


@pytest.fixture
def under_way(cast, pilot, today, now):
    diagnosed(cast, pilot, METRICS, now=now)
    return started(cast, pilot, METRICS, today=today, now=now, idea="metrics-one")


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


class TestStarting:
    @pytest.mark.requirement(44, page="/pilots/P-0001/clinic/")
    def test_an_action_has_an_owner_and_a_day(self, cast, under_way, today):
        assert (under_way.owner, under_way.due, under_way.state) == (cast.carol, today + timedelta(days=14), "open")
        assert under_way.diagnosis.patterns == [METRICS]

    def test_an_owner_who_is_new_here_is_invited(self, cast, pilot, today, now):
        diagnosed(cast, pilot, METRICS, now=now)
        found = started(cast, pilot, METRICS, today=today, now=now, owner="new@example.org")
        assert found.owner == User.objects.get(email="new@example.org")

    def test_every_obstacle_at_once(self, cast, pilot, today, now):
        with pytest.raises(RefusedError) as refused:
            started(cast, pilot, METRICS, today=today, now=now, due=-1, owner=" ", text=" ")
        assert codes(refused) == ["pattern", "text", "owner_email", "due"]

    def test_an_ended_pilot_gets_none(self, cast, pilot, today, now):
        Pilot.objects.filter(pk=pilot.pk).update(stage=Stage.STOPPED)
        diagnosis_refused = pytest.raises(RefusedError)
        with diagnosis_refused as refused:
            started(cast, pilot, METRICS, today=today, now=now)
        assert codes(refused) == ["stage", "pattern"]

    def test_who_has_left_does_nothing(self, cast, pilot, today, now):
        diagnosed(cast, pilot, METRICS, now=now)
        note_leaving(actor=cast.administrator, person=cast.carol, left_on=today, now=now)
        with pytest.raises(RefusedError) as refused:
            started(cast, pilot, METRICS, today=today, now=now)
        assert codes(refused) == ["owner_email"]

    def test_an_idea_is_under_way_once(self, cast, pilot, under_way, today, now):
        with pytest.raises(RefusedError) as refused:
            started(cast, pilot, METRICS, today=today, now=now, idea="metrics-one")
        assert codes(refused) == ["idea"]
        started(cast, pilot, METRICS, today=today, now=now, text="Of our own.")
        started(cast, pilot, METRICS, today=today, now=now, text="Another one.")
        with pytest.raises(IntegrityError, match="idea_once"), transaction.atomic():
            Intervention.objects.filter(text="Of our own.").update(idea="metrics-one")


class TestClosing:
    @pytest.mark.requirement(44, page="/pilots/P-0001/clinic/interventions/1/")
    @pytest.mark.parametrize(
        ("verb", "state", "sentence"),
        [
            (finish_intervention, "done", "Finished the intervention “Ask finance.”: One figure."),
            (give_up_intervention, "given_up", "Gave up the intervention “Ask finance.”: One figure."),
        ],
    )
    def test_it_says_what_came_of_it(self, cast, under_way, now, verb, state, sentence):
        closed = verb(actor=cast.carol, intervention=under_way, outcome=" One figure. ", seen=1, now=now)
        assert (closed.state, closed.outcome, closed.closed_by, closed.version) == (state, "One figure.", cast.carol, 2)
        assert [one.what for one in told(Event.objects.order_by("-sequence")[:1])] == [sentence]

    @pytest.mark.parametrize("verb", [finish_intervention, give_up_intervention])
    def test_every_obstacle_at_once(self, cast, under_way, now, verb):
        finish_intervention(actor=cast.alice, intervention=under_way, outcome="One figure.", now=now)
        with pytest.raises(RefusedError) as refused:
            verb(actor=cast.charlie, intervention=under_way, outcome=" ", now=now)
        assert codes(refused) == ["closed", "not_owner", "outcome"]

    def test_a_second_writer_is_told(self, cast, under_way, now):
        finish_intervention(actor=cast.carol, intervention=under_way, outcome="One figure.", seen=1, now=now)
        with pytest.raises(StaleError):
            give_up_intervention(actor=cast.carol, intervention=under_way, outcome="No time.", seen=1, now=now)

    @pytest.mark.parametrize("change", [{"state": "done"}, {"outcome": "So."}])
    def test_the_database_keeps_a_closed_one_from_saying_nothing(self, under_way, change):
        with pytest.raises(IntegrityError, match="closed_says_how"), transaction.atomic():
            Intervention.objects.filter(pk=under_way.pk).update(**change)

    def test_what_was_tried_is_known_by_its_last_state(self, cast, pilot, under_way, today, now):
        give_up_intervention(actor=cast.carol, intervention=under_way, outcome="No time.", now=now)
        started(cast, pilot, METRICS, today=today, now=now, idea="metrics-one")
        assert tried(stuck_file_of(pilot).interventions) == {"metrics-one": InterventionState.OPEN}


@pytest.mark.requirement(46, page="/pilots/P-0001/clinic/")
@pytest.mark.parametrize(
    ("held", "helped", "lopsided"),
    [
        ([METRICS], [METRICS], False),
        ([METRICS, WORKFLOW], [METRICS], True),
        ([SPONSOR, METRICS, WORKFLOW], [METRICS], True),
        ([METRICS, WORKFLOW], [METRICS, WORKFLOW], False),
        ([SPONSOR, METRICS, WORKFLOW], [METRICS, WORKFLOW], False),
        ([METRICS, WORKFLOW], [], False),  # nothing at all is another warning
    ],
)
def test_warned_when_only_one_of_several_patterns_gets_help(cast, pilot, today, now, held, helped, lopsided):
    diagnosed(cast, pilot, *held, now=now)
    for pattern in helped:
        started(cast, pilot, pattern, today=today, now=now)
    file = stuck_file_of(pilot)
    assert (file.lopsided, sorted(file.unhelped)) == (lopsided, sorted(set(held) - set(helped)))


def test_what_is_closed_helps_no_more(cast, pilot, under_way, now):
    finish_intervention(actor=cast.carol, intervention=under_way, outcome="Nothing.", now=now)
    assert stuck_file_of(pilot).unhelped == [METRICS]


def test_what_is_due_for_the_digests(cast, pilot, under_way, today, now, django_assert_num_queries):
    other = started(cast, pilot, METRICS, today=today, now=now, due=30, text="Later.")
    on_the_day, people = today + timedelta(days=14), [cast.carol, cast.bob]
    assert interventions_due(people, on_the_day - timedelta(days=1)) == {}
    with django_assert_num_queries(1):
        assert interventions_due(people, on_the_day) == {cast.carol.pk: [under_way]}
    assert interventions_due([cast.bob], on_the_day) == {}
    assert interventions_due(people, today + timedelta(days=31)) == {cast.carol.pk: [under_way, other]}
    Pilot.objects.filter(pk=pilot.pk).update(stage=Stage.STOPPED)
    assert interventions_due(people, on_the_day) == {}
