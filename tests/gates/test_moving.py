"""Moving a round to a newer gate set: what goes with it, what is asked anew, what is refused."""

import pytest

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates.drafting_sets import add_criterion, retire_criterion
from gates.models import Assessment, Claim, Custody, GateReview, GateSet, Reopening, RoundGateSet
from gates.moving import findings_kept, move_round, moving_obstacles
from gates.preparing import save_claim
from gates.queries import current_assessments, gate_set_of, newest_set
from gates.review_sheet import review_sheet
from gates.set_difference import difference
from gates.standing import keep_judgements
from gates.states import Finding
from portfolio.states import LampState, Outcome, RiskClass
from tests import building
from tests.gates.deciding_for import decide
from tests.gates.drafting_for import FACTS, draft_of, gate_of, one_of, published, reworded
from tests.gates.reviewing_for import concluded, first, found


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now, risk_class=RiskClass.LOW)


def newer(cast, *, now, **facts) -> GateSet:
    """Set 2: in gate 2 the data owner reads differently, a criterion is new and one is retired."""
    draft = draft_of(cast, now=now)
    reworded(cast, draft, "data-owner", now=now, **facts)
    add_criterion(actor=cast.administrator, gate=gate_of(draft), now=now, **FACTS | {"mandatory_from": "high"})
    retire_criterion(actor=cast.administrator, criterion=one_of(draft, "hard-cases"), now=now)
    return published(cast, draft, now=now)


def move(cast, pilot, *, now, actor=None, seen=None):
    return move_round(actor=actor or cast.alice, pilot=pilot, seen=seen, now=now)


def codes(obstacles) -> list[str]:
    return [obstacle.code for obstacle in obstacles]


def lamps(pilot) -> list[str]:
    pilot.standing.refresh_from_db()
    return pilot.standing.lamps


