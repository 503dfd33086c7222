"""What belongs on an agenda, and how it leaves it."""

from datetime import timedelta

import pytest

from accounts.obstacles import RefusedError
from gates.arranging import change_item, drop_item, fill_agenda, place_item
from gates.conditioning import ConditionTerms, accept_condition, meet_condition
from gates.convening import change_committee
from gates.deferring import defer_decision
from gates.meeting import cancel_meeting, move_meeting
from gates.models import Condition, Deferral
from gates.postponing import postpone_item
from gates.voting import call_in
from portfolio.assigning import assign_part
from portfolio.states import Outcome, Part
from tests import building
from tests.gates.deciding_for import decide, put_to_vote
from tests.gates.meetings.holding import codes, discuss, drafted, in_session, titles


def test_order_is_kept_when_it_is_filled_again(cast, today, now):
    for title, cost in (("Dear", 9000), ("Cheap", 10)):
        building.running(cast, today=today, now=now, title=title, monthly_cost=cost)
    meeting = drafted(cast, now=now)
    assert titles(meeting) == ["Dear", "Cheap"]
    place_item(actor=cast.bob, item=meeting.items.get(title="Cheap"), places=-1, now=now)
    building.running(cast, today=today, now=now, title="New", monthly_cost=99999)
    assert fill_agenda(actor=cast.bob, meeting=meeting, now=now) == (1, 0)
    assert titles(meeting) == ["Cheap", "Dear", "New"]


@pytest.mark.requirement(52, page="/meetings/")
def test_a_due_decision_leaves_only_by_a_deferral_and_is_back_by_itself(cast, today, now):
    pilot = building.running(cast, today=today, now=now, title="Late")
    meeting = drafted(cast, now=now)
    item = meeting.items.get()
    with pytest.raises(RefusedError) as error:
        drop_item(actor=cast.bob, item=item, reason="Not now.", now=now)
    assert codes(error) == ["due"]
    with pytest.raises(RefusedError) as error:
        postpone_item(actor=cast.bob, item=item, reason="", owner=None, until=meeting.day, now=now)
    assert codes(error) == ["reason", "owner", "until"]
    until = meeting.day + timedelta(days=7)
    postpone_item(actor=cast.bob, item=item, reason="Later.", owner=cast.alice, until=until, now=now)
    fill_agenda(actor=cast.bob, meeting=meeting, now=now)
    deferral = Deferral.objects.get()
    assert (deferral.round.pilot, deferral.owner, deferral.until) == (pilot, cast.alice, until)
    assert deferral.round.decision_due == today - timedelta(days=10)
    assert [titles(one) for one in (meeting, drafted(cast, now=now, days=13))] == [[], []]
    later = drafted(cast, now=now, days=14)
    assert [(item.source, item.why) for item in later.items.all()] == [("deferral", (
        f"First deferral, until {until:%-d %B %Y}; Alice saw to it. "
        "Its decision is 24 days overdue that day."
    ))]  # fmt: skip
    move = {"planned_minutes": 90, "place": "", "reason": "", "seen": None, "now": now}
    move_meeting(actor=cast.bob, meeting=meeting, starts_at=now + timedelta(days=15), **move)
    assert titles(meeting) == ["Late"]


def test_what_was_put_off_elsewhere_leaves_a_drafted_agenda_with_its_reason(cast, today, now):
    pilot = building.running(cast, today=today, now=now, title="Late")
    meeting = drafted(cast, now=now)
    until = meeting.day + timedelta(days=1)
    defer_decision(
        actor=cast.bob, pilot=pilot, reason="No figures.", owner=cast.alice, until=until, today=today, now=now
    )
    assert fill_agenda(actor=cast.bob, meeting=meeting, now=now) == (0, 1)
    assert meeting.items.get().dropped_reason == f"Put off until {until:%-d %B %Y}: No figures."


