"""Who records a decision while a meeting is in session, beside the chair."""

import pytest

from accounts.obstacles import RefusedError
from gates.arranging import add_item
from gates.conditioning import ConditionTerms, accept_condition, meet_condition, waive_condition
from gates.convening import change_committee, seat_member, send_substitute
from gates.deciding import record_carried
from gates.meeting import seat_arrives
from gates.models import Committee, Condition, Meeting
from gates.states import CommitteePart, ItemKind, MeetingState
from gates.voting import cast_vote
from portfolio.states import Outcome
from tests import building
from tests.gates.deciding_for import decide, put_to_vote
from tests.gates.meetings.holding import codes, in_session, there


@pytest.fixture
def meeting(cast, today, now):
    """In session with Carol there; Charlie is its secretary, and the viewer sits for Bob, its chair, who is away."""
    seats = {cast.charlie: CommitteePart.SECRETARY, cast.manager: CommitteePart.MEMBER}
    for person, part in seats.items():
        seat_member(actor=None, committee=cast.committee, person=person, part=part, since=today, now=now)
    meeting = in_session(cast, now=now, days=1)
    send_substitute(
        actor=cast.bob, committee=cast.committee, member=cast.bob, stands_in=cast.viewer, since=today,
        until=meeting.day, now=now,
    )  # fmt: skip
    there(cast, meeting, cast.carol, cast.manager, now=now)
    return meeting


def test_the_secretary_records_what_was_voted_on_and_decides_nothing_alone(cast, meeting, today, now, sign_in):
    pilot = building.awaiting(cast, today=today, now=now)
    with pytest.raises(RefusedError) as refused:
        decide(cast, pilot, Outcome.STOP, today=today, now=now, actor=cast.charlie)
    assert codes(refused) == ["not_chair"]
    page = sign_in(cast.charlie).get(f"/pilots/{pilot.code}/decide/").content.decode()
    assert ("What was not voted on is the chair&#x27;s to decide." in page, 'name="rationale"' in page) == (True, False)
    seat_arrives(actor=cast.charlie, meeting=meeting, member=cast.bob, person=cast.viewer, now=now)
    change_committee(actor=None, committee=cast.committee, seen=None, majority_rule="simple", now=now)
    proposal = put_to_vote(cast, pilot, today=today, now=now, in_meeting=True)
    for person in (cast.viewer, cast.carol, cast.manager):
        cast_vote(actor=person, proposal=proposal, choice="for", reason="", today=today, now=now)
    decision = record_carried(actor=cast.charlie, proposal=proposal, seen=None, today=today, now=now)
    assert decision.deciders == "Bob (for), Carol (for), Manager (for)"


def test_who_sits_in_the_chairs_seat_decides_from_the_arrival_on(cast, meeting, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    with pytest.raises(RefusedError) as refused:
        decide(cast, pilot, Outcome.STOP, today=today, now=now, actor=cast.viewer)
    assert codes(refused) == ["not_chair"]
    seat_arrives(actor=cast.charlie, meeting=meeting, member=cast.bob, person=cast.viewer, now=now)
    decision = decide(cast, pilot, Outcome.STOP, today=today, now=now, actor=cast.viewer)
    assert decision.deciders == "Viewer, for the chair of Steering committee"


@pytest.mark.requirement(35, page="/pilots/P-0001/decide/")
def test_formal_approval_by_a_chair_who_decides_takes_a_meeting_that_hears_it(cast, gate_set, today, now, sign_in):
    pilot = building.awaiting(cast, today=today, now=now, risk_class="high")
    Committee.objects.update(quorum=2)

    def refused(outcome=Outcome.STOP) -> list[str]:
        with pytest.raises(RefusedError) as error:
            decide(cast, pilot, outcome, today=today, now=now)
        return codes(error)

    assert (refused(), refused(Outcome.RESEARCH)) == (["no_session"], ["risk_gate", "no_session"])
    page = " ".join(sign_in(cast.bob).get(f"/pilots/{pilot.code}/decide/").content.decode().split())
    assert "in a meeting with a quorum, after hearing the members: put it on an agenda." in page
    assert [f'href="{where}"' in page for where in ("/committees/steering/", f"/pilots/{pilot.code}/defer/")] == [
        True
    ] * 2
    session = in_session(cast, now=now)
    (item,) = session.items.standing()
    item.delete()
    assert refused() == ["no_quorum", "not_on_agenda"]
    there(cast, session, cast.bob, cast.carol, now=now)
    add_item(actor=cast.bob, meeting=session, kind=ItemKind.DECIDE, title="It", pilot=pilot, now=now)
    assert refused(Outcome.RESEARCH) == ["risk_gate"]
    decision = decide(cast, pilot, Outcome.STOP, today=today, now=now)
    assert (decision.authority_path, decision.deciders) == ("chair_in_meeting", "Bob, chair of Steering committee")


def test_conditions_are_accepted_and_waived_by_the_secretary_in_session_alone(cast, meeting, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    terms = [ConditionTerms(text, cast.alice, today) for text in ("Keep the letters.", "Tell the team.")]
    decide(cast, pilot, Outcome.STOP, today=today, now=now, conditions=terms)
    kept, told = Condition.objects.order_by("pk")
    meet_condition(actor=cast.alice, condition=kept, proof="The log.", seen=None, now=now)
    Meeting.objects.update(state=MeetingState.OPEN)
    with pytest.raises(RefusedError) as refused:
        accept_condition(actor=cast.charlie, condition=kept, seen=None, now=now)
    assert codes(refused) == ["not_chair"]
    Meeting.objects.update(state=MeetingState.IN_SESSION)
    accepted = accept_condition(actor=cast.charlie, condition=kept, seen=None, now=now)
    waived = waive_condition(actor=cast.charlie, condition=told, reason="No team.", seen=None, today=today, now=now)
    assert (accepted.accepted_by, waived.waived_by) == (cast.charlie, cast.charlie)
