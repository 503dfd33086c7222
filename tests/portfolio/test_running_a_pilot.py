"""The verbs of a pilot's life: what they change, and everything that they refuse."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates.deciding import record_decision
from portfolio.handing_over import launch_pilot, retire_pilot
from portfolio.locking import open_round
from portfolio.models import Round
from portfolio.proposing import edit_pilot, propose_pilot
from portfolio.reporting import report_status
from portfolio.starting import end_work, start_round
from portfolio.states import MOVES, Outcome, Stage, may_move
from tests import building
from tests.gates.deciding_for import decide, terms_of


def codes(refused) -> set[str]:
    return {obstacle.code for obstacle in refused.value.obstacles}


def scaling(cast, *, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    decide(cast, pilot, Outcome.SCALE, today=today, now=now, rationale="It works.")
    pilot.refresh_from_db()
    return pilot


class TestProposing:
    def test_codes_follow_each_other(self, cast, today, now):
        pilots = [building.proposed(cast, today=today, now=now) for _ in range(3)]
        assert [pilot.code for pilot in pilots] == ["P-0001", "P-0002", "P-0003"]

    def test_nobody_need_own_it_yet(self, cast, today, now):
        pilot = propose_pilot(actor=cast.manager, owner=None, today=today, now=now, title="X", unit=cast.unit)
        assert pilot.standing.owner is None

    def test_only_facts_of_the_file_are_taken(self, cast, today, now):
        with pytest.raises(TypeError, match="stage"):
            propose_pilot(actor=None, owner=None, today=today, now=now, title="X", unit=cast.unit, stage="scaling")

    def test_facts_that_are_not_valid_are_refused(self, cast, today, now):
        with pytest.raises(ValidationError):
            propose_pilot(actor=None, owner=None, today=today, now=now, title="X", unit=cast.unit, risk_class="huge")

    def test_editing_nothing_changes_nothing(self, cast, today, now):
        pilot = building.proposed(cast, today=today, now=now)
        edit_pilot(actor=cast.alice, pilot=pilot, seen=pilot.version, now=now, title=pilot.title)
        before = pilot.version
        pilot.refresh_from_db()
        assert pilot.version == before

    def test_the_trail_keeps_both_texts(self, cast, today, now):
        pilot = building.proposed(cast, today=today, now=now, title="Before")
        edit_pilot(actor=cast.alice, pilot=pilot, seen=pilot.version, now=now, title="After", cost_so_far=None)
        said = Event.objects.get(kind="portfolio.pilot.edited").data
        assert (said["before"], said["after"]) == ({"title": "Before"}, {"title": "After"})


class TestRounds:
    def test_every_fault_of_a_window_is_named_at_once(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now)
        day = timedelta(days=1)
        with pytest.raises(RefusedError) as refused:
            start_round(
                actor=cast.alice, pilot=pilot, starts_on=today, planned_end=today - day, decision_due=today - day,
                now=now,
            )  # fmt: skip
        assert codes(refused) == {"already_started", "ends_before_start", "due_before_start"}

    def test_a_form_that_is_older_than_the_round_is_refused(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now)
        with pytest.raises(StaleError):
            end_work(actor=cast.alice, pilot=pilot, ended_on=today, seen=1, now=now)

    def test_work_does_not_end_before_it_starts(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now, started=5, due=60)
        with pytest.raises(RefusedError) as refused:
            end_work(actor=cast.alice, pilot=pilot, ended_on=today - timedelta(days=6), now=now)
        assert codes(refused) == {"ends_before_start"}

    def test_a_research_round_ends_its_work_and_the_pilot_stays_research(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        record_decision(
            actor=cast.bob, pilot=pilot, outcome=Outcome.RESEARCH, rationale="Not clear yet.", seen=None, today=today,
            terms=terms_of(Outcome.RESEARCH, today), now=now,
        )  # fmt: skip
        end_work(actor=cast.alice, pilot=pilot, ended_on=today, now=now)
        pilot.refresh_from_db()
        assert (pilot.stage, Round.objects.get(pilot=pilot, number=2).state) == (Stage.RESEARCH, "awaiting_decision")

    def test_an_empty_update_is_refused(self, cast, today, now):
        pilot = building.running(cast, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            report_status(actor=cast.alice, pilot=pilot, moved="  ", now=now)
        assert codes(refused) == {"nothing_said"}

    def test_a_pilot_without_an_open_round_says_so(self, cast, today, now):
        pilot = scaling(cast, today=today, now=now)
        with pytest.raises(RefusedError) as refused:
            open_round(pilot)
        assert codes(refused) == {"no_open_round"}

    def test_the_clock_counts_whole_days_past_the_due_day(self, cast, today, now):
        current = Round.objects.get(pilot=building.running(cast, today=today, now=now, due=0))
        assert [current.days_undecided(today + timedelta(days=days)) for days in (-1, 0, 1, 31)] == [0, 0, 1, 31]
        current.decision_due = None
        assert current.days_undecided(today) == 0
        assert str(current) == "P-0001 round 1"


class TestProduction:
    def test_a_scaling_pilot_is_launched_and_one_day_retired(self, cast, today, now):
        pilot = scaling(cast, today=today, now=now)
        launch_pilot(actor=cast.alice, pilot=pilot, launched_on=today, now=now)
        retired = retire_pilot(actor=cast.alice, pilot=pilot, retired_on=today + timedelta(days=400), now=now)
        assert (retired.stage, retired.launched_on) == (Stage.RETIRED, today)

    def test_what_is_not_scaling_is_not_launched(self, cast, today, now):
        with pytest.raises(RefusedError) as refused:
            launch_pilot(actor=None, pilot=building.proposed(cast, today=today, now=now), launched_on=today, now=now)
        assert codes(refused) == {"wrong_stage"}

    def test_by_page(self, cast, today, now, sign_in):
        pilot = scaling(cast, today=today, now=now)
        client, url = sign_in(cast.alice), pilot.get_absolute_url()
        assert "cannot become in production" not in client.get(f"{url}launch/").content.decode()
        assert client.post(f"{url}launch/", {"day": ""}).status_code == 422
        assert client.post(f"{url}launch/", {"day": today}).status_code == 302
        again = client.post(f"{url}launch/", {"day": today})
        assert again.status_code == 422
        assert "cannot become in production" in again.content.decode()
        assert client.post(f"{url}retire/", {"day": today}).status_code == 302
        pilot.refresh_from_db()
        assert pilot.stage == Stage.RETIRED


def test_every_stage_says_where_it_may_lead():
    assert set(MOVES) == set(Stage)
    assert may_move(Stage.DRAFT, Stage.RUNNING)
    assert not may_move(Stage.DRAFT, Stage.IN_PRODUCTION)
