"""Votes, notices and recusals: who may, what is frozen, when it closes, and what is recorded of it."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Mail
from accounts.obstacles import RefusedError
from gates.conditioning import ConditionTerms
from gates.convening import seat_member, send_substitute
from gates.deciding import record_carried, record_decision
from gates.models import Committee, Condition, Decision, Proposal, Recusal, Vote
from gates.states import CommitteePart, DecisionManner, MajorityRule, VoteChoice
from gates.voting import call_in, cast_vote, close_due, recuse, remind_due, withdraw_proposal
from portfolio.states import Outcome, Part
from tests import building
from tests.gates.deciding_for import form_of, put_to_vote, terms_of
from tests.gates.meetings.holding import in_session, there

FOR, AGAINST, ABSTAIN = VoteChoice


@pytest.fixture
def members(cast, today, now):
    """Bob chairs, Carol and Dora sit in a committee that votes; two make its quorum."""
    Committee.objects.update(majority_rule=MajorityRule.SIMPLE, quorum=2)
    cast.committee.refresh_from_db()
    cast.dora = building.person("dora", now=now)
    seat_member(actor=None, committee=cast.committee, person=cast.dora, part=CommitteePart.MEMBER, since=today, now=now)
    building.join_all(cast)
    building.join(cast.dora)
    return cast


@pytest.fixture
def pilot(members, today, now):
    return building.awaiting(members, today=today, now=now)


def codes(refused) -> list[str]:
    return [obstacle.code for obstacle in refused.value.obstacles]


def vote(proposal, person, choice, *, today, now, reason="I saw it."):
    return cast_vote(actor=person, proposal=proposal, choice=choice, reason=reason, today=today, now=now)


@pytest.mark.requirement(35, page="/pilots/P-0001/decide/")
def test_the_chair_alone_decides_no_pilot_that_asks_for_a_vote(members, pilot, today, now):
    with pytest.raises(RefusedError) as refused:
        record_decision(
            actor=members.bob, pilot=pilot, outcome=Outcome.STOP, rationale="No.", terms=terms_of(Outcome.STOP, today),
            seen=None, today=today, now=now,
        )  # fmt: skip
    assert codes(refused) == ["path"]


@pytest.mark.requirement(53, page="/decisions/D-2026-001/")
def test_a_vote_is_carried_and_recorded_word_for_word_with_its_dissent(members, pilot, today, now):
    condition = ConditionTerms("Keep the letters.", members.alice, today + timedelta(days=30))
    proposal = put_to_vote(members, pilot, today=today, now=now, conditions=[condition])
    vote(proposal, members.bob, FOR, today=today, now=now)
    vote(proposal, members.carol, AGAINST, today=today, now=now, reason="One more month would tell.")
    vote(proposal, members.dora, FOR, today=today, now=now)
    proposal.refresh_from_db()
    assert (proposal.result, proposal.count["for_"], proposal.count["against"]) == ("carried", 2, 1)
    decision = record_carried(actor=members.bob, proposal=proposal, seen=None, today=today, now=now)
    assert decision.dissent == "Carol: One more month would tell."
    assert decision.deciders == "Bob (for), Carol (against), Dora (for)"
    assert (decision.authority_path, decision.proposal) == ("vote", proposal)
    assert Condition.objects.get(decision=decision).owner == members.alice
    assert json.loads(bytes(decision.snapshot))["vote"]["count"]["votes"][1]["reason"] == "One more month would tell."
    with pytest.raises(RefusedError):
        record_carried(actor=members.bob, proposal=proposal, seen=None, today=today, now=now)


def test_changing_a_vote_adds_a_row_and_the_last_one_counts(members, pilot, today, now):
    proposal = put_to_vote(members, pilot, today=today, now=now)
    vote(proposal, members.carol, AGAINST, today=today, now=now)
    vote(proposal, members.carol, FOR, today=today, now=now)
    vote(proposal, members.bob, FOR, today=today, now=now)
    vote(proposal, members.dora, FOR, today=today, now=now)
    proposal.refresh_from_db()
    assert Vote.objects.count() == 4
    assert proposal.count["against"] == 0


def test_who_stands_in_votes_for_the_member_who_is_away(members, pilot, today, now):
    send_substitute(
        actor=members.bob, committee=members.committee, member=members.carol, stands_in=members.viewer, since=today,
        until=today + timedelta(days=3), now=now,
    )  # fmt: skip
    proposal = put_to_vote(members, pilot, today=today, now=now)
    with pytest.raises(RefusedError) as refused:
        vote(proposal, members.carol, FOR, today=today, now=now)
    assert codes(refused) == ["no_seat"]
    cast = vote(proposal, members.viewer, AGAINST, today=today, now=now)
    assert (cast.member, cast.cast_by) == (members.carol, members.viewer)


@pytest.mark.parametrize("choice", [AGAINST, ABSTAIN])
def test_who_is_not_for_it_says_why(members, pilot, today, now, choice):
    proposal = put_to_vote(members, pilot, today=today, now=now)
    with pytest.raises(RefusedError) as refused:
        vote(proposal, members.carol, choice, today=today, now=now, reason=" ")
    assert codes(refused) == ["reason"]


def test_a_part_in_the_pilot_recuses_by_itself_and_strangers_have_no_seat(members, pilot, today, now):
    proposal = put_to_vote(members, pilot, today=today, now=now)
    building.assign_part(actor=None, pilot=pilot, person=members.carol, part=Part.CHAMPION, since=today, now=now)
    for person, code in ((members.carol, "recused"), (members.charlie, "no_seat"), (members.administrator, "no_seat")):
        with pytest.raises(RefusedError) as refused:
            vote(proposal, person, FOR, today=today, now=now)
        assert codes(refused) == [code]


def test_a_recusal_completes_a_vote_and_is_on_record(members, pilot, today, now):
    proposal = put_to_vote(members, pilot, today=today, now=now)
    vote(proposal, members.bob, FOR, today=today, now=now)
    vote(proposal, members.dora, FOR, today=today, now=now)
    recuse(actor=members.carol, proposal=proposal, reason="My sister sells it.", today=today, now=now)
    proposal.refresh_from_db()
    assert proposal.result == "carried"
    assert proposal.count["recused"] == [{"member": "Carol", "reason": "My sister sells it."}]


def test_a_vote_in_writing_closes_by_itself_and_reminds_once_who_is_silent(members, pilot, today, now):
    proposal = put_to_vote(members, pilot, today=today, now=now)
    vote(proposal, members.carol, FOR, today=today, now=now)
    Mail.objects.all().delete()
    soon = proposal.closes_at - timedelta(hours=20)
    assert [remind_due(actor=None, now=soon) for _ in range(2)] == [2, 0]
    assert {mail.to_address for mail in Mail.objects.all()} == {"bob@example.org", "dora@example.org"}
    assert close_due(actor=None, now=proposal.closes_at - timedelta(seconds=1)) == []
    assert [one.result for one in close_due(actor=None, now=proposal.closes_at)] == ["not_carried"]
    assert Proposal.objects.get().count["why"] == "The quorum was not reached."


@pytest.mark.requirement(35, page="/pilots/P-0001/decide/")
def test_the_fast_path_takes_48_hours_in_which_a_member_may_call_it_in(members, today, now):
    pilots = [building.awaiting(members, today=today, now=now, risk_class="low") for _ in range(2)]
    first, second = (put_to_vote(members, pilot, today=today, now=now) for pilot in pilots)
    assert Mail.objects.filter(subject__contains="Decision on notice").count() == 4
    with pytest.raises(RefusedError) as refused:
        record_carried(actor=members.bob, proposal=first, seen=None, today=today, now=now)
    assert codes(refused) == ["not_carried"]
    call_in(actor=members.carol, proposal=second, reason="Let us talk.", today=today, now=now + timedelta(hours=47))
    later = now + timedelta(hours=48)
    assert close_due(actor=None, now=later) == [first]
    first.refresh_from_db()
    day = today + timedelta(days=2)
    assert record_carried(actor=members.bob, proposal=first, seen=None, today=day, now=later).number
    with pytest.raises(RefusedError) as refused:
        put_to_vote(members, pilots[1], today=day, now=later)
    assert codes(refused) == ["no_session"]


def test_in_session_the_committee_votes_on_any_path(members, today, now):
    meeting = in_session(members, now=now)
    there(members, meeting, members.bob, members.carol, now=now)
    pilot = building.awaiting(members, today=today, now=now, risk_class="low")
    proposal = put_to_vote(members, pilot, today=today, now=now, in_meeting=True)
    assert (proposal.manner, proposal.meeting) == (DecisionManner.VOTE_IN_MEETING, meeting)


@pytest.mark.requirement(35, page="/pilots/P-0001/decide/")
def test_formal_approval_waits_for_a_meeting_and_for_the_gate_of_risk(members, gate_set, today, now):
    pilot = building.awaiting(members, today=today, now=now, risk_class="high")
    for outcome, waits in ((Outcome.RESEARCH, ["risk_gate", "no_session"]), (Outcome.STOP, ["no_session"])):
        with pytest.raises(RefusedError) as refused:
            put_to_vote(members, pilot, outcome, today=today, now=now)
        assert codes(refused) == waits


def test_one_proposal_at_a_time_which_the_chair_may_take_back(members, pilot, today, now):
    proposal = put_to_vote(members, pilot, today=today, now=now)
    with pytest.raises(RefusedError) as refused:
        put_to_vote(members, pilot, today=today, now=now)
    assert codes(refused) == ["open_proposal"]
    withdraw_proposal(actor=members.bob, proposal=proposal, reason="A figure was wrong.", now=now)
    assert put_to_vote(members, pilot, today=today, now=now).is_open


class TestFrozen:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE gates_proposal SET rationale = 'Other.'",
            "UPDATE gates_proposal SET terms = '{}'",
            "UPDATE gates_proposal SET closes_at = now()",
            "DELETE FROM gates_proposal",
            "TRUNCATE gates_proposal CASCADE",
            "UPDATE gates_vote SET choice = 'for'",
            "DELETE FROM gates_vote",
            "TRUNCATE gates_vote CASCADE",
            "UPDATE gates_recusal SET reason = 'x'",
            "DELETE FROM gates_recusal",
        ],
    )
    def test_the_database_refuses_it(self, members, pilot, today, now, sql):
        proposal = put_to_vote(members, pilot, today=today, now=now)
        vote(proposal, members.bob, AGAINST, today=today, now=now)
        recuse(actor=members.carol, proposal=proposal, reason="Mine.", today=today, now=now)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
                cursor.execute(sql)
        assert (Vote.objects.get().choice, Recusal.objects.get().reason) == ("against", "Mine.")

    def test_what_is_closed_stays_closed(self, members, pilot, today, now):
        proposal = put_to_vote(members, pilot, today=today, now=now)
        withdraw_proposal(actor=members.bob, proposal=proposal, reason="No.", now=now)
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            Proposal.objects.update(result="carried")


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self, time_machine, now):
        time_machine.move_to(now, tick=False)

    def test_a_vote_from_proposal_to_decision(self, members, pilot, sign_in, today, now):
        proposal = put_to_vote(members, pilot, today=today, now=now, hidden=True)
        url = proposal.get_absolute_url()
        carol = sign_in(members.carol)
        refused = carol.post(f"{url}vote/", {"choice": "against", "reason": ""})
        assert (refused.status_code, "Say why, in your own words" in refused.content.decode()) == (422, True)
        assert carol.post(f"{url}vote/", {"choice": "against", "reason": "Too soon."}).url == url
        assert "Too soon." not in sign_in(members.bob).get(url).content.decode()
        assert "Too soon." in carol.get(url).content.decode()
        for person in (members.bob, members.dora):
            sign_in(person).post(f"{url}vote/", {"choice": "for", "reason": ""})
        assert "Too soon." in sign_in(members.viewer).get(url).content.decode()
        assert sign_in(members.bob).post(f"{url}record/").url == "/decisions/D-2026-001/"
        text = sign_in(members.auditor).get("/decisions/D-2026-001/").content.decode()
        assert "Carol: Too soon." in text
        assert Decision.objects.get().authority_path == "vote"

    def test_the_same_form_puts_it_to_the_vote(self, members, pilot, sign_in, today, now):

        closes = (now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        response = sign_in(members.bob).post(
            f"/pilots/{pilot.code}/decide/", form_of(pilot, Outcome.STOP, today, closes_at=closes)
        )
        assert response.url == Proposal.objects.get().get_absolute_url()
        assert not Decision.objects.exists()
