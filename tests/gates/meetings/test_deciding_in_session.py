"""Who records a decision while a meeting is in session, beside the chair."""

import pytest

from accounts.obstacles import RefusedError
from gates.convening import change_committee, seat_member, send_substitute
from gates.deciding import record_carried
from gates.meeting import seat_arrives
from gates.states import CommitteePart
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


def test_the_secretary_records_what_was_voted_on_and_decides_nothing_alone(cast, meeting, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    with pytest.raises(RefusedError) as refused:
        decide(cast, pilot, Outcome.STOP, today=today, now=now, actor=cast.charlie)
    assert codes(refused) == ["not_chair"]
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
