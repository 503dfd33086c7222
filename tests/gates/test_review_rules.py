"""Assessing and concluding, as verbs: what they refuse, and for whom."""

from datetime import timedelta

import pytest

from accounts.naming import note_leaving
from accounts.obstacles import RefusedError, StaleError
from accounts.states import Function
from audit.models import Event
from gates.convening import end_reviewer, end_seat, name_reviewer, seat_member
from gates.models import Assessment, CommitteeSeat, Criterion, GateReview
from gates.permissions import committees_of, functions_of, is_chair
from gates.queries import gate_set_of
from gates.review_sheet import review_sheet
from gates.reviewing import Found, assess_criteria, assess_criterion, assess_in_pilot, conclude_review, open_review
from gates.states import PATHS, RISK_ORDER, CommitteePart, Finding, mandatory
from portfolio.assigning import assign_part
from portfolio.states import LampState, Outcome, Part, RiskClass
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.reviewing_for import conditions_for


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now)


def criterion(gate=2, number=1) -> Criterion:
    return Criterion.objects.select_related("gate").get(gate__number=gate, number=number)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


class TestAssessing:
    def assess(self, cast, review, *, today, now, of=None, actor=None, seen=None, finding=Finding.MET, comment=""):
        return assess_criterion(
            actor=actor or cast.reviewer, review=review, criterion=of or criterion(), finding=finding,
            comment=comment, seen=seen, today=today, now=now,
        )  # fmt: skip

    def test_a_gate_that_does_not_exist_is_refused(self, cast, pilot, now):
        with pytest.raises(RefusedError) as refused:
            open_review(actor=cast.reviewer, pilot=pilot, gate_slug="nonsense", now=now)
        assert codes(refused) == ["no_gate"]

    def test_opening_twice_is_opening_once(self, cast, pilot, now):
        first = open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now)
        assert open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now) == first
        assert Event.objects.filter(kind="gates.review.opened").count() == 1

    def test_a_criterion_of_another_gate_is_refused(self, cast, pilot, today, now):
        review = open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now)
        with pytest.raises(RefusedError) as refused:
            self.assess(cast, review, of=criterion(gate=1), today=today, now=now)
        assert codes(refused) == ["other_gate"]

    def test_everything_in_the_way_of_an_outsider_is_named(self, cast, pilot, today, now):
        review = open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now)
        with pytest.raises(RefusedError) as refused:
            self.assess(cast, review, actor=cast.alice, today=today, now=now)
        assert codes(refused) == ["other_function", "own_pilot"]

    def test_several_criteria_in_one_sitting_are_all_of_them_or_none(self, cast, pilot, today, now):
        review = open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now)
        sitting = {"actor": cast.reviewer, "review": review, "today": today, "now": now}
        with pytest.raises(RefusedError) as refused:
            assess_criteria(
                found=[Found(criterion(), Finding.MET), Found(criterion(gate=1), Finding.NOT_MET, " ")], **sitting
            )
        assert codes(refused) == ["other_gate", "comment"]
        assert Assessment.objects.count() == 0
        found = [Found(criterion(), Finding.MET), Found(criterion(number=2), Finding.NOT_MET, "Too few. ")]
        assert [one.comment for one in assess_criteria(found=found, **sitting)] == ["", "Too few."]
        assert assess_criteria(found=found, **sitting) == []
        assert Event.objects.filter(kind="gates.criterion.assessed").count() == 2

    def test_a_round_that_is_over_stays_as_it_was(self, cast, pilot, today, now):
        review = open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now)
        decide(cast, pilot, Outcome.REDESIGN, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.assess(cast, review, today=today, now=now)
        assert codes(refused) == ["round_over"]

    def test_the_next_round_begins_with_grey_lamps_in_the_same_set(self, cast, pilot, today, now):
        assess_in_pilot(
            actor=cast.reviewer, pilot=pilot, criterion=criterion(), finding=Finding.MET, comment="", seen=None,
            today=today, now=now,
        )  # fmt: skip
        decide(cast, pilot, Outcome.REDESIGN, today=today, now=now)
        sheet = review_sheet(pilot=pilot, gate_slug="production-data", reader=cast.reviewer, today=today)
        assert (sheet.state, sheet.required_assessed, sheet.round.number) == (LampState.NOT_STARTED, 0, 2)

    def test_seen_is_the_last_finding(self, cast, pilot, today, now):
        review = open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now)
        first = self.assess(cast, review, seen=0, today=today, now=now)
        with pytest.raises(StaleError) as stale:
            self.assess(cast, review, seen=0, finding=Finding.NOT_MET, comment="No.", today=today, now=now)
        assert (stale.value.seen, stale.value.current) == (0, first.pk)
        self.assess(cast, review, seen=first.pk, finding=Finding.NOT_MET, comment="No.", today=today, now=now)
        assert Assessment.objects.count() == 2


