"""The verbs of parts: naming, handing over, ending, correcting, and everything that they refuse."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Mail, User
from accounts.naming import note_leaving
from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from audit.queries import history
from portfolio.assigning import assign_part, correct_part, end_part, name_for_part, state_authority
from portfolio.history import told
from portfolio.models import Assignment
from portfolio.states import PART_MEANINGS, Authority, Part
from tests import building

DAY = timedelta(days=1)


def obstacles(refused) -> dict[str, str]:
    return {obstacle.code: obstacle.what for obstacle in refused.value.obstacles}


@pytest.fixture
def pilot(cast, today, now):
    """Proposed thirty days ago: Alice owns it, the sponsor sponsors it, both from that day on."""
    then = today - 30 * DAY
    return building.proposed(cast, today=then, now=now - 30 * DAY)


def days_of(pilot, part) -> list[tuple]:
    held = pilot.assignments.filter(part=part).order_by("since", "pk")
    return list(held.values_list("person__name", "since", "until"))


class TestNaming:
    @pytest.mark.requirement(6, 7, 9, 23, page="/pilots/P-0001/people/")
    def test_every_part_can_be_named_and_says_what_it_means(self, cast, pilot, today, now):
        others = [part for part in Part if part not in (Part.BUSINESS_OWNER, Part.EXECUTIVE_SPONSOR)]
        for part in others:
            assign_part(actor=cast.alice, pilot=pilot, person=cast.carol, part=part, since=today, now=now)
        held = pilot.assignments.filter(person=cast.carol, since=today, until=None)
        assert set(held.values_list("part", flat=True)) == set(others)
        assert set(PART_MEANINGS) == set(Part)

    def test_a_new_address_is_invited_by_mail(self, cast, pilot, today, now):
        named = name_for_part(
            actor=cast.alice, pilot=pilot, email="New.One@example.org", name="New One", part=Part.IT_PARTNER,
            since=today, now=now,
        )  # fmt: skip
        person = User.objects.get(email="new.one@example.org")
        assert (named.person, person.name, person.has_usable_password()) == (person, "New One", False)
        assert list(Mail.objects.values_list("recipient__email", "kind")) == [("new.one@example.org", "invitation")]

    def test_who_is_known_is_not_invited_again(self, cast, pilot, today, now):
        name_for_part(
            actor=cast.alice, pilot=pilot, email="Carol@example.org", name="", part=Part.IT_PARTNER, since=today,
            now=now,
        )  # fmt: skip
        assert not Mail.objects.exists()

    def test_naming_twice_changes_nothing(self, cast, pilot, today, now):
        arguments = {"actor": None, "pilot": pilot, "person": cast.carol, "part": Part.CHAMPION, "now": now}
        assert assign_part(since=today, **arguments) == assign_part(since=today - 9 * DAY, **arguments)

    def test_there_can_be_several_champions(self, cast, pilot, today, now):
        for person in (cast.carol, cast.charlie):
            assign_part(actor=None, pilot=pilot, person=person, part=Part.CHAMPION, since=today, now=now)
        assert pilot.assignments.filter(part=Part.CHAMPION, until=None).count() == 2

    def test_who_has_left_is_not_named(self, cast, pilot, today, now):
        gone = note_leaving(actor=None, person=cast.charlie, left_on=today, now=now)
        with pytest.raises(RefusedError) as refused:
            assign_part(actor=None, pilot=pilot, person=gone, part=Part.IT_PARTNER, since=today, now=now)
        assert obstacles(refused) == {"departed": "Charlie has left."}

    @pytest.mark.requirement(5, page="/pilots/P-0001/people/")
    @pytest.mark.parametrize(
        ("who", "part", "other"),
        [("alice", Part.EXECUTIVE_SPONSOR, "business owner"), ("sponsor", Part.BUSINESS_OWNER, "executive sponsor")],
    )
    def test_sponsor_and_owner_are_two_people(self, cast, pilot, today, now, who, part, other):
        with pytest.raises(RefusedError) as refused:
            assign_part(actor=None, pilot=pilot, person=getattr(cast, who), part=part, since=today, now=now)
        (obstacle,) = refused.value.obstacles
        assert f"is the {other} already; these must be two people" in obstacle.what
        assert obstacle.who == f"Name somebody else here, or hand over the part of {other} first."


class TestHandingOver:
    def test_one_step_ends_one_and_begins_the_other_on_the_same_day(self, cast, pilot, today, now):
        assign_part(actor=cast.alice, pilot=pilot, person=cast.charlie, part=Part.BUSINESS_OWNER, since=today, now=now)
        begun = today - 30 * DAY
        assert days_of(pilot, Part.BUSINESS_OWNER) == [("Alice", begun, today), ("Charlie", today, None)]
        pilot.standing.refresh_from_db()
        assert pilot.standing.owner == cast.charlie

    @pytest.mark.parametrize(
        ("days", "said"),
        [
            (1, "This day is still to come. Note the change on the day on which it happens."),
            (-31, "Alice holds it since 17 October 2026; choose that day or a later one."),
        ],
    )
    def test_not_on_a_day_that_cannot_be(self, cast, pilot, today, now, days, said):
        with pytest.raises(RefusedError) as refused:
            assign_part(
                actor=None, pilot=pilot, person=cast.charlie, part=Part.BUSINESS_OWNER, since=today + days * DAY,
                now=now,
            )  # fmt: skip
        assert obstacles(refused) == {"since": said}

    def test_not_back_into_the_days_of_who_held_it_before(self, cast, pilot, today, now):
        end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today - 5 * DAY, now=now)
        with pytest.raises(RefusedError) as refused:
            assign_part(
                actor=None, pilot=pilot, person=cast.charlie, part=Part.BUSINESS_OWNER, since=today - 6 * DAY, now=now
            )
        assert obstacles(refused) == {"since": "Alice held it until 11 November 2026; choose that day or a later one."}

    def test_a_part_does_not_end_on_a_day_to_come(self, cast, pilot, today, now):
        with pytest.raises(RefusedError) as refused:
            end_part(actor=None, pilot=pilot, part=Part.BUSINESS_OWNER, until=today + DAY, now=now)
        assert set(obstacles(refused)) == {"until"}


class TestCorrecting:
    """Alice owned it from day -30 to day -10, then Charlie until day -4; since then Carol owns it."""

    @pytest.fixture
    def owners(self, cast, pilot, today, now):
        for person, day in ((cast.charlie, -10), (cast.carol, -4)):
            assign_part(
                actor=None, pilot=pilot, person=person, part=Part.BUSINESS_OWNER, since=today + day * DAY, now=now
            )
        return list(pilot.assignments.filter(part=Part.BUSINESS_OWNER).order_by("since"))

    def correct(self, row, today, now, since, until, seen=None):
        return correct_part(
            actor=None, assignment=row, since=today + since * DAY, until=None if until is None else today + until * DAY,
            seen=seen, now=now,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("which", "since", "until", "expected"),
        [
            (1, -12, -4, [(-30, -12), (-12, -4), (-4, None)]),  # whoever handed it over moves along
            (1, -10, -2, [(-30, -10), (-10, -2), (-2, None)]),  # and whoever took it over
            (1, -20, -9, [(-30, -20), (-20, -9), (-9, None)]),  # both at once
            (2, -3, None, [(-30, -10), (-10, -3), (-3, None)]),
            (2, -3, 0, [(-30, -10), (-10, -3), (-3, None)]),  # what goes on is not ended by a correction
            (0, -90, -10, [(-90, -10), (-10, -4), (-4, None)]),
            (1, -10, -4, [(-30, -10), (-10, -4), (-4, None)]),  # nothing to correct
        ],
    )
    def test_neighbours_move_along(self, pilot, owners, today, now, which, since, until, expected):
        self.correct(owners[which], today, now, since, until)
        assert [(begin, end) for _name, begin, end in days_of(pilot, Part.BUSINESS_OWNER)] == [
            (today + begin * DAY, None if end is None else today + end * DAY) for begin, end in expected
        ]

    @pytest.mark.parametrize(
        ("which", "since", "until", "said"),
        [
            (2, 1, None, {"since": "This day is still to come. Note the change on the day on which it happens."}),
            (1, -10, 2, {"until": "This day is still to come. Note the change on the day on which it happens."}),
            (1, -5, -6, {"until": "It cannot have ended before it began."}),
            (1, -31, -4, {"since": "Alice would have held it for no day at all; correct that part first."}),
            (2, -12, None, {"since": "Charlie would have held it for no day at all; correct that part first."}),
        ],
    )
    def test_what_cannot_be_is_refused(self, pilot, owners, today, now, which, since, until, said):
        before = days_of(pilot, Part.BUSINESS_OWNER)
        with pytest.raises(RefusedError) as refused:
            self.correct(owners[which], today, now, since, until)
        assert obstacles(refused) == said
        assert days_of(pilot, Part.BUSINESS_OWNER) == before

    def test_days_of_another_holder_stay_theirs(self, cast, pilot, owners, today, now):
        Assignment.objects.filter(pk=owners[1].pk).update(until=today - 6 * DAY)
        with pytest.raises(RefusedError) as refused:
            self.correct(owners[2], today, now, -8, None)
        assert obstacles(refused) == {"since": "Charlie holds it from 6 November 2026; correct that part first."}

    def test_champions_are_corrected_each_alone(self, cast, pilot, today, now):
        for person in (cast.carol, cast.charlie):
            assign_part(actor=None, pilot=pilot, person=person, part=Part.CHAMPION, since=today, now=now)
        row = pilot.assignments.get(part=Part.CHAMPION, person=cast.carol)
        self.correct(row, today, now, -20, None)
        assert dict(pilot.assignments.filter(part=Part.CHAMPION).values_list("person__name", "since")) == {
            "Carol": today - 20 * DAY, "Charlie": today,
        }  # fmt: skip

    def test_both_days_stay_in_the_trail(self, pilot, owners, today, now):
        self.correct(owners[2], today, now, -3, None)
        event = Event.objects.get(kind="portfolio.part.corrected")
        assert event.data["before"] == {"since": "2026-11-12", "until": None}
        assert told(history(pilot.scope)[:1])[0].what == (
            "Corrected the days of Carol as business owner: from 13 November 2026 to now"
        )

    def test_an_older_form_is_refused(self, owners, today, now):
        self.correct(owners[2], today, now, -3, None, seen=1)
        with pytest.raises(StaleError):
            self.correct(owners[2], today, now, -2, None, seen=1)


class TestAuthority:
    @pytest.mark.requirement(4, page="/pilots/P-0001/people/authority/")
    def test_is_kept_with_the_day_on_which_it_was_said(self, cast, pilot, today, now):
        state_authority(actor=cast.alice, pilot=pilot, authority=Authority.REQUESTS, today=today, seen=1, now=now)
        held = pilot.assignments.get(part=Part.EXECUTIVE_SPONSOR)
        assert (held.authority, held.authority_on) == (Authority.REQUESTS, today)
        assert told(history(pilot.scope)[:1])[0].what == (
            "Noted that the sponsor, Sponsor, must ask for budget and priorities"
        )

    def test_is_said_when_the_sponsor_is_named_and_nowhere_else(self, cast, pilot, today, now):
        for person, part in ((cast.carol, Part.EXECUTIVE_SPONSOR), (cast.charlie, Part.IT_PARTNER)):
            assign_part(
                actor=None, pilot=pilot, person=person, part=part, since=today, authority=Authority.DIRECTS, now=now
            )
        said = pilot.assignments.filter(until=None).exclude(authority=Authority.UNKNOWN)
        assert list(said.values_list("part", "authority_on")) == [(Part.EXECUTIVE_SPONSOR, today)]

    def test_can_be_taken_back(self, cast, pilot, today, now):
        for authority in (Authority.DIRECTS, Authority.UNKNOWN):
            state_authority(actor=None, pilot=pilot, authority=authority, today=today, seen=None, now=now)
        held = pilot.assignments.get(part=Part.EXECUTIVE_SPONSOR)
        assert (held.authority, held.authority_on) == (Authority.UNKNOWN, None)

    def test_nobody_has_it_where_nobody_is_sponsor(self, cast, pilot, today, now):
        end_part(actor=None, pilot=pilot, part=Part.EXECUTIVE_SPONSOR, until=today, now=now)
        with pytest.raises(RefusedError) as refused:
            state_authority(actor=None, pilot=pilot, authority=Authority.DIRECTS, today=today, seen=None, now=now)
        assert set(obstacles(refused)) == {"no_sponsor"}

    def test_the_database_gives_it_to_sponsors_only(self, pilot):
        with pytest.raises(IntegrityError, match="sponsors_authority"), transaction.atomic():
            connection.cursor().execute(
                "UPDATE portfolio_assignment SET authority = 'directs', authority_on = since"
                " WHERE part = 'business_owner'"
            )
