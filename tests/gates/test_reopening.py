"""Opening a concluded gate again, by hand and by the sweep; reuse that lapses; conditions; who has a review."""

from datetime import timedelta

import pytest

from accounts.naming import note_leaving
from accounts.obstacles import RefusedError, StaleError
from accounts.states import Function
from audit.models import Event
from gates.allotting import end_substitute, hand_over_request, name_substitute, take_request
from gates.conditioning import meet_condition, waive_condition
from gates.convening import name_reviewer
from gates.digests import contents
from gates.evidencing import withdraw_evidence
from gates.models import Condition, Custody, Evidence, GateReview, Reopening, Reuse, ReviewRequest, Substitute
from gates.permissions import functions_of
from gates.preparing import submit_review
from gates.reopening import reopen_lapsed, reopen_review
from gates.reusing import attach_reuse, remove_reuse
from gates.reviewing import conclude_review
from gates.rules.facts import read_facts
from gates.scanning import scan
from gates.states import Finding, ReuseKind
from portfolio.assigning import assign_part, end_part
from portfolio.models import Standing
from portfolio.states import LampState, Outcome, Part
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.preparing_for import claimed, concluded, required, submitted
from tests.gates.reviewing_for import GATE, all_required, conditions_for, first, found

OWNERSHIP = "business-ownership"


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now, risk_class="low")


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


def sweep(*, today, now, days=1) -> list[GateReview]:
    return reopen_lapsed(actor=None, today=today + timedelta(days=days), now=now + timedelta(days=days))


def told_of_gates(person, *, now) -> list[tuple[str, str, tuple[str, ...]]]:
    """What the digest of a person says of gates that were opened again."""
    return [
        (section.title, line.title, line.flags)
        for section in contents([person], now=now)[person.pk].sections
        if section.title.startswith("Gates opened again")
        for line in section.lines
    ]


