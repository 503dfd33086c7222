"""Silencing flags, exempting pilots: who may, for how long, and what it leaves untouched."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.obstacles import RefusedError
from audit.models import Event
from gates.digests import contents
from gates.exempting import end_exemption, exempt_pilot
from gates.models import Exemption, Flag, Snooze
from gates.rules.registry import BY_ID
from gates.scanning import scan
from gates.snoozing import snooze_flag, wake_flag
from portfolio.models import Standing
from portfolio.starting import start_round
from tests import building
from tests.counting import queries_of

OVERDUE = BY_ID["decision-overdue"]
LIST = reverse("gates:snooze-list")


@pytest.fixture
def flag(cast, today, now):
    """The flag of a pilot that is 20 days late."""
    building.awaiting(cast, today=today, now=now, due=-20)
    scan(actor=None, today=today, now=now)
    return Flag.objects.get()


def snooze(actor, flag, *, today, now, days=9, reason="The vendor answers then."):
    return snooze_flag(
        actor=actor, flag=flag, reason=reason, until=today + timedelta(days=days), today=today, now=now
    )  # fmt: skip


def told(person, now) -> int:
    """How many pilots a person's digest speaks of."""
    return sum(len(section.lines) for section in contents([person], now=now)[person.pk].sections)


@pytest.mark.parametrize(
    ("who", "days", "refused"),
    [
        ("alice", 14, []), ("alice", 15, ["until"]), ("alice", 0, ["until"]), ("alice", -1, ["until"]),
        ("bob", 90, []), ("bob", 91, ["until"]), ("manager", 90, []),
        ("carol", 9, ["not_yours"]), ("sponsor", 9, ["not_yours"]), ("administrator", 9, ["not_yours"]),
    ],
)  # fmt: skip
def test_who_may_silence_a_flag_and_for_how_long(cast, flag, today, now, who, days, refused):
    if not refused:
        snooze(getattr(cast, who), flag, today=today, now=now, days=days)
        assert Snooze.objects.get().until == today + timedelta(days=days)
        return
    with pytest.raises(RefusedError) as raised:
        snooze(getattr(cast, who), flag, today=today, now=now, days=days)
    assert [obstacle.code for obstacle in raised.value.obstacles] == refused
    assert not Snooze.objects.exists()


def test_an_owner_does_it_once_and_everything_in_the_way_is_said_at_once(cast, flag, today, now):
    wake_flag(actor=cast.alice, snooze=snooze(cast.alice, flag, today=today, now=now), now=now)
    with pytest.raises(RefusedError) as raised:
        snooze(cast.alice, flag, today=today, now=now, days=40, reason=" ")
    assert [obstacle.code for obstacle in raised.value.obstacles] == ["once", "reason", "until"]
    snooze(cast.bob, flag, today=today, now=now)


def test_it_leaves_digests_but_neither_counts_nor_the_clock_and_comes_back_by_itself(cast, flag, today, now):
    building.join_all(cast)
    before = Standing.objects.values("open_flags", "worst_severity", "undecided_since").get()
    assert (told(cast.alice, now), told(cast.bob, now)) == (1, 1)
    snooze(cast.bob, flag, today=today, now=now, days=9)
    scan(actor=None, today=today, now=now)
    assert (told(cast.alice, now), told(cast.bob, now)) == (0, 0)
    assert Standing.objects.values("open_flags", "worst_severity", "undecided_since").get() == before
    assert told(cast.alice, now + timedelta(days=9)) == 0
    assert told(cast.alice, now + timedelta(days=10)) == 1
    snooze(cast.manager, flag, today=today + timedelta(days=10), now=now + timedelta(days=10))


