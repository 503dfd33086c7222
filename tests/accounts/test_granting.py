"""Granting and ending roles; the last administrator."""

import contextlib
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts import granting
from accounts.granting import end_role, grant_role
from accounts.models import RoleGrant
from accounts.naming import note_leaving
from accounts.obstacles import RefusedError
from accounts.permissions import roles_of
from accounts.states import Role
from audit.models import Event
from tests import building


def test_a_role_is_held_from_its_first_day_to_the_day_before_its_end(cast, today, now):
    grant_role(
        actor=cast.administrator, person=cast.charlie, role=Role.AUDITOR,
        since=today, until=today + timedelta(days=2), now=now,
    )  # fmt: skip
    held = [Role.AUDITOR in roles_of(cast.charlie, today=today + timedelta(days=step)) for step in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]


def test_granting_what_is_held_changes_nothing(cast, today, now):
    first, second = (
        grant_role(actor=None, person=cast.charlie, role=Role.AUDITOR, since=today, now=now) for _ in range(2)
    )
    assert first == second
    assert Event.objects.filter(kind="accounts.role.granted", subject=f"accounts.user:{cast.charlie.pk}").count() == 1


def test_a_role_that_ends_before_it_begins_is_refused(cast, today, now):
    with pytest.raises(ValidationError):
        grant_role(actor=None, person=cast.charlie, role=Role.AUDITOR, since=today, until=today, now=now)
    assert not cast.charlie.grants.exists()


def test_ending_a_role_that_is_not_held_changes_nothing(cast, today, now):
    end_role(actor=None, person=cast.charlie, role=Role.AUDITOR, until=today, now=now)
    end_role(actor=None, person=cast.charlie, role=Role.ADMINISTRATOR, until=today, now=now)
    assert not Event.objects.filter(kind="accounts.role.ended").exists()


def test_a_role_granted_for_later_and_ended_before_was_never_held(cast, today, now):
    later = today + timedelta(days=10)
    grant_role(actor=None, person=cast.charlie, role=Role.AUDITOR, since=later, now=now)
    end_role(actor=None, person=cast.charlie, role=Role.AUDITOR, until=today, now=now)
    assert roles_of(cast.charlie, today=later) == set()


def test_the_last_administrator_who_can_sign_in_stays_one(cast, today, now):
    grant_role(actor=None, person=cast.bob, role=Role.ADMINISTRATOR, since=today, now=now)
    note_leaving(actor=None, person=cast.bob, left_on=today, now=now)
    for act in (
        lambda: end_role(actor=None, person=cast.administrator, role=Role.ADMINISTRATOR, until=today, now=now),
        lambda: note_leaving(actor=None, person=cast.administrator, left_on=today, now=now),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert [obstacle.code for obstacle in refused.value.obstacles] == ["last_administrator"]
    assert roles_of(cast.administrator, today=today) == {Role.ADMINISTRATOR}


@pytest.mark.django_db(transaction=True)
class TestRace:
    def end_each_other(self, monkeypatch, today, now) -> int:
        """Two administrators end each other at the same time; return how many administrators are left."""
        pair = [building.person(name, now=now) for name in ("ada", "eve")]
        for person in pair:
            grant_role(actor=None, person=person, role=Role.ADMINISTRATOR, since=today, now=now)
        both_have_looked = threading.Barrier(2, timeout=1)
        looked = granting.last_administrator_obstacles

        def look_then_wait(person):
            obstacles = looked(person)
            with contextlib.suppress(threading.BrokenBarrierError):
                both_have_looked.wait()
            return obstacles

        monkeypatch.setattr(granting, "last_administrator_obstacles", look_then_wait)

        def end(actor, person):
            with contextlib.suppress(RefusedError):
                end_role(actor=actor, person=person, role=Role.ADMINISTRATOR, until=today, now=now)
            connection.close()

        threads = [threading.Thread(target=end, args=order) for order in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return RoleGrant.objects.filter(role=Role.ADMINISTRATOR, until=None).count()

    def test_two_who_end_each_other_leave_one(self, monkeypatch, today, now):
        assert self.end_each_other(monkeypatch, today, now) == 1

    def test_without_the_lock_they_would_leave_none(self, monkeypatch, today, now):
        monkeypatch.setattr(granting, "_held_still", lambda grants: grants)
        assert self.end_each_other(monkeypatch, today, now) == 0
