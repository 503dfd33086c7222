"""The first page: what waits on each kind of person, within a minute."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.states import Function
from audit.jobs import tick
from gates.convening import name_reviewer, send_substitute
from gates.models import Flag
from gates.my_work import next_step
from gates.preparing import submit_review
from gates.returning import return_review
from gates.standing import keep_judgements
from gates.voting import cast_vote
from portfolio.models import Round
from portfolio.states import Outcome
from tests import building
from tests.gates.deciding_for import decide, put_to_vote
from tests.gates.meetings.holding import drafted, opened
from tests.gates.preparing_for import claimed, submitted
from tests.gates.reviewing_for import all_required


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


def text_for(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


class TestChair:
    def test_sees_what_to_decide_the_costliest_waiting_on_top(self, cast, today, now, sign_in):
        for title, due, cost in (
            ("Cheap", -300, 10),
            ("Dear", -30, 90000),
            ("Unpriced", -200, None),
            ("Not due", 5, 5),
        ):
            building.running(cast, today=today, now=now, started=400, due=due, title=title, monthly_cost=cost)
        building.running(cast, today=today, now=now, due=-900, started=950, title="Elsewhere", committee_slug="other")
        building.proposed(cast, today=today, now=now, title="Draft")
        response = sign_in(cast.bob).get("/")
        work = response.context["work"]
        assert [pilot.title for pilot, _clock in work.to_decide.rows] == ["Dear", "Cheap", "Unpriced", "Not due"]
        assert (work.to_decide.overdue, work.to_decide.total) == (3, 4)
        assert f"/pilots/{work.to_decide.rows[0][0].code}/decide/" in response.content.decode()

    def test_a_member_who_does_not_chair_finds_their_committee_its_meeting_and_what_to_vote_on(
        self, cast, today, now, sign_in
    ):
        pilot = building.running(cast, today=today, now=now, title="Put to the vote")
        proposal = put_to_vote(cast, pilot, today=today, now=now)
        meeting = opened(cast, now=now)
        drafted(cast, now=now, days=30)
        response = sign_in(cast.carol).get("/")
        work = response.context["work"]
        assert (work.meetings, work.votes, work.to_decide) == ([meeting], [proposal], None)
        text = response.content.decode()
        assert [address in text for address in ("/committees/steering/", proposal.get_absolute_url())] == [True, True]
        cast_vote(actor=cast.carol, proposal=proposal, choice="for", reason="", today=today, now=now)
        assert sign_in(cast.carol).get("/").context["work"].votes == []

    def test_who_sits_for_a_member_today_finds_the_meeting_and_the_vote_without_a_seat_of_their_own(
        self, cast, today, now, sign_in
    ):
        pilot = building.running(cast, today=today, now=now, title="Put to the vote", visibility="restricted")
        proposal = put_to_vote(cast, pilot, today=today, now=now)
        meeting = opened(cast, now=now)
        for stands_in, since in ((cast.charlie, today), (cast.viewer, today + timedelta(days=5))):
            send_substitute(
                actor=cast.carol, committee=cast.committee, member=cast.carol, stands_in=stands_in, since=since,
                until=since + timedelta(days=4), now=now,
            )  # fmt: skip
        found = {who: sign_in(getattr(cast, who)).get("/") for who in ("charlie", "carol", "viewer")}
        works = {who: response.context["work"] for who, response in found.items()}
        assert {who: (work.meetings, work.votes) for who, work in works.items()} == {
            "charlie": ([meeting], [proposal]), "carol": ([meeting], []), "viewer": ([], []),
        }  # fmt: skip
        text = found["charlie"].content.decode()
        assert [address in text for address in (meeting.get_absolute_url(), proposal.get_absolute_url())] == [True] * 2


class TestOwner:
    @pytest.mark.parametrize(
        ("made", "changes", "said"),
        [
            (building.proposed, {}, "Start round 1"),
            (building.proposed, {"committee_slug": ""}, "Name the committee that decides it"),
            (building.running, {"started": 40, "due": 60}, "Say what moved: nothing was heard for 40 days"),
            (building.running, {"started": 20, "due": 60}, "The work goes on; nothing waits for you."),
            (building.running, {"started": 100, "due": 5}, "End the work and ask for a decision"),
            (building.awaiting, {}, "It is up to the committee now."),
        ],
    )
    def test_sees_what_is_next(self, cast, today, now, sign_in, made, changes, said):
        made(cast, today=today, now=now, **changes)
        assert said in text_for(sign_in(cast.alice))

    @pytest.mark.parametrize(
        ("outcome", "said"),
        [
            (Outcome.SCALE, "Launch it, once it runs"),
            (Outcome.REDESIGN, "Start round 2"),
            (Outcome.RESEARCH, "The work goes on; nothing waits for you."),
        ],
    )
    def test_sees_what_follows_a_decision(self, cast, today, now, sign_in, outcome, said):
        decide(cast, building.awaiting(cast, today=today, now=now), outcome, today=today, now=now)
        assert said in text_for(sign_in(cast.alice))

    def test_a_research_round_past_its_review_date_waits_for_the_committee(self, cast, today, now):
        pilot = building.awaiting(cast, today=today, now=now)
        decide(cast, pilot, Outcome.RESEARCH, today=today, now=now)
        pilot.refresh_from_db()
        current = Round.objects.get(pilot=pilot, number=2)
        assert next_step(pilot, current, today + timedelta(days=365)) is None

    def test_a_pilot_with_no_open_round_waits_for_nobody(self, cast, today, now):
        assert next_step(building.proposed(cast, today=today, now=now), None, today) is None

    def test_sees_clock_and_flags_and_no_longer_what_is_over(self, cast, today, now, sign_in):
        late = building.awaiting(cast, today=today, now=now, due=-12, title="Late")
        Flag.objects.create(pilot=late, rule="silent", severity=2, detail="x", since=today, opened_on=today)
        keep_judgements([late.pk])
        stopped = building.awaiting(cast, today=today, now=now, title="Over and done")
        decide(cast, stopped, Outcome.STOP, today=today, now=now)
        text = text_for(sign_in(cast.alice))
        assert "12 days undecided" in text
        assert "1 open flag" in text
        assert "Over and done" not in text

    def test_a_gate_that_came_back_is_there_with_the_reason_until_it_is_submitted(
        self, cast, gate_set, today, now, sign_in
    ):
        pilot = building.running(cast, today=today, now=now, risk_class="low")
        review = submitted(cast, pilot, today=today, now=now - timedelta(days=5))
        then = now - timedelta(days=2)
        return_review(actor=cast.reviewer, review=review, reason="Which mail?", seen=None, today=today, now=then)
        client = sign_in(cast.alice)
        [back] = client.get("/").context["work"].came_back
        assert (back.review, back.reason, back.days) == (review, "Which mail?", 2)
        assert f"/pilots/{pilot.code}/gates/production-data/prepare/" in text_for(client)
        claimed(cast, pilot, today=today, now=now)
        submit_review(actor=cast.alice, pilot=pilot, gate_slug="production-data", seen=None, today=today, now=now)
        assert client.get("/").context["work"].came_back == []

    def test_a_sponsor_does_not_keep_the_file(self, cast, today, now, sign_in):
        building.proposed(cast, today=today, now=now)
        assert "All clear" in text_for(sign_in(cast.sponsor))


class TestReviewer:
    def test_sees_what_they_are_asked_for_oldest_first_and_what_they_can_conclude(
        self, cast, gate_set, today, now, sign_in
    ):
        pilot = building.running(cast, today=today, now=now, risk_class="low")
        submitted(cast, pilot, today=today, now=now - timedelta(days=3))
        submitted(cast, pilot, today=today, now=now, gate="business-ownership")
        work = sign_in(cast.reviewer).get("/").context["work"].to_assess
        asked = [(waits.request.review.gate.number, waits.days) for waits in work.rows]
        assert asked == sorted(asked, key=lambda row: -row[1])
        assert {gate for gate, _days in asked} == {1, 2}
        assert (len(asked), work.pool, work.to_conclude) == (work.total, 0, [])
        all_required(cast, pilot, today=today, now=now)
        client = sign_in(cast.reviewer)
        assert {row.request.review.gate.number for row in client.get("/").context["work"].to_assess.rows} == {1}
        assert "Conclude Gate 2: Production data" in text_for(client)

    def test_gates_that_nobody_submitted_wait_for_no_reviewer(self, cast, gate_set, today, now, sign_in):
        claimed(cast, building.running(cast, today=today, now=now), today=today, now=now)
        assert "All clear" in text_for(sign_in(cast.reviewer))

    def test_what_colleagues_are_asked_for_is_a_link_away(self, cast, gate_set, today, now, sign_in):
        submitted(cast, building.running(cast, today=today, now=now, risk_class="low"), today=today, now=now)
        name_reviewer(actor=None, person=cast.charlie, function=Function.DATA, since=today, now=now)
        work = sign_in(cast.charlie).get("/").context["work"].to_assess
        assert (work.rows, work.pool) == ([], 1)


class TestManager:
    def test_sees_the_drift_and_pilots_without_a_committee(self, cast, today, now, sign_in):
        late = building.running(cast, today=today, now=now, due=-3, title="Late")
        building.running(cast, today=today, now=now, due=9, title="Homeless", committee_slug="")
        for rule, severity in (("silent", 2), ("decision-overdue", 3), ("no-owner", 3)):
            Flag.objects.create(pilot=late, rule=rule, severity=severity, detail="x", since=today, opened_on=today)
        work = sign_in(cast.manager).get("/").context["work"]
        assert [(severity.label, total) for severity, total in work.drift.flags] == [("Serious", 2), ("Warning", 1)]
        assert work.drift.overdue == 1
        assert [pilot.title for pilot in work.drift.without_committee] == ["Homeless"]


class TestAdministrator:
    def test_hears_that_the_scheduler_was_never_seen(self, cast, sign_in):
        text = text_for(sign_in(cast.administrator))
        assert "The scheduler is silent" in text
        assert "It was never seen." in text
        assert "10 people can sign in." in text

    @pytest.mark.parametrize(("minutes", "said"), [(1, "The scheduler is alive"), (6, "The scheduler is silent")])
    def test_hears_whether_the_scheduler_is_alive(self, cast, sign_in, now, minutes, said):
        tick(now - timedelta(minutes=minutes))
        assert said in text_for(sign_in(cast.administrator))

    def test_decides_nothing(self, cast, today, now, sign_in):
        building.running(cast, today=today, now=now)
        assert "To decide" not in text_for(sign_in(cast.administrator))


class TestOthers:
    @pytest.mark.parametrize("who", ["viewer", "charlie", "auditor"])
    def test_are_told_kindly_that_nothing_waits_and_where_to_look(self, cast, sign_in, who):
        text = text_for(sign_in(getattr(cast, who)))
        assert "All clear" in text
        assert "/portfolio/" in text
        assert "/decisions/" in text
        assert ("every decision shows its seal" in text) is (who == "auditor")

    def test_visitors_are_led_to_the_door(self, cast, client):
        response = client.get("/")
        assert response.status_code == 302
        assert response.url.startswith("/account/login/")

    def test_nobody_hears_of_a_restricted_pilot_here(self, cast, gate_set, today, now, sign_in):
        building.running(cast, today=today, now=now, title="Kept quiet", visibility="restricted")
        for who in ("charlie", "viewer", "administrator", "reviewer"):
            assert "Kept quiet" not in text_for(sign_in(getattr(cast, who)))


@pytest.mark.parametrize("who", ["alice", "bob", "reviewer", "manager", "administrator", "viewer"])
def test_takes_as_many_queries_for_three_pilots_as_for_one(cast, gate_set, today, now, sign_in, who):
    client = sign_in(getattr(cast, who))

    def counted() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    building.running(cast, today=today, now=now, committee_slug="")
    building.running(cast, today=today, now=now)
    one = counted()
    for _ in range(2):
        building.running(cast, today=today, now=now, committee_slug="")
        building.running(cast, today=today, now=now)
    assert counted() == one
