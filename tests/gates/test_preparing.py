"""Preparing a gate, submitting it, talking about it, returning it: what each changes and refuses."""

from datetime import timedelta

import pytest

from accounts.obstacles import RefusedError, StaleError
from accounts.states import Function
from audit.models import Event
from gates.allotting import choose_reviewers, name_substitute
from gates.candidates import chosen_reviewers
from gates.convening import end_reviewer, name_reviewer
from gates.models import Claim, Comment, Custody, GateReview, ReviewRequest
from gates.preparing import save_claim, submit_review
from gates.returning import comment_on_criterion, return_review
from gates.states import Finding
from portfolio.assigning import assign_part
from portfolio.models import Standing
from portfolio.states import LampState, Part
from tests import building
from tests.gates.preparing_for import claimed, required, submitted
from tests.gates.reviewing_for import GATE, all_required, first, found


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now, risk_class="low")


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


def lamp(pilot) -> str:
    return Standing.objects.get(pilot=pilot).lamps[1]


def claim(cast, pilot, *, now, actor=None, text="It holds.", view=Finding.MET, seen=None):
    return save_claim(
        actor=actor or cast.alice, pilot=pilot, criterion=first(), text=text, view=view, seen=seen, now=now
    )


class TestClaiming:
    @pytest.mark.requirement(26, 27, page="/pilots/P-0001/gates/production-data/prepare/")
    def test_the_first_claim_opens_the_gate_as_preparing_with_its_owner(self, cast, pilot, now):
        claim(cast, pilot, now=now)
        review = GateReview.objects.get()
        assert (review.state, lamp(pilot)) == (LampState.PREPARING, LampState.PREPARING)
        custody = Custody.objects.get()
        assert (custody.holder, custody.since, custody.until) == ("owner", now, None)
        assert Event.objects.filter(kind="gates.criterion.claimed").count() == 1

    def test_the_same_again_adds_nothing_and_another_text_adds_a_row(self, cast, pilot, now):
        first_one = claim(cast, pilot, now=now, seen=0)
        assert claim(cast, pilot, now=now, text=" It holds. ") == first_one
        claim(cast, pilot, now=now, text="It holds better.", seen=first_one.pk)
        assert [one.text for one in Claim.objects.order_by("pk")] == ["It holds.", "It holds better."]

    def test_whoever_has_not_seen_the_last_claim_is_stale(self, cast, pilot, now):
        claim(cast, pilot, now=now)
        with pytest.raises(StaleError):
            claim(cast, pilot, now=now, text="From another desk.", seen=0)
        assert Claim.objects.count() == 1

    @pytest.mark.parametrize("who", ["charlie", "reviewer", "bob", "administrator", "sponsor"])
    def test_only_the_people_of_the_file_claim(self, cast, pilot, now, who):
        with pytest.raises(RefusedError) as refused:
            claim(cast, pilot, now=now, actor=getattr(cast, who))
        assert codes(refused) == ["not_owner"]
        assert not GateReview.objects.exists()