def test_what_was_put_there_by_hand_is_carried_to_a_later_meeting_once(cast, today, now):
    first = in_session(cast, now=now)
    item = discuss(cast, first, "Budget", now=now)
    later = {"reason": "No time.", "owner": cast.carol, "until": first.day + timedelta(days=1), "now": now}
    postpone_item(actor=cast.bob, item=item, **later)
    second = drafted(cast, now=now, days=14)
    assert [(one.title, one.why) for one in second.items.all()] == [
        ("Budget", "Moved from the meeting on 23 November 2026.")
    ]
    assert titles(drafted(cast, now=now, days=21)) == []
    cancel_meeting(actor=cast.bob, meeting=second, reason="A holiday.", seen=None, now=now)
    assert titles(drafted(cast, now=now, days=28)) == ["Budget"]


def test_nobody_puts_off_a_pilot_in_which_they_have_a_part(cast, today, now):
    pilot = building.running(cast, today=today, now=now, title="Late")
    assign_part(actor=None, pilot=pilot, person=cast.bob, part=Part.CHAMPION, since=today, now=now)
    meeting = drafted(cast, now=now)
    off = {"reason": "Later.", "owner": cast.alice, "until": meeting.day + timedelta(days=7), "now": now}
    with pytest.raises(RefusedError) as error:
        postpone_item(actor=cast.bob, item=meeting.items.get(), **off)
    assert codes(error) == ["own_pilot"]
    postpone_item(actor=cast.manager, item=meeting.items.get(), **off)


def test_what_a_member_called_in_is_on_it_before_it_is_due(cast, today, now):
    change_committee(actor=None, committee=cast.committee, seen=None, majority_rule="simple", now=now)
    pilot = building.running(cast, today=today, now=now, title="Fast", due=60, risk_class="low")
    proposal = put_to_vote(cast, pilot, today=today, now=now)
    assert titles(drafted(cast, now=now)) == []
    call_in(actor=cast.carol, proposal=proposal, reason="Too fast.", today=today, now=now)
    item = drafted(cast, now=now, days=8).items.get()
    assert (item.kind, item.why) == ("decide", "A member called it into a meeting.")


def test_overdue_conditions_are_one_item_of_each_pilot_until_the_last_is_met(cast, today, now):
    for title, texts in (
        ("Letters", ("Keep the letters.", "Tell the team.", "Close " + "it " * 60)),
        ("Calls", ("Ask.",)),
    ):
        pilot = building.awaiting(cast, today=today, now=now, title=title)
        terms = [ConditionTerms(text, cast.alice, today + timedelta(days=place)) for place, text in enumerate(texts)]
        decide(cast, pilot, Outcome.STOP, today=today, now=now, conditions=terms)
    meeting = drafted(cast, now=now)
    letters, calls = meeting.items.order_by("place")
    assert [item.title for item in (letters, calls)] == ["Overdue conditions: Letters", "Overdue conditions: Calls"]
    assert calls.why == "Alice by 16 November 2026: Ask."
    told = "Alice by 16 November 2026: Keep the letters. Alice by 17 November 2026: Tell the team. Alice by 18 November"
    assert (letters.why[: len(told)], letters.why[-1]) == (told, "…")
    for condition in Condition.objects.exclude(text__startswith="Close"):
        meet_condition(actor=cast.alice, condition=condition, proof="Done.", seen=None, now=now)
        accept_condition(actor=cast.bob, condition=condition, seen=None, now=now)
    assert fill_agenda(actor=cast.bob, meeting=meeting, now=now) == (0, 1)
    (left,) = meeting.items.standing()
    assert (left.pk, left.why[:30]) == (letters.pk, "Alice by 18 November 2026: Clo")


def test_a_decision_is_never_in_the_consent_list(cast, today, now):
    building.running(cast, today=today, now=now, title="Late")
    change = {"title": "Late", "planned_minutes": 5, "consent": True, "seen": None, "now": now}
    with pytest.raises(RefusedError) as error:
        change_item(actor=cast.bob, item=drafted(cast, now=now).items.get(), **change)
    assert codes(error) == ["consent"]