class TestSweep:
    def test_leaves_alone_what_stands(self, cast, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        assert sweep(today=today, now=now) == []

    def test_evidence_that_lapsed_since_opens_the_gate_for_its_criteria_once(self, cast, pilot, today, now):
        review = concluded(cast, pilot, today=today, now=now, valid_until=today + timedelta(days=10))
        assert sweep(today=today, now=now, days=10) == []
        assert sweep(today=today, now=now, days=11) == [review]
        review.refresh_from_db()
        assert (review.state, review.concluded_at) == (LampState.REOPENED, None)
        assert Standing.objects.get(pilot=pilot).lamps[1] == LampState.REOPENED
        causes = Reopening.objects.values_list("cause", "criterion", "concluded_as")
        assert set(causes) == {("evidence", one.pk, "passed") for one in required(pilot)}
        held = Custody.objects.get(until=None)
        assert held.holder == "owner"
        assert held.reason.startswith("The evidence for 2.1 no longer counts.")
        assert sweep(today=today, now=now, days=11) == []
        assert Event.objects.filter(kind="gates.review.reopened").count() == 1

    def test_evidence_that_is_withdrawn_opens_it_too(self, cast, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        withdraw_evidence(actor=cast.alice, evidence=Evidence.objects.get(), reason="Wrong month.", now=now)
        assert len(sweep(today=today, now=now)) == 1

    @pytest.mark.requirement(75, page="/pilots/P-0001/gates/business-ownership/")
    @pytest.mark.parametrize("part", [Part.EXECUTIVE_SPONSOR, Part.BUSINESS_OWNER])
    def test_a_part_that_changes_hands_opens_the_gate_of_ownership(self, cast, pilot, today, now, part):
        review = concluded(cast, pilot, today=today, now=now, gate=OWNERSHIP)
        concluded(cast, pilot, today=today, now=now)
        day, then = today + timedelta(days=2), now + timedelta(days=2)
        assign_part(actor=None, pilot=pilot, person=cast.charlie, part=part, since=day, now=then)
        assert sweep(today=today, now=now, days=3) == [review]
        assert set(Reopening.objects.values_list("cause", flat=True)) == {"person"}
        facts = next(iter(read_facts([pilot.pk])))
        assert (facts.reopened.gate, facts.reopened.reason[:25]) == (1, "People it relied on have ")

    @pytest.mark.requirement(75, page="/pilots/P-0001/gates/business-ownership/")
    def test_it_opens_while_the_pilot_scales_and_the_committee_hears_of_it(self, cast, gate_set, today, now):
        building.join_all(cast)
        pilot = building.awaiting(cast, today=today, now=now, title="Letters")
        ownership = concluded(cast, pilot, today=today, now=now, gate=OWNERSHIP)
        concluded(cast, pilot, today=today, now=now, valid_until=today)
        decide(cast, pilot, Outcome.SCALE, today=today, now=now)
        assert told_of_gates(cast.bob, now=now) == []
        day, then = today + timedelta(days=2), now + timedelta(days=2)
        assign_part(actor=None, pilot=pilot, person=cast.charlie, part=Part.BUSINESS_OWNER, since=day, now=then)
        assert sweep(today=today, now=now, days=3) == [ownership]
        assert Standing.objects.get(pilot=pilot).lamps[:2] == [LampState.REOPENED, LampState.PASSED]
        later = now + timedelta(days=3)
        scan(actor=None, today=today + timedelta(days=3), now=later)
        for person, hears in ((cast.bob, True), (cast.carol, True), (cast.sponsor, False), (cast.viewer, False)):
            sentence = "Gate 1 was opened again. People it relied on have left or changed: business owner."
            expected = [("Gates opened again: Steering committee", "Letters", (sentence,))] if hears else []
            assert told_of_gates(person, now=later) == expected

    def test_who_leaves_opens_it_and_another_part_does_not(self, cast, pilot, today, now):
        assign_part(actor=None, pilot=pilot, person=cast.carol, part=Part.IT_PARTNER, since=today, now=now)
        concluded(cast, pilot, today=today, now=now, gate=OWNERSHIP)
        then = now + timedelta(days=1)
        end_part(actor=None, pilot=pilot, part=Part.IT_PARTNER, until=today + timedelta(days=1), now=then)
        assert sweep(today=today, now=now, days=2) == []
        note_leaving(actor=None, person=cast.sponsor, left_on=today + timedelta(days=3), now=now)
        assert len(sweep(today=today, now=now, days=4)) == 1

    @pytest.mark.parametrize(("risk", "opened"), [("high", 1), ("limited", 0), ("low", 0)])
    def test_only_a_risk_class_that_rises_opens_it(self, cast, gate_set, today, now, risk, opened):
        pilot = building.running(cast, today=today, now=now, risk_class="limited")
        concluded(cast, pilot, today=today, now=now)
        type(pilot).objects.filter(pk=pilot.pk).update(risk_class=risk)
        assert len(sweep(today=today, now=now)) == opened

    def test_takes_as_many_queries_for_three_gates_as_for_one(
        self, cast, gate_set, today, now, django_assert_max_num_queries
    ):
        counts = []
        for number in (1, 2):
            for _ in range(number):
                another = building.running(cast, today=today, now=now, risk_class="low")
                for gate in (GATE, OWNERSHIP):
                    concluded(cast, another, today=today, now=now, gate=gate, valid_until=today)
            with django_assert_max_num_queries(40) as captured:
                sweep(today=today, now=now)
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestByHand:
    def test_a_lead_opens_it_and_what_was_named_has_to_be_assessed_anew(self, cast, pilot, today, now):
        review = concluded(cast, pilot, today=today, now=now)
        reopen_review(actor=cast.reviewer, review=review, reason="Doubts.", seen=None, today=today, now=now)
        assert GateReview.objects.get().state == LampState.REOPENED
        with pytest.raises(RefusedError) as refused:
            conclude_review(
                actor=cast.reviewer, review=review, state=LampState.PASSED, conclusion="", seen=None, today=today,
                now=now,
            )  # fmt: skip
        assert codes(refused) == ["with_owner"]

    def test_others_and_open_gates_are_refused(self, cast, pilot, today, now):
        review = submitted(cast, pilot, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            reopen_review(actor=cast.alice, review=review, reason=" ", seen=None, today=today, now=now)
        assert codes(refused) == ["not_lead", "own_pilot", "open", "reason"]

    def test_what_it_was_opened_for_has_to_be_assessed_after_that(self, cast, pilot, today, now):
        review = concluded(cast, pilot, today=today, now=now, valid_until=today)
        sweep(today=today, now=now)
        tomorrow, then = today + timedelta(days=1), now + timedelta(days=1)
        claimed(cast, pilot, today=tomorrow, now=then)
        submit_review(actor=cast.alice, pilot=pilot, gate_slug=GATE, seen=None, today=tomorrow, now=then)
        with pytest.raises(RefusedError) as refused:
            conclude_review(
                actor=cast.reviewer, review=review, state=LampState.PASSED, conclusion="", seen=None, today=tomorrow,
                now=then,
            )  # fmt: skip
        assert codes(refused) == ["not_assessed"] * len(required(pilot))
        all_required(cast, pilot, today=tomorrow, now=then + timedelta(hours=1), comment="Looked again.")
        done = conclude_review(
            actor=cast.reviewer, review=review, state=LampState.PASSED, conclusion="", seen=None, today=tomorrow,
            now=then,
        )  # fmt: skip
        assert done.state == LampState.PASSED


@pytest.mark.requirement(37, page="/pilots/P-0001/gates/production-data/criteria/permitted-use/reuse/")
class TestReuse:
    @pytest.fixture
    def source(self, cast, pilot, today, now):
        elsewhere = building.running(cast, today=today, now=now, title="Elsewhere")
        review = concluded(cast, elsewhere, today=today, now=now)
        return review.assessments.get(criterion=first())

    def attach(self, cast, pilot, source, *, today, now, days=100, actor=None):
        return attach_reuse(
            actor=actor or cast.alice, pilot=pilot, criterion=first(), source=source, kind=ReuseKind.CONTROL,
            why="The same data.", valid_until=today + timedelta(days=days), today=today, now=now,
        )  # fmt: skip

    def test_stands_in_the_place_of_evidence(self, cast, pilot, source, today, now):
        self.attach(cast, pilot, source, today=today, now=now)
        claimed(cast, pilot, today=today, now=now)
        evidence = Evidence.objects.get(pilot=pilot)
        withdraw_evidence(actor=cast.alice, evidence=evidence, reason="Wrong.", now=now)
        with pytest.raises(RefusedError) as refused:
            submit_review(actor=cast.alice, pilot=pilot, gate_slug=GATE, seen=None, today=today, now=now)
        assert "2.1 lacks evidence." not in [obstacle.what for obstacle in refused.value.obstacles]

    @pytest.mark.parametrize("why", ["own day", "source reopened", "source found otherwise"])
    def test_lapses_with_its_source_or_its_day_and_opens_the_gate_that_leant_on_it(
        self, cast, pilot, source, today, now, why
    ):
        self.attach(cast, pilot, source, today=today, now=now, days=0 if why == "own day" else 100)
        review = concluded(cast, pilot, today=today, now=now)
        if why != "own day":
            reopen_review(actor=cast.reviewer, review=source.review, reason="Doubts.", seen=None, today=today, now=now)
        if why == "source found otherwise":
            elsewhere = source.review.round.pilot
            found(cast, elsewhere, first(), Finding.NOT_MET, "No.", today=today, now=now)
        assert sweep(today=today, now=now) == [review]
        assert [(one.cause, one.criterion) for one in Reopening.objects.filter(review=review)] == [("reuse", first())]
        assert sweep(today=today, now=now) == []

    def test_what_one_may_not_see_or_did_not_pass_is_not_reused(self, cast, pilot, source, today, now):
        type(pilot).objects.filter(pk=source.review.round.pilot_id).update(visibility="restricted")
        for actor in (cast.alice, cast.manager):
            if actor == cast.manager:
                GateReview.objects.filter(pk=source.review_id).update(state=LampState.NOT_PASSED)
            else:
                end_part(actor=None, pilot=source.review.round.pilot, part=Part.BUSINESS_OWNER, until=today, now=now)
            with pytest.raises(RefusedError) as refused:
                self.attach(cast, pilot, source, today=today, now=now, actor=actor)
            assert codes(refused) == ["source"]

    def test_is_removed_and_stays_on_record(self, cast, pilot, source, today, now):
        reuse = self.attach(cast, pilot, source, today=today, now=now)
        assert self.attach(cast, pilot, source, today=today, now=now) == reuse
        for _ in range(2):
            remove_reuse(actor=cast.alice, reuse=reuse, now=now)
        assert Reuse.objects.get().removed_by == cast.alice
        assert Event.objects.filter(kind="gates.reuse.removed").count() == 1


class TestConditions:
    @pytest.fixture
    def condition(self, cast, pilot, today, now) -> Condition:
        review = submitted(cast, pilot, today=today, now=now)
        all_required(cast, pilot, today=today, now=now)
        conclude_review(
            actor=cast.reviewer, review=review, state=LampState.CONDITIONAL, conclusion="",
            conditions=conditions_for(cast, today=today), seen=None, today=today, now=now,
        )  # fmt: skip
        return Condition.objects.get()

    def test_its_owner_meets_it_with_what_shows_it(self, cast, condition, now):
        with pytest.raises(RefusedError) as refused:
            meet_condition(actor=cast.charlie, condition=condition, proof=" ", seen=None, now=now)
        assert codes(refused) == ["not_owner", "proof"]
        met = meet_condition(actor=cast.alice, condition=condition, proof="The log.", seen=1, now=now)
        assert (met.met_by, met.proof, met.is_open) == (cast.alice, "The log.", False)
        with pytest.raises(StaleError):
            meet_condition(actor=cast.alice, condition=condition, proof="Again.", seen=1, now=now)

    def test_a_lead_without_a_part_waives_it_with_a_reason(self, cast, condition, today, now):
        with pytest.raises(RefusedError) as refused:
            waive_condition(actor=cast.alice, condition=condition, reason="", seen=None, today=today, now=now)
        assert codes(refused) == ["not_lead", "own_pilot", "waived_reason"]
        waived = waive_condition(
            actor=cast.reviewer, condition=condition, reason="No longer used.", seen=None, today=today, now=now
        )
        assert (waived.is_open, Condition.objects.open().count()) == (False, 0)
        with pytest.raises(RefusedError) as refused:
            waive_condition(actor=cast.reviewer, condition=condition, reason="Twice.", seen=None, today=today, now=now)
        assert codes(refused) == ["settled"]


class TestHandingOn:
    @pytest.fixture
    def request_(self, cast, pilot, today, now) -> ReviewRequest:
        submitted(cast, pilot, today=today, now=now)
        return ReviewRequest.objects.get(function=Function.LEGAL)

    @pytest.fixture
    def lawyer(self, cast, today, now):
        person = building.person("lawyer", now=now)
        name_reviewer(actor=None, person=person, function=Function.LEGAL, since=today, now=now)
        return person

    def test_a_colleague_takes_it_and_the_days_go_on(self, request_, lawyer, today, now):
        taken = take_request(actor=lawyer, request=request_, seen=1, today=today, now=now + timedelta(days=3))
        assert (taken.reviewer, taken.asked_at) == (lawyer, now)

    def test_who_comes_second_is_told(self, cast, request_, lawyer, today, now):
        take_request(actor=lawyer, request=request_, seen=1, today=today, now=now)
        with pytest.raises(StaleError):
            hand_over_request(
                actor=cast.reviewer, request=request_, to=cast.charlie, why="Please.", seen=1, today=today, now=now
            )

    def test_it_is_handed_over_with_a_note_inside_the_function_only(self, cast, request_, lawyer, today, now):
        hand = {"request": request_, "seen": None, "today": today, "now": now}
        with pytest.raises(RefusedError) as refused:
            hand_over_request(actor=cast.alice, to=cast.charlie, why=" ", **hand)
        assert codes(refused) == ["other_function", "to", "note"]
        given = hand_over_request(actor=cast.reviewer, to=lawyer, why="You know the contract.", **hand)
        assert (given.reviewer, given.note, given.handed_by) == (lawyer, "You know the contract.", cast.reviewer)

    def test_a_substitute_has_the_functions_for_the_days_and_no_longer(self, cast, today, now):
        until = today + timedelta(days=3)
        substitute = name_substitute(
            actor=cast.reviewer, stands_in=cast.charlie, since=today, until=until, today=today, now=now
        )
        assert functions_of(cast.charlie, until) == functions_of(cast.reviewer, until)
        assert functions_of(cast.charlie, until + timedelta(days=1)) == frozenset()
        end_substitute(actor=cast.reviewer, substitute=substitute, today=today + timedelta(days=2), now=now)
        assert Substitute.objects.get().until == today + timedelta(days=1)

    @pytest.mark.parametrize(
        ("who", "days", "code"),
        [
            ("reviewer", (0, 2), "stands_in"),
            ("charlie", (2, 0), "until"),
            ("charlie", (-3, -1), "until"),
            ("charlie", (0, 200), "until"),
        ],
    )
    def test_days_and_people_that_make_no_sense_are_refused(self, cast, today, now, who, days, code):
        since, until = (today + timedelta(days=number) for number in days)
        with pytest.raises(RefusedError) as refused:
            name_substitute(
                actor=cast.reviewer, stands_in=getattr(cast, who), since=since, until=until, today=today, now=now
            )
        assert codes(refused) == [code]


@pytest.mark.requirement(5, page="/pilots/P-0001/gates/business-ownership/")
def test_a_sponsor_alone_never_satisfies_the_gate_of_ownership(cast, pilot, today, now):
    review = submitted(cast, pilot, today=today, now=now, gate=OWNERSHIP)
    all_required(cast, pilot, today=today, now=now, gate=OWNERSHIP)
    end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today, now=now)
    for state, way in ((LampState.PASSED, ["no_owner"]), (LampState.CONDITIONAL, ["no_owner", "conditions"])):
        with pytest.raises(RefusedError) as refused:
            conclude_review(
                actor=cast.reviewer, review=review, state=state, conclusion="", seen=None, today=today, now=now
            )
        assert codes(refused) == way
