"""One clock: pages, filters, flags and mails count a pilot's days as its committee does, never as the reader does."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from gates.convening import change_committee
from gates.digests import contents
from gates.models import Flag
from gates.scanning import scan
from portfolio.clock import clock_of, days_at
from portfolio.models import Pilot
from tests import building

#: In Auckland it is 01:00 of Tuesday the 17th; in Paris, 13:00 of Monday the 16th; in Honolulu, 02:00.
NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
THERE, HERE = date(2026, 11, 17), date(2026, 11, 16)


@pytest.fixture
def pilot(cast, today, now) -> Pilot:
    """Due on the 16th: overdue since midnight in Auckland, where its committee sits, and nowhere else."""
    change_committee(actor=None, committee=cast.committee, seen=None, now=now, time_zone="Pacific/Auckland")
    return building.awaiting(building.join_all(cast), today=today, now=now, due=(HERE - today).days)


def test_sql_and_python_agree_on_the_day(cast, pilot, today, now):
    homeless = building.awaiting(cast, today=today, now=now, due=(HERE - today).days, title="No committee")
    Pilot.objects.filter(pk=homeless.pk).update(committee_slug="")
    days = days_at(NOON)

    assert (days.of(pilot), days.of(Pilot.objects.get(pk=homeless.pk))) == (THERE, HERE)
    assert [clock_of(one, days.of(one)).days for one in Pilot.objects.order_by("pk")] == [1, 0]
    assert list(Pilot.objects.filter(days.is_overdue())) == [pilot]


def test_a_committee_in_the_west_is_not_late_yet(cast, today, now):
    change_committee(actor=None, committee=cast.committee, seen=None, now=now, time_zone="Pacific/Honolulu")
    yesterday = (HERE - today).days - 1
    building.awaiting(cast, today=today, now=now, due=yesterday)
    morning = NOON - timedelta(hours=6)  # 07:00 of the 16th in Paris, 20:00 of the 15th in Honolulu

    assert list(Pilot.objects.filter(days_at(morning).is_overdue())) == []


def test_flag_mail_and_page_say_the_same_days_wherever_their_reader_is(cast, pilot, client):
    for zone in ("Pacific/Honolulu", "Pacific/Auckland"):
        User.objects.filter(pk=cast.alice.pk).update(time_zone=zone)
        client.force_login(User.objects.get(pk=cast.alice.pk))
        with time_machine.travel(NOON, tick=False):
            scan(actor=None, today=None, now=NOON)
            [line] = contents([cast.alice], now=NOON)[cast.alice.pk].sections[0].lines
            pages = [
                client.get(url).content.decode()
                for url in (reverse("portfolio:pilot-list") + "?undecided=overdue", pilot.get_absolute_url())
            ]

        assert Flag.objects.get(rule="decision-overdue").opened_on == THERE
        assert line.days == 1
        assert ["1 day" in page for page in pages] == [True, True]
        assert pilot.title in pages[0]


def test_nobody_is_late_before_midnight_where_the_committee_sits(cast, pilot, client):
    User.objects.filter(pk=cast.alice.pk).update(time_zone="Pacific/Kiritimati")
    client.force_login(User.objects.get(pk=cast.alice.pk))
    evening = NOON - timedelta(hours=2)  # 23:00 in Auckland, and midnight already where Alice is

    with time_machine.travel(evening, tick=False):
        scan(actor=None, today=None, now=evening)
        page = client.get(reverse("portfolio:pilot-list") + "?undecided=overdue").content.decode()

    assert not Flag.objects.filter(rule="decision-overdue").exists()
    assert pilot.title not in page