class TestCarrying:
    def test_findings_of_unchanged_criteria_go_along_with_who_and_when(self, cast, gate_set, pilot, today, now):
        review = concluded(cast, pilot, today=today, now=now)
        new = newer(cast, now=now)
        move(cast, pilot, now=now)
        review.refresh_from_db()
        assert review.gate == gate_of(new)
        kept = current_assessments(review).filter(criterion__gate=gate_of(new)).order_by("criterion__number")
        assert [(one.criterion.slug, one.finding, one.assessor, one.at) for one in kept] == [
            (slug, Finding.MET, cast.reviewer, now)
            for slug in ("representative-data", "quality-limits", "permitted-use")
        ]
        assert [one.carried_over_from.criterion.gate.gate_set for one in kept] == [gate_set] * 3

    def test_only_the_finding_that_counts_is_carried(self, cast, pilot, today, now):
        one = first()
        found(cast, pilot, one, Finding.NOT_MET, "Four weeks.", today=today, now=now)
        last = found(cast, pilot, one, Finding.PARTLY_MET, "Six weeks.", today=today, now=now)
        GateReview.objects.update(state=LampState.PREPARING)
        newer(cast, now=now)
        move(cast, pilot, now=now)
        carried = Assessment.objects.get(carried_over_from__isnull=False)
        assert (carried.carried_over_from, carried.finding, carried.comment) == (last, "partly_met", "Six weeks.")

    def test_the_sheet_shows_them_and_asks_the_rest_anew(self, cast, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        newer(cast, now=now)
        move(cast, pilot, now=now)
        sheet = review_sheet(pilot=pilot, gate_slug="production-data", reader=cast.reviewer, today=today)
        assert {line.criterion.slug for line in sheet.lines if line.required and not line.current} == {"data-owner"}
        assert sheet.by_slug["representative-data"].current.assessor == cast.reviewer

    def test_what_would_be_kept_is_what_is_kept(self, cast, gate_set, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        new = newer(cast, now=now)
        assert findings_kept(pilot.open_round(), difference(gate_set, new)) == 3
        move(cast, pilot, now=now)
        event = Event.objects.get(kind="gates.round.moved")
        assert event.scope == pilot.scope
        assert event.data == {"round": 1, "was": 1, "version": 2, "carried": 3, "reopened": ["Production data"]}

    def test_claims_go_along_wherever_the_criterion_is_still_there(self, cast, pilot, today, now):
        for slug in ("data-owner", "hard-cases"):
            save_claim(
                actor=cast.alice, pilot=pilot, criterion=one_of(newest_set(), slug), text=f"About {slug}.", view="",
                seen=None, now=now,
            )  # fmt: skip
        new = newer(cast, now=now)
        move(cast, pilot, now=now)
        claims = Claim.objects.filter(criterion__gate__gate_set=new).values_list("criterion__slug", "text", "author")
        assert list(claims) == [("data-owner", "About data-owner.", cast.alice.pk)]


class TestLamps:
    def test_a_gate_with_a_required_criterion_to_assess_is_reopened(self, cast, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        concluded(cast, pilot, today=today, now=now, gate="business-ownership")
        newer(cast, now=now)
        move(cast, pilot, now=now)
        assert lamps(pilot) == ["passed", "reopened", *["not_started"] * 4]
        reopening = Reopening.objects.get()
        assert (reopening.cause, reopening.reason, reopening.concluded_as) == (
            "gate_set", "The round moved to gate set 2; to be assessed anew: 2.2, 2.11.", "passed",
        )  # fmt: skip
        assert Custody.objects.get(review=reopening.review, until=None).holder == "owner"

    def test_one_whose_new_criteria_are_not_required_here_stays_concluded(self, cast, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        newer(cast, now=now, not_enough="Less.")
        move(cast, pilot, now=now)
        assert lamps(pilot)[1] == "passed"

    def test_rebuilt_equals_kept(self, cast, pilot, today, now):
        concluded(cast, pilot, today=today, now=now)
        newer(cast, now=now)
        move(cast, pilot, now=now)
        assert keep_judgements(None) == 0


class TestRefused:
    def test_the_newest_set_is_no_move(self, cast, pilot):
        assert codes(moving_obstacles(cast.alice, pilot)) == ["newest"]

    def test_everything_in_the_way_is_listed(self, cast, pilot, today, now):
        found(cast, pilot, first(), today=today, now=now)
        found(cast, pilot, first("business-ownership"), today=today, now=now)
        GateReview.objects.update(state=LampState.IN_REVIEW)
        newer(cast, now=now)
        with pytest.raises(RefusedError) as refused:
            move(cast, pilot, now=now, actor=cast.charlie)
        assert [one.what for one in refused.value.obstacles] == [
            "A round is moved by those who keep the pilot's file.",
            "Gate 1: Business ownership is in review; its reviewers would find other criteria than they began with.",
            "Gate 2: Production data is in review; its reviewers would find other criteria than they began with.",
        ]
        assert not RoundGateSet.objects.filter(by__isnull=False).exists()

    def test_a_round_that_is_over_stays_where_it_was(self, cast, gate_set, pilot, today, now):
        newer(cast, now=now)
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            move(cast, pilot, now=now)
        assert codes(refused.value.obstacles) == ["no_open_round"]
        assert codes(moving_obstacles(cast.alice, pilot)) == ["no_open_round"]

    def test_a_set_published_meanwhile_is_looked_at_first(self, cast, gate_set, pilot, now):
        newer(cast, now=now)
        with pytest.raises(StaleError) as stale:
            move(cast, pilot, now=now, seen=1)
        assert (stale.value.seen, stale.value.current) == (1, 2)
        assert gate_set_of(pilot.open_round()) == gate_set

    def test_a_moved_round_is_at_the_newest(self, cast, pilot, now):
        newer(cast, now=now)
        move(cast, pilot, now=now, actor=cast.manager)
        assert gate_set_of(pilot.open_round()) == newest_set()
        assert codes(moving_obstacles(cast.alice, pilot)) == ["newest"]