def test_gaps_of_a_contract_are_silenced_together_and_woken_together(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    start_round(
        actor=cast.alice, pilot=pilot, starts_on=today, planned_end=today, decision_due=today, now=now,
        accept_gaps=True,
    )  # fmt: skip
    scan(actor=None, today=today, now=now)
    gaps = Flag.objects.filter(rule__startswith="gap-")
    one = snooze(cast.alice, gaps.first(), today=today, now=now)
    assert Snooze.objects.in_force(today).count() == gaps.count() > 1
    wake_flag(actor=cast.alice, snooze=one, now=now)
    wake_flag(actor=cast.alice, snooze=one, now=now)
    assert not Snooze.objects.in_force(today).exists()
    assert Event.objects.filter(kind__in=["gates.flag.snoozed", "gates.flag.woken"]).count() == 2


def test_an_exempt_pilot_is_not_asked_about_until_the_day_is_past(cast, flag, today, now):
    until = today + timedelta(days=9)
    exempt_pilot(
        actor=cast.bob, pilot=flag.pilot, rule=OVERDUE, reason="A register's date.", until=until, today=today, now=now
    )
    assert scan(actor=None, today=today, now=now).closed == 1
    assert scan(actor=None, today=until, now=now).opened == 0
    assert scan(actor=None, today=until + timedelta(days=1), now=now).opened == 1
    end_exemption(actor=cast.bob, exemption=Exemption.objects.get(), title=OVERDUE.title, now=now)
    assert scan(actor=None, today=today, now=now).opened == 0


@pytest.mark.parametrize(
    ("who", "days", "refused"),
    [
        ("alice", 9, ["not_yours"]),
        ("bob", 365, []),
        ("bob", 366, ["until"]),
        ("manager", 1, []),
        ("manager", 0, ["until"]),
    ],
)
def test_who_may_exempt_a_pilot(cast, flag, today, now, who, days, refused):
    def exempt():
        exempt_pilot(
            actor=getattr(cast, who), pilot=flag.pilot, rule=OVERDUE, reason="Known.",
            until=today + timedelta(days=days), today=today, now=now,
        )  # fmt: skip

    if refused:
        with pytest.raises(RefusedError) as raised:
            exempt()
        assert [obstacle.code for obstacle in raised.value.obstacles] == refused
    else:
        exempt()
        with pytest.raises(RefusedError):
            exempt()


@pytest.mark.requirement(49, page="/drift/")
def test_the_pages_silence_exempt_and_end_both(cast, flag, sign_in, today, now):
    until = (today + timedelta(days=9)).isoformat()
    with time_machine.travel(now, tick=False):
        client = sign_in(cast.bob)
        page = client.get(reverse("gates:drift")).content.decode()
        assert reverse("gates:flag-snooze", args=[flag.pk]) in page
        assert "Owner from" in page
        assert "Sponsor from" in page
        form = reverse("gates:flag-snooze", args=[flag.pk])
        for person, may in ((cast.alice, True), (cast.manager, True), (cast.carol, False), (cast.sponsor, False)):
            assert (form in sign_in(person).get(reverse("gates:drift")).content.decode()) == may
            assert (form in sign_in(person).get(flag.pilot.get_absolute_url()).content.decode()) == may
        assert client.post(form, {"reason": "", "until": until}).status_code == 422
        assert client.post(form, {"reason": "The vendor.", "until": until}).headers["Location"] == LIST
        assert "The vendor." in client.get(LIST).content.decode()
        assert "Snoozed until" in client.get(reverse("gates:drift")).content.decode()
        client.post(reverse("gates:snooze-end", args=[Snooze.objects.get().pk]))
        client.post(reverse("gates:flag-exempt", args=[flag.pk]), {"reason": "No register.", "until": until})
        assert Flag.objects.get().closed_on == today
        assert "No register." in client.get(LIST).content.decode()
        client.post(reverse("gates:exemption-end", args=[Exemption.objects.get().pk]))
    assert Flag.objects.filter(closed_on=None).count() == 1


def test_the_list_takes_the_same_queries_for_one_and_for_many(cast, flag, sign_in, today, now):
    with time_machine.travel(now, tick=False):
        client = sign_in(cast.bob)
        snooze(cast.bob, flag, today=today, now=now)
        one = queries_of(client, LIST)
        for title in ("Two", "Three"):
            building.awaiting(cast, today=today, now=now, due=-20, title=title)
        scan(actor=None, today=today, now=now)
        for other in Flag.objects.filter(snoozes=None):
            snooze(cast.bob, other, today=today, now=now)
        assert queries_of(client, LIST) == one