class TestSubmitting:
    def submit(self, cast, pilot, *, today, now, actor=None, seen=None):
        return submit_review(actor=actor or cast.alice, pilot=pilot, gate_slug=GATE, seen=seen, today=today, now=now)

    def test_asks_one_reviewer_of_each_needed_function_and_moves_the_gate(self, cast, pilot, today, now):
        review = submitted(cast, pilot, today=today, now=now)
        needed = {one.function for one in required(pilot)}
        asked = {(one.function, one.reviewer) for one in ReviewRequest.objects.all()}
        assert asked == {(function, cast.reviewer) for function in needed}
        assert (review.state, review.lead, lamp(pilot)) == (LampState.IN_REVIEW, cast.reviewer, LampState.IN_REVIEW)
        assert [(one.holder, one.until) for one in Custody.objects.order_by("pk")] == [
            ("owner", now),
            ("reviewers", None),
        ]

    def test_everything_that_is_missing_is_listed_with_its_place(self, cast, pilot, today, now):
        claim(cast, pilot, now=now, view="")
        with pytest.raises(RefusedError) as refused:
            self.submit(cast, pilot, today=today, now=now)
        assert codes(refused) == ["incomplete"] * len(required(pilot))
        obstacle = refused.value.obstacles[0]
        assert obstacle.what == "2.1 lacks your own view and evidence."
        assert obstacle.url == f"/pilots/{pilot.code}/gates/{GATE}/prepare/#criterion-{first().pk}"
        assert GateReview.objects.get().state == LampState.PREPARING

    def test_evidence_that_no_longer_counts_is_missing(self, cast, pilot, today, now):
        claimed(cast, pilot, today=today, now=now, valid_until=today)
        later = now + timedelta(days=1)
        with pytest.raises(RefusedError) as refused:
            self.submit(cast, pilot, today=today + timedelta(days=1), now=later)
        needing = [one for one in required(pilot) if one.evidence_required]
        assert len(codes(refused)) == len(needing)
        assert refused.value.obstacles[0].what == "2.1 lacks evidence."

    def test_a_function_without_anybody_is_in_the_way_with_who_can_clear_it(self, cast, pilot, today, now):
        claimed(cast, pilot, today=today, now=now)
        end_reviewer(actor=None, person=cast.reviewer, function=Function.LEGAL, until=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.submit(cast, pilot, today=today, now=now)
        (obstacle,) = refused.value.obstacles
        assert (obstacle.code, obstacle.who) == ("nobody", "an administrator, who names reviewers")

    def test_submitting_twice_asks_once(self, cast, pilot, today, now):
        submitted(cast, pilot, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.submit(cast, pilot, today=today, now=now)
        assert codes(refused) == ["submitted"]

    def test_a_version_that_moved_on_is_stale(self, cast, pilot, today, now):
        claimed(cast, pilot, today=today, now=now)
        with pytest.raises(StaleError):
            self.submit(cast, pilot, today=today, now=now, seen=7)

    def test_what_is_settled_already_is_not_asked_for_again(self, cast, pilot, today, now):
        claimed(cast, pilot, today=today, now=now)
        for one in required(pilot):
            if one.function == "data":
                found(cast, pilot, one, today=today, now=now)
        self.submit(cast, pilot, today=today, now=now)
        assert "data" not in set(ReviewRequest.objects.values_list("function", flat=True))


class TestChoosing:
    def second(self, cast, *, today, now, name="lawyer"):
        person = building.person(name, now=now)
        name_reviewer(actor=None, person=person, function=Function.LEGAL, since=today, now=now)
        return person

    def test_whoever_has_least_to_do_is_asked(self, cast, pilot, today, now):
        submitted(cast, pilot, today=today, now=now)
        lawyer = self.second(cast, today=today, now=now)
        assert chosen_reviewers(pilot, [Function.LEGAL], today) == {Function.LEGAL: lawyer}

    def test_who_is_named_on_the_pilot_comes_first(self, cast, pilot, today, now):
        lawyer = self.second(cast, today=today, now=now)
        assert chosen_reviewers(pilot, [Function.LEGAL], today)[Function.LEGAL] == cast.reviewer
        choose_reviewers(
            actor=cast.manager, pilot=pilot, chosen={Function.LEGAL: lawyer}, seen=None, today=today, now=now
        )
        assert chosen_reviewers(pilot, [Function.LEGAL], today)[Function.LEGAL] == lawyer

    def test_nobody_with_a_part_in_the_pilot_is_asked(self, cast, pilot, today, now):
        assign_part(actor=None, pilot=pilot, person=cast.reviewer, part=Part.CHAMPION, since=today, now=now)
        assert chosen_reviewers(pilot, [Function.LEGAL], today) == {Function.LEGAL: None}

    def test_a_substitute_is_asked_while_the_reviewer_is_away_and_only_then(self, cast, pilot, today, now):
        name_substitute(
            actor=cast.reviewer, stands_in=cast.charlie, since=today, until=today + timedelta(days=4), today=today,
            now=now,
        )  # fmt: skip
        for days, person in ((0, cast.charlie), (4, cast.charlie), (5, cast.reviewer)):
            day = today + timedelta(days=days)
            assert chosen_reviewers(pilot, [Function.LEGAL], day)[Function.LEGAL] == person


class TestReturning:
    @pytest.fixture
    def review(self, cast, pilot, today, now) -> GateReview:
        return submitted(cast, pilot, today=today, now=now)

    def back(self, cast, review, *, today, now, reason="The log is missing.", actor=None, seen=None):
        return return_review(
            actor=actor or cast.reviewer, review=review, reason=reason, seen=seen, today=today, now=now
        )

    def test_the_owners_clock_starts_and_the_reviewers_stop(self, cast, pilot, review, today, now):
        later = now + timedelta(days=3)
        self.back(cast, review, today=today, now=later)
        assert lamp(pilot) == LampState.RETURNED
        assert set(ReviewRequest.objects.values_list("ended", "ended_at")) == {("returned", later)}
        held = Custody.objects.order_by("-pk").first()
        assert (held.holder, held.since, held.reason) == ("owner", later, "The log is missing.")

    def test_needs_a_reason_and_a_reviewer_without_a_part(self, cast, review, today, now):
        with pytest.raises(RefusedError) as refused:
            self.back(cast, review, today=today, now=now, reason=" ", actor=cast.alice)
        assert codes(refused) == ["other_function", "own_pilot", "reason"]

    def test_is_not_returned_twice(self, cast, review, today, now):
        self.back(cast, review, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            self.back(cast, review, today=today, now=now)
        assert codes(refused) == ["not_in_review"]

    def test_comes_back_only_after_the_owner_has_done_something(self, cast, pilot, review, today, now):
        self.back(cast, review, today=today, now=now)
        later = now + timedelta(hours=1)
        with pytest.raises(RefusedError) as refused:
            submit_review(actor=cast.alice, pilot=pilot, gate_slug=GATE, seen=None, today=today, now=later)
        assert codes(refused) == ["untouched"]
        comment_on_criterion(
            actor=cast.alice, pilot=pilot, criterion=first(), text="Here it is.", today=today, now=later
        )
        again = submit_review(actor=cast.alice, pilot=pilot, gate_slug=GATE, seen=None, today=today, now=later)
        assert again.state == LampState.IN_REVIEW
        assert ReviewRequest.objects.filter(ended_at=None).exists()

    def test_an_open_finding_is_asked_for_again_and_a_settled_one_is_not(self, cast, pilot, review, today, now):
        all_required(cast, pilot, today=today, now=now)
        open_one = required(pilot)[0]
        found(cast, pilot, open_one, Finding.SHORT_OF_EVIDENCE, today=today, now=now)
        assert not ReviewRequest.objects.filter(ended_at=None).exists()
        self.back(cast, review, today=today, now=now)
        later = now + timedelta(hours=1)
        claim(cast, pilot, now=later, text="Now with the log.")
        submit_review(actor=cast.alice, pilot=pilot, gate_slug=GATE, seen=None, today=today, now=later)
        asked = ReviewRequest.objects.filter(ended_at=None).values_list("function", flat=True)
        assert list(asked) == [open_one.function]


class TestTalking:
    @pytest.mark.parametrize(
        ("who", "may"), [("alice", True), ("reviewer", True), ("manager", True), ("bob", False), ("charlie", False)]
    )
    def test_owner_and_reviewers_talk(self, cast, pilot, today, now, who, may):
        say = {"pilot": pilot, "criterion": first(), "text": "Which log?", "today": today, "now": now}
        if may:
            comment_on_criterion(actor=getattr(cast, who), **say)
        else:
            with pytest.raises(RefusedError) as refused:
                comment_on_criterion(actor=getattr(cast, who), **say)
            assert codes(refused) == ["no_voice"]
        assert Comment.objects.count() == may

    def test_silence_is_no_turn(self, cast, pilot, today, now):
        with pytest.raises(RefusedError) as refused:
            comment_on_criterion(actor=cast.alice, pilot=pilot, criterion=first(), text=" ", today=today, now=now)
        assert codes(refused) == ["text"]