class TestConcluding:
    def conclude(self, cast, review, state, *, today, now, conclusion="Words.", actor=None, seen=None, conditions=None):
        if conditions is None:
            conditions = conditions_for(cast, today=today) if state == LampState.CONDITIONAL else []
        return conclude_review(
            actor=actor or cast.reviewer, review=review, state=state, conclusion=conclusion, conditions=conditions,
            seen=seen, today=today, now=now,
        )  # fmt: skip

    @pytest.fixture
    def review(self, cast, pilot, today, now) -> GateReview:
        """Gate 2 with every required criterion met but the first, which is partly met."""
        found = [
            Found(one, Finding.MET if number else Finding.PARTLY_MET, "Seen.")
            for number, one in enumerate(Criterion.objects.filter(gate__number=2))
            if mandatory(one.mandatory_from, pilot.risk_class)
        ]
        review = open_review(actor=cast.reviewer, pilot=pilot, gate_slug="production-data", now=now)
        assess_criteria(actor=cast.reviewer, review=review, found=found, today=today, now=now)
        return review

    def test_passing_needs_every_required_criterion_settled(self, cast, review, today, now):
        with pytest.raises(RefusedError) as refused:
            self.conclude(cast, review, LampState.PASSED, today=today, now=now)
        assert codes(refused) == ["not_met"]
        assert refused.value.obstacles[0].url == f"#criterion-{criterion().pk}"

    def test_not_passed_needs_words_and_passed_with_conditions_needs_conditions(self, cast, review, today, now):
        for state, missing in ((LampState.NOT_PASSED, "conclusion"), (LampState.CONDITIONAL, "conditions")):
            with pytest.raises(RefusedError) as refused:
                self.conclude(cast, review, state, conclusion=" ", conditions=[], today=today, now=now)
            assert codes(refused) == [missing]
        done = self.conclude(cast, review, LampState.CONDITIONAL, conclusion="", today=today, now=now)
        assert done.state == LampState.CONDITIONAL

    def test_a_state_that_is_no_conclusion_is_refused(self, cast, review, today, now):
        with pytest.raises(RefusedError) as refused:
            self.conclude(cast, review, LampState.IN_REVIEW, today=today, now=now)
        assert codes(refused) == ["state"]

    def test_a_concluded_gate_is_concluded(self, cast, review, today, now):
        self.conclude(cast, review, LampState.CONDITIONAL, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.conclude(cast, review, LampState.NOT_PASSED, today=today, now=now)
        assert codes(refused) == ["concluded"]

    def test_a_version_that_moved_on_is_stale(self, cast, review, today, now):
        with pytest.raises(StaleError):
            self.conclude(cast, review, LampState.CONDITIONAL, seen=review.version + 1, today=today, now=now)

    def test_the_owner_neither_leads_nor_concludes(self, cast, review, today, now):
        with pytest.raises(RefusedError) as refused:
            self.conclude(cast, review, LampState.CONDITIONAL, actor=cast.alice, today=today, now=now)
        assert codes(refused) == ["not_lead", "own_pilot"]

    def test_a_low_risk_pilot_needs_less(self, cast, gate_set, today, now):
        low, high = (
            building.running(cast, today=today, now=now, risk_class=risk) for risk in (RiskClass.LOW, RiskClass.HIGH)
        )
        wanted = []
        for one in (low, high):
            review = open_review(actor=cast.reviewer, pilot=one, gate_slug="production-data", now=now)
            with pytest.raises(RefusedError) as refused:
                self.conclude(cast, review, LampState.CONDITIONAL, today=today, now=now)
            wanted.append(len(refused.value.obstacles))
        assert wanted[0] < wanted[1]


class TestWho:
    def test_reviews_from_a_day_on_until_it_ends(self, cast, today, now):
        name_reviewer(actor=None, person=cast.charlie, function=Function.HR, since=today, now=now)
        assert functions_of(cast.charlie, today) == {Function.HR}
        assert functions_of(cast.charlie, today - timedelta(days=1)) == frozenset()
        end_reviewer(actor=None, person=cast.charlie, function=Function.HR, until=today, now=now)
        assert functions_of(cast.charlie, today) == frozenset()
        end_reviewer(actor=None, person=cast.charlie, function=Function.HR, until=today, now=now)
        assert Event.objects.filter(kind="gates.reviewer.ended").count() == 1

    def test_who_has_left_neither_reviews_nor_chairs(self, cast, today, now):
        for person in (cast.reviewer, cast.bob):
            left = note_leaving(actor=None, person=person, left_on=today, now=now)
            assert functions_of(left, today) == frozenset()
            assert not is_chair(left, "steering")

    def test_seats(self, cast, today, now):
        assert is_chair(cast.bob, "steering")
        assert not is_chair(cast.bob, "another")
        assert committees_of(cast.carol) == {"steering"}
        held = seat_member(
            actor=None, committee=cast.committee, person=cast.bob, part=CommitteePart.CHAIR, since=today, now=now
        )
        assert CommitteeSeat.objects.filter(user=cast.bob).get() == held
        end_seat(actor=None, committee=cast.committee, person=cast.carol, until=today, now=now)
        assert committees_of(cast.carol) == frozenset()

    def test_a_champion_is_one_of_the_pilots_people(self, cast, pilot, today, now):
        assign_part(actor=None, pilot=pilot, person=cast.reviewer, part=Part.CHAMPION, since=today, now=now)
        with pytest.raises(RefusedError) as refused:
            assess_in_pilot(
                actor=cast.reviewer, pilot=pilot, criterion=criterion(), finding=Finding.MET, comment="", seen=None,
                today=today, now=now,
            )  # fmt: skip
        assert codes(refused) == ["own_pilot"]
        assert not GateReview.objects.exists()


class TestPaths:
    @pytest.mark.parametrize("least", list(RiskClass))
    @pytest.mark.parametrize("risk", list(RiskClass))
    def test_a_graver_class_needs_what_a_lighter_one_needs(self, least, risk):
        assert mandatory(least, risk) is (RISK_ORDER.index(risk) >= RISK_ORDER.index(least))

    def test_each_class_has_a_path(self):
        assert set(PATHS) == set(RiskClass)

    def test_without_a_round_the_newest_set_counts(self, gate_set):
        assert gate_set_of(None) == gate_set

    def test_a_pilot_without_a_gate_set_has_no_sheet(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now)
        assert review_sheet(pilot=pilot, gate_slug="production-data", reader=cast.reviewer, today=today) is None
