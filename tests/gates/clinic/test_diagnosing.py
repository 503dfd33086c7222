"""Looking at why a pilot is stuck: what holds, what binds, what keeps it from being scaled."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from accounts.naming import note_leaving
from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates.clinic import scaling_obstacles
from portfolio.assigning import end_part
from portfolio.diagnosing import Answered, diagnose
from portfolio.history import told
from portfolio.interventions import Moved, stuck_file_of
from portfolio.models import Diagnosis
from portfolio.states import Outcome, Part
from portfolio.stuck import BINDING_ORDER, StuckPattern, proposed_binding
from portfolio.stuck_patterns import LIBRARY, PATTERNS
from tests import building
from tests.gates.clinic.building import NO, UNSURE, YES, answers, diagnosed
from tests.gates.deciding_for import decide

SPONSOR, METRICS, WORKFLOW = StuckPattern.NO_SPONSOR, StuckPattern.METRICS, StuckPattern.WORKFLOW
EARLIER = timedelta(days=30)


@pytest.fixture
def pilot(cast, today, now):
    return building.running(cast, today=today, now=now)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


class TestPatterns:
    @pytest.mark.requirement(42, page="/pilots/P-0001/clinic/")
    def test_several_hold_at_once_and_not_sure_is_none_of_them(self, cast, pilot, now):
        said = answers(METRICS, WORKFLOW, enthusiasts=Answered(UNSURE, "Nobody counted."))
        found = diagnose(actor=cast.alice, pilot=pilot, answers=said, now=now)
        assert found.patterns == [WORKFLOW, METRICS]
        assert found.answers["enthusiasts"] == {"answer": "unsure", "note": "Nobody counted.", "file": "", "says": []}

    def test_none_holds_and_none_binds(self, cast, pilot, now):
        found = diagnosed(cast, pilot, now=now)
        assert (found.patterns, found.binding) == ([], "")

    def test_there_are_six_each_with_a_test_and_three_to_five_ideas(self):
        assert list(PATTERNS) == list(StuckPattern)
        assert all(3 <= len(words.ideas) <= 5 for words in PATTERNS.values())
        assert len(LIBRARY) == sum(len(words.ideas) for words in PATTERNS.values())
        assert all(sum(idea.for_all for idea in words.ideas) == 1 for words in PATTERNS.values())

    def test_the_timeline_tells_it(self, cast, pilot, now):
        diagnosed(cast, pilot, METRICS, now=now)
        event = Event.objects.get(kind="portfolio.diagnosis.made")
        assert [one.what for one in told([event])] == [
            "Looked at why it is stuck; found: metrics unclear; what binds: metrics unclear"
        ]


class TestBinding:
    @pytest.mark.requirement(45, page="/pilots/P-0001/clinic/")
    @pytest.mark.parametrize("other", [one for one in StuckPattern if one != SPONSOR])
    def test_a_sponsor_gap_is_proposed_before_any_other(self, other):
        assert proposed_binding([other, SPONSOR]) == SPONSOR

    def test_each_pattern_has_its_place_in_the_order(self):
        assert sorted(BINDING_ORDER) == sorted(StuckPattern)
        assert [proposed_binding([one]) for one in StuckPattern] == list(StuckPattern)

    def test_another_one_than_proposed_takes_a_reason(self, cast, pilot, now):
        with pytest.raises(RefusedError) as refused:
            diagnosed(cast, pilot, SPONSOR, METRICS, binding=METRICS, now=now)
        assert codes(refused) == ["binding_reason"]
        found = diagnosed(cast, pilot, SPONSOR, METRICS, binding=METRICS, binding_reason=" She waits for it. ", now=now)
        assert (found.binding, found.binding_reason) == (METRICS, "She waits for it.")

    def test_a_reason_for_what_was_proposed_is_not_kept(self, cast, pilot, now):
        assert diagnosed(cast, pilot, METRICS, binding=METRICS, binding_reason="So.", now=now).binding_reason == ""

    def test_what_does_not_hold_cannot_bind(self, cast, pilot, now):
        with pytest.raises(RefusedError) as refused:
            diagnosed(cast, pilot, METRICS, binding=SPONSOR, now=now)
        assert codes(refused) == ["binding"]

    def test_the_database_keeps_one_binding_pattern_where_any_holds(self, cast, pilot, now):
        held = pilot.rounds.get()
        for patterns, binding in (([METRICS], ""), ([], METRICS)):
            with pytest.raises(IntegrityError, match="diagnosis_binds_if_any"), transaction.atomic():
                Diagnosis.objects.create(
                    pilot=pilot, round=held, at=now, answers={}, patterns=patterns, binding=binding
                )


class TestGuards:
    def test_every_obstacle_at_once(self, cast, today, now):
        draft = building.proposed(cast, today=today, now=now)
        said = answers(metrics=Answered(YES, file=NO))
        del said[WORKFLOW]
        with pytest.raises(RefusedError) as refused:
            diagnose(actor=cast.alice, pilot=draft, answers=said, now=now)
        assert codes(refused) == ["stage", "workflow_answer", "metrics_note"]

    def test_better_than_the_file_says_takes_a_note(self, cast, pilot, now):
        said = answers(metrics=Answered(YES, "Finance counts it.", file=NO, says=["No criterion."]))
        found = diagnose(actor=cast.alice, pilot=pilot, answers=said, now=now)
        assert found.answers["metrics"] == {
            "answer": "yes", "note": "Finance counts it.", "file": "no", "says": ["No criterion."],
        }  # fmt: skip

    def test_worse_than_the_file_says_takes_none(self, cast, pilot, now):
        found = diagnose(actor=cast.alice, pilot=pilot, answers=answers(metrics=Answered(NO, file=YES)), now=now)
        assert found.patterns == [METRICS]

    def test_a_second_writer_is_told(self, cast, pilot, now):
        first = diagnosed(cast, pilot, METRICS, now=now, seen=0)
        with pytest.raises(StaleError):
            diagnosed(cast, pilot, WORKFLOW, now=now, seen=0)
        diagnosed(cast, pilot, WORKFLOW, now=now, seen=first.pk)
        assert Diagnosis.objects.count() == 2

    @pytest.mark.parametrize("change", [{"binding": SPONSOR}, None])
    def test_rows_are_only_added(self, cast, pilot, now, change):
        kept = Diagnosis.objects.filter(pk=diagnosed(cast, pilot, METRICS, now=now).pk)
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            kept.update(**change) if change else kept.delete()


def test_the_next_look_says_what_changed(cast, pilot, now):
    diagnosed(cast, pilot, SPONSOR, METRICS, now=now - EARLIER)
    diagnosed(cast, pilot, METRICS, WORKFLOW, now=now)
    file = stuck_file_of(pilot)
    assert file.moved == [Moved(SPONSOR, NO, YES), Moved(WORKFLOW, YES, NO)]
    assert [one.is_better for one in file.moved] == [True, False]


class TestScaling:
    @pytest.mark.requirement(45, page="/pilots/P-0001/decide/")
    def test_a_sponsor_gap_blocks_scaling_until_a_later_look_closes_it(self, cast, gate_set, pilot, today, now):
        diagnosed(cast, pilot, SPONSOR, METRICS, now=now - EARLIER)
        with pytest.raises(RefusedError) as refused:
            decide(cast, pilot, Outcome.SCALE, today=today, now=now)
        assert "sponsor_gap" in codes(refused)
        diagnosed(cast, pilot, METRICS, now=now)
        assert scaling_obstacles(pilot) == []
        decide(cast, pilot, Outcome.SCALE, today=today, now=now)

    @pytest.mark.parametrize("outcome", [one for one in Outcome if one != Outcome.SCALE])
    def test_any_other_decision_is_free(self, cast, gate_set, pilot, today, now, outcome):
        diagnosed(cast, pilot, SPONSOR, now=now)
        assert decide(cast, pilot, outcome, today=today, now=now).outcome == outcome

    def test_other_patterns_do_not_block(self, cast, pilot, now):
        diagnosed(cast, pilot, *[one for one in StuckPattern if one != SPONSOR], now=now)
        assert scaling_obstacles(pilot) == []

    def test_nobody_need_have_looked_where_no_sponsor_is_here(self, cast, pilot, today, now):
        assert scaling_obstacles(pilot) == []
        note_leaving(actor=cast.administrator, person=cast.sponsor, left_on=today, now=now)
        assert [one.code for one in scaling_obstacles(pilot)] == ["sponsor_gap"]

    def test_a_sponsor_part_that_nobody_holds_blocks(self, cast, pilot, today, now):
        end_part(actor=cast.alice, pilot=pilot, part=Part.EXECUTIVE_SPONSOR, until=today, now=now)
        assert [one.what for one in scaling_obstacles(pilot)] == ["No executive sponsor is named who is still here."]
