"""The life of a meeting, by its verbs."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Mail
from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates import meeting as meeting_module
from gates.arranging import change_item
from gates.attendance import present_at, quorum_at, seats_on, seats_taken_at
from gates.convening import change_committee, recall_substitute, send_substitute
from gates.meeting import (
    Opened,
    begin_meeting,
    cancel_meeting,
    close_meeting,
    draft_meeting,
    move_meeting,
    open_due,
    open_meeting,
    seat_arrives,
    seat_leaves,
)
from gates.meeting_sheet import sheet_of
from gates.minuting import AGREED, NOTED, agree_to_list, begin_item, end_item, note_item, write_minutes
from gates.models import AgendaItem, Attendance, CommitteeSubstitute, Meeting
from gates.postponing import postpone_item
from gates.states import ItemKind, MeetingState
from portfolio.states import Outcome
from tests import building
from tests.gates.deciding_for import decide, put_to_vote
from tests.gates.meetings.holding import codes, discuss, drafted, in_session, opened, there, titles


class TestScheduling:
    def test_a_draft_has_its_agenda_and_nobody_is_told(self, cast, today, now):
        building.join_all(cast)
        building.running(cast, today=today, now=now, title="Late")
        meeting = drafted(cast, now=now)
        assert (meeting.state, titles(meeting), Mail.objects.count()) == (MeetingState.DRAFT, ["Late"], 0)

    @pytest.mark.parametrize(
        ("who", "refused"),
        [("bob", False), ("manager", False), ("carol", True), ("alice", True), ("administrator", True)],
    )
    def test_the_chair_and_managers_schedule_and_an_administrator_has_no_such_authority(self, cast, now, who, refused):
        schedule = {"committee": cast.committee, "starts_at": now + timedelta(days=1), "now": now}
        if not refused:
            assert draft_meeting(actor=getattr(cast, who), **schedule).pk
            return
        with pytest.raises(RefusedError) as error:
            draft_meeting(actor=getattr(cast, who), **schedule)
        assert codes(error) == ["not_runner"]

    def test_refuses_a_time_that_has_passed_and_one_that_is_taken(self, cast, now):
        with pytest.raises(RefusedError) as error:
            drafted(cast, now=now, days=-1)
        assert codes(error) == ["starts_at"]
        drafted(cast, now=now)
        with pytest.raises(RefusedError) as error:
            drafted(cast, now=now)
        assert codes(error) == ["starts_at"]

    def test_moving_a_draft_tells_nobody_and_moving_an_open_one_needs_a_reason_and_tells_the_others(self, cast, now):
        building.join_all(cast)
        later = {"starts_at": now + timedelta(days=9), "planned_minutes": 60, "place": "Room 2", "now": now}
        meeting = move_meeting(actor=cast.bob, meeting=drafted(cast, now=now), reason="", seen=1, **later)
        assert (meeting.place, Mail.objects.count()) == ("Room 2", 0)
        meeting = opened(cast, now=now, days=3)
        Mail.objects.all().delete()
        later["starts_at"] = now + timedelta(days=4)
        with pytest.raises(RefusedError) as error:
            move_meeting(actor=cast.bob, meeting=meeting, reason=" ", seen=None, **later)
        assert codes(error) == ["reason"]
        move_meeting(actor=cast.bob, meeting=meeting, reason="The chair is ill.", seen=None, **later)
        mail = Mail.objects.get()
        assert (mail.recipient, mail.subject) == (cast.carol, "Moved: Steering committee, 20 November 2026")
        assert "The chair is ill." in mail.text
        assert "Friday, 20 November 2026, 09:00" in mail.text

    def test_two_people_who_move_it_at_once_lose_nothing(self, cast, now):
        meeting = drafted(cast, now=now)
        facts = {"starts_at": meeting.starts_at, "planned_minutes": 60, "reason": "", "now": now}
        move_meeting(actor=cast.bob, meeting=meeting, place="Here", seen=1, **facts)
        with pytest.raises(StaleError):
            move_meeting(actor=cast.manager, meeting=meeting, place="There", seen=1, **facts)
        meeting.refresh_from_db()
        assert meeting.place == "Here"

    def test_a_cancelled_one_says_why_and_is_locked(self, cast, now):
        building.join_all(cast)
        meeting = opened(cast, now=now)
        Mail.objects.all().delete()
        with pytest.raises(RefusedError) as error:
            cancel_meeting(actor=cast.bob, meeting=meeting, reason="", seen=None, now=now)
        assert codes(error) == ["reason"]
        cancel_meeting(actor=cast.bob, meeting=meeting, reason="A holiday.", seen=None, now=now)
        assert [(mail.recipient, mail.subject) for mail in Mail.objects.all()] == [
            (cast.carol, "Cancelled: Steering committee, 23 November 2026")
        ]
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.filter(pk=meeting.pk).update(place="Elsewhere")
        assert drafted(cast, now=now).pk != meeting.pk


class TestPack:
    def test_goes_to_every_member_once_and_to_who_sits_for_one(self, cast, today, now):
        building.join_all(cast)
        pilot = building.running(cast, today=today, now=now, title="Late")
        send_substitute(
            actor=cast.carol, committee=cast.committee, member=cast.carol, stands_in=cast.sponsor, since=today,
            until=today + timedelta(days=30), now=now,
        )  # fmt: skip
        meeting = opened(cast, now=now)
        assert meeting.state == MeetingState.OPEN
        mails = {mail.recipient: mail for mail in Mail.objects.all()}
        assert set(mails) == {cast.bob, cast.carol, cast.sponsor}
        text = mails[cast.carol].text
        assert "1. Decide: Late (10 min)" in text
        assert "Its decision is 17 days overdue that day." in text
        assert f"/pilots/{pilot.code}/decide/" in text
        assert "Monday, 23 November 2026, 09:00 to 10:30 (Europe/Paris)" in text
        with pytest.raises(RefusedError) as error:
            open_meeting(actor=cast.bob, meeting=meeting, seen=None, now=now)
        assert codes(error) == ["not_draft"]

    def test_of_a_restricted_pilot_is_marked_and_says_nothing_once_the_pilot_has_left(self, cast, today, now):
        building.join_all(cast)
        pilot = building.running(cast, today=today, now=now, title="Secret", visibility="restricted")
        meeting = drafted(cast, now=now)
        discuss(cast, meeting, "Next year", now=now)
        meeting.items.filter(source="decision").update(source="hand")
        type(pilot).objects.filter(pk=pilot.pk).update(committee_slug="other")
        open_meeting(actor=cast.bob, meeting=meeting, seen=None, now=now)
        mail = Mail.objects.filter(recipient=cast.carol).get()
        assert mail.headers["Sensitivity"] == "Company-Confidential"
        assert "Secret" not in mail.text + mail.html
        assert "A restricted pilot" in mail.text

    def test_goes_out_by_itself_48_hours_before_and_only_once(self, cast, now):
        meeting = drafted(cast, now=now, days=7)
        early = meeting.starts_at - timedelta(hours=48, minutes=1)
        assert open_due(now=early) == Opened()
        due = meeting.starts_at - timedelta(hours=48)
        assert (open_due(now=due), open_due(now=due)) == (Opened(opened=1), Opened())
        assert Event.objects.get(kind="gates.meeting.opened").actor == "system"

    def test_hours_before_are_those_of_the_committee(self, cast, now):
        change_committee(actor=None, committee=cast.committee, seen=None, pack_hours=120, now=now)
        drafted(cast, now=now, days=5)
        assert open_due(now=now) == Opened(opened=1)

    def test_of_one_that_somebody_changes_at_that_moment_goes_out_with_the_next_sweep(self, cast, now, monkeypatch):
        changing, other = drafted(cast, now=now, days=1), drafted(cast, now=now, days=2)
        hands = [{"seen": None, "place": "Upstairs"}]

        def looked_up_while_somebody_writes(committee, day):
            for said in hands[:1]:
                hands.clear()
                move_meeting(
                    actor=cast.bob, meeting=changing, starts_at=changing.starts_at, planned_minutes=60, reason="",
                    now=now, **said,
                )  # fmt: skip
            return seats_on(committee, day)

        monkeypatch.setattr(meeting_module, "seats_on", looked_up_while_somebody_writes)
        assert open_due(now=now) == Opened(opened=1, changed_meanwhile=1)
        assert [Meeting.objects.get(pk=one.pk).state for one in (changing, other)] == ["draft", "open"]
        assert open_due(now=now) == Opened(opened=1)
        assert Meeting.objects.get(pk=changing.pk).place == "Upstairs"

    def test_brings_the_agenda_up_to_date(self, cast, today, now):
        settled = building.awaiting(cast, today=today, now=now, title="Settled")
        meeting = drafted(cast, now=now)
        decide(cast, settled, Outcome.STOP, today=today, now=now)
        building.running(cast, today=today, now=now, title="New")
        open_meeting(actor=cast.bob, meeting=meeting, seen=None, now=now)
        assert titles(meeting) == ["New"]


class TestSession:
    def test_needs_the_pack_and_no_other_meeting_in_session(self, cast, now):
        with pytest.raises(RefusedError) as error:
            begin_meeting(actor=cast.bob, meeting=drafted(cast, now=now), seen=None, now=now)
        assert codes(error) == ["draft"]
        in_session(cast, now=now, days=2)
        with pytest.raises(RefusedError) as error:
            begin_meeting(actor=cast.bob, meeting=opened(cast, now=now, days=3), seen=None, now=now)
        assert codes(error) == ["other"]

    def test_who_comes_late_and_leaves_early_is_known_for_every_moment(self, cast, now):
        meeting = in_session(cast, now=now)
        at = [now + timedelta(minutes=minutes) for minutes in (0, 10, 20, 30)]
        there(cast, meeting, cast.bob, now=at[0])
        seat_arrives(actor=cast.bob, meeting=meeting, member=cast.carol, at=at[1], now=at[3])
        seat_leaves(actor=cast.bob, meeting=meeting, member=cast.carol, at=at[2], now=at[3])
        assert [present_at(meeting, one) for one in at] == [
            {cast.bob.pk}, {cast.bob.pk, cast.carol.pk}, {cast.bob.pk}, {cast.bob.pk},
        ]  # fmt: skip
        seat_arrives(actor=cast.bob, meeting=meeting, member=cast.carol, now=at[3])
        assert Attendance.objects.filter(member=cast.carol).count() == 2

    def test_refuses_times_outside_of_the_meeting_and_seats_that_are_taken(self, cast, now):
        meeting = in_session(cast, now=now)
        for at in (now - timedelta(hours=1), now + timedelta(minutes=1)):
            with pytest.raises(RefusedError) as error:
                seat_arrives(actor=cast.bob, meeting=meeting, member=cast.carol, at=at, now=now)
            assert codes(error) == ["at"]
        there(cast, meeting, cast.carol, now=now)
        for member, code in ((cast.carol, "there"), (cast.alice, "member")):
            with pytest.raises(RefusedError) as error:
                seat_arrives(actor=cast.bob, meeting=meeting, member=member, now=now)
            assert codes(error) == [code]
        with pytest.raises(RefusedError) as error:
            seat_leaves(actor=cast.bob, meeting=meeting, member=cast.bob, now=now)
        assert codes(error) == ["not_there"]

    @pytest.mark.parametrize(
        ("rules", "needed"),
        [({"quorum": 2}, 2), ({"quorum_share": 50}, 1), ({"quorum_share": 51}, 2), ({"quorum_share": 1}, 1)],
    )
    def test_quorum_is_a_number_or_a_share_of_the_seats_rounded_up(self, cast, now, rules, needed):
        change_committee(actor=None, committee=cast.committee, seen=None, now=now, **rules)
        meeting = in_session(cast, now=now)
        assert (quorum_at(meeting, now).needed, quorum_at(meeting, now).is_there) == (needed, False)
        there(cast, meeting, *[cast.bob, cast.carol][:needed], now=now)
        assert quorum_at(meeting, now).is_there

    def test_a_substitute_sits_for_the_member_on_the_days_that_were_named(self, cast, today, now):
        meeting = in_session(cast, now=now)
        sit = {"actor": cast.bob, "meeting": meeting, "member": cast.carol, "person": cast.sponsor, "now": now}
        with pytest.raises(RefusedError) as error:
            seat_arrives(**sit)
        assert codes(error) == ["person"]
        send_substitute(
            actor=cast.carol, committee=cast.committee, member=cast.carol, stands_in=cast.sponsor, since=today,
            until=meeting.day, now=now,
        )  # fmt: skip
        seat_arrives(**sit)
        assert seats_taken_at(meeting, now) == {cast.carol.pk: cast.sponsor.pk}


class TestSubstitutes:
    def test_are_named_by_the_member_or_who_runs_the_meetings_and_each_obstacle_is_listed(self, cast, today, now):
        facts = {"committee": cast.committee, "since": today, "until": today, "now": now}
        with pytest.raises(RefusedError) as error:
            send_substitute(actor=cast.alice, member=cast.charlie, stands_in=cast.bob, **facts)
        assert codes(error) == ["not_yours", "member", "stands_in"]
        send_substitute(actor=cast.carol, member=cast.carol, stands_in=cast.sponsor, **facts)
        with pytest.raises(RefusedError) as error:
            send_substitute(actor=cast.bob, member=cast.bob, stands_in=cast.sponsor, **facts)
        assert codes(error) == ["since"]

    def test_recalled_before_the_first_day_it_is_as_if_they_had_not_been_named(self, cast, today, now):
        facts = {"committee": cast.committee, "member": cast.carol, "stands_in": cast.sponsor, "now": now}
        ahead = send_substitute(
            actor=cast.carol, since=today + timedelta(days=9), until=today + timedelta(days=12), **facts
        )
        running = send_substitute(actor=cast.carol, since=today - timedelta(days=2), until=today, **facts)
        for row in (ahead, running):
            recall_substitute(actor=cast.carol, substitute=row, today=today, now=now)
        assert [(row.pk, row.until) for row in CommitteeSubstitute.objects.all()] == [
            (running.pk, today - timedelta(days=1))
        ]


class TestMinutes:
    def test_one_item_runs_at_a_time_and_time_adds_up(self, cast, now):
        meeting = in_session(cast, now=now)
        first, second = (discuss(cast, meeting, title, now=now) for title in ("One", "Two"))
        for item, minutes in ((first, 0), (second, 5), (first, 7)):
            begin_item(actor=cast.bob, item=item, now=now + timedelta(minutes=minutes))
        end_item(actor=cast.bob, item=first, now=now + timedelta(minutes=10))
        used = [item.seconds_used(now + timedelta(hours=1)) // 60 for item in meeting.items.standing()]
        assert used == [8, 2]

    def test_minutes_are_compared_before_they_are_saved(self, cast, now):
        meeting = in_session(cast, now=now)
        item = discuss(cast, meeting, "One", now=now)
        write = {"item": item, "outcome": "", "seen": 1, "now": now}
        write_minutes(actor=cast.bob, minutes="By Bob.", **write)
        with pytest.raises(StaleError):
            write_minutes(actor=cast.manager, minutes="By another.", **write)
        item.refresh_from_db()
        assert (item.minutes, item.version) == ("By Bob.", 2)

    def test_saving_the_same_again_changes_nothing(self, cast, now):
        item = discuss(cast, in_session(cast, now=now), "One", now=now)
        for _ in range(2):
            write_minutes(actor=cast.bob, item=item, minutes="Said.", outcome="Agreed", seen=1, now=now)
        assert Event.objects.filter(kind="gates.item.minuted").count() == 1

    def test_the_consent_list_is_agreed_to_as_one_and_others_are_noted(self, cast, now):
        meeting = in_session(cast, now=now)
        items = [discuss(cast, meeting, title, now=now) for title in ("One", "Two", "Three", "Four")]
        change = {"planned_minutes": 5, "seen": None, "now": now}
        for item in items[:3]:
            change_item(actor=cast.bob, item=item, title=item.title, consent=True, **change)
        write_minutes(actor=cast.bob, item=items[1], minutes="", outcome="Not yet", seen=None, now=now)
        change_item(actor=cast.bob, item=items[2], title="Three", consent=False, **change)
        assert agree_to_list(actor=cast.bob, meeting=meeting, now=now) == 1
        note_item(actor=cast.bob, item=items[3], now=now)
        assert [(item.title, item.outcome) for item in meeting.items.standing()] == [
            ("Three", ""), ("Four", NOTED), ("One", AGREED), ("Two", "Not yet"),
        ]  # fmt: skip

    def test_are_written_in_session_only(self, cast, now):
        item = discuss(cast, drafted(cast, now=now), "One", now=now)
        with pytest.raises(RefusedError) as error:
            write_minutes(actor=cast.bob, item=item, minutes="x", outcome="", seen=None, now=now)
        assert codes(error) == ["not_in_session"]


class TestClosing:
    def test_waits_for_every_decision_and_then_locks_all_and_sends_the_minutes(self, cast, today, now):
        building.join_all(cast)
        stopped = building.awaiting(cast, today=today, now=now, title="Stopped")
        moved = building.awaiting(cast, today=today, now=now, title="Moved")
        meeting = in_session(cast, now=now)
        Mail.objects.all().delete()
        there(cast, meeting, cast.bob, now=now)
        with pytest.raises(RefusedError) as error:
            close_meeting(actor=cast.bob, meeting=meeting, seen=None, now=now)
        assert codes(error) == ["undecided", "undecided"]
        decision = decide(cast, stopped, Outcome.STOP, today=today, now=now)
        postpone_item(
            actor=cast.bob, item=meeting.items.get(title="Moved"), reason="No figures yet.", owner=cast.alice,
            until=meeting.day + timedelta(days=28), now=now,
        )  # fmt: skip
        item = discuss(cast, meeting, "Budget", now=now)
        begin_item(actor=cast.bob, item=item, now=now)
        write_minutes(actor=cast.bob, item=item, minutes="It holds.", outcome="Noted", seen=None, now=now)
        end = now + timedelta(hours=1)
        close_meeting(actor=cast.bob, meeting=meeting, seen=None, now=end)
        until = meeting.day + timedelta(days=28)
        assert [(line.kind, line.title, line.outcome) for line in meeting.items.standing()] == [
            ("decide", "Stopped", f"Stop: decision {decision.number}"),
            ("defer", "Moved", f"Until {until:%-d %B %Y}, Alice sees to it: No figures yet."),
            ("free", "Budget", "Noted"),
        ]
        assert meeting.items.get(title="Budget").ended_at == end
        assert meeting.attendances.get().left_at == end
        put_to_vote(cast, moved, today=today, now=end + timedelta(days=1))
        meeting.refresh_from_db()
        assert [line.vote for line in sheet_of(meeting, cast.bob, now=end).lines] == [None, None, None]
        mail = Mail.objects.get(subject__startswith="Minutes")
        assert (mail.recipient, mail.subject) == (cast.carol, "Minutes: Steering committee, 23 November 2026")
        for told in ("1. Decide: Stopped\n   Stop: decision D-", "2. Defer: Moved\n   Until ", "It holds."):
            assert told in mail.text

    @pytest.mark.parametrize(
        "attack",
        [
            lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(place="x"),
            lambda meeting: AgendaItem.objects.filter(meeting=meeting).update(minutes="x"),
            lambda meeting: AgendaItem.objects.filter(meeting=meeting).delete(),
            lambda meeting: AgendaItem.objects.create(meeting=meeting, place=9, kind=ItemKind.FREE, title="x"),
            lambda meeting: Attendance.objects.filter(meeting=meeting).update(left_at=None),
            lambda meeting: Attendance.objects.filter(meeting=meeting).delete(),
        ],
        ids=["meeting", "item", "item gone", "item new", "attendance", "attendance gone"],
    )
    def test_the_database_locks_it(self, cast, now, attack):
        meeting = in_session(cast, now=now)
        discuss(cast, meeting, "One", now=now)
        there(cast, meeting, cast.bob, now=now)
        close_meeting(actor=cast.bob, meeting=meeting, seen=None, now=now)
        with pytest.raises(IntegrityError), transaction.atomic():
            attack(meeting)
