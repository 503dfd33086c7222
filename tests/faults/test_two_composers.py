"""Promise 3: two schedulers and two composers at once, 30 days, both clock changes in three zones."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections

from accounts.models import Mail, Preference, User
from accounts.preferring import preferences_of
from accounts.states import DigestRhythm
from gates import composing
from gates.composing import Due, compose_due
from gates.convening import seat_member
from gates.models import DigestRun
from gates.states import CommitteePart, DigestKind
from tests import building
from tests.faults.figures import tell

pytestmark = pytest.mark.django_db(transaction=True)

ZONES = ("Europe/Paris", "America/New_York", "Pacific/Auckland")
#: Days on which a clock changes in one of the zones, all of this year.
CHANGES = [date(2026, *day) for day in ((3, 8), (3, 29), (4, 5), (9, 27), (10, 25), (11, 1))]
RHYTHMS = (DigestRhythm.DAILY, DigestRhythm.WEEKLY, DigestRhythm.MONTHLY)


@pytest.fixture
def cast(cast):
    return building.join_all(cast)


def readers(cast, start: datetime) -> list[User]:
    """A committee member for each zone and rhythm, each wanting mail at two o'clock, the hour that clocks change."""
    people = []
    for zone in ZONES:
        for rhythm in RHYTHMS:
            name = f"{zone.split('/')[1]}-{rhythm}"
            person = building.person(name, now=start, time_zone=zone)
            seat_member(
                actor=None,
                committee=cast.committee,
                person=person,
                part=CommitteePart.MEMBER,
                since=start.date(),
                now=start,
            )
            people.append(person)
    building.join(*people)
    for person in people:
        rhythm = person.email.split("@")[0].rpartition("-")[2]
        preferences_of([person])
        Preference.objects.filter(user=person).update(rhythm=rhythm, weekday=7, hour=2)
    return people


def expected(person: User, rhythm: str, start: datetime, end: datetime) -> set[str]:
    """The periods whose digest falls due between two moments, found by looking at the wall clock every five minutes."""
    zone, periods, moment = ZoneInfo(person.time_zone), set(), start
    while moment <= end:
        local = moment.astimezone(zone)
        year, week, weekday = local.isocalendar()
        if rhythm == DigestRhythm.DAILY and local.hour >= 2:
            periods.add(local.date().isoformat())
        if rhythm == DigestRhythm.WEEKLY and weekday == 7 and local.hour >= 2:
            periods.add(f"{year}-W{week:02}")
        if rhythm == DigestRhythm.MONTHLY and (local.day > 7 or (weekday == 7 and local.hour >= 2)):
            periods.add(local.strftime("%Y-%m"))
        if rhythm == DigestRhythm.MONTHLY and any(
            (local.date() - timedelta(days=back)).isoweekday() == 7 for back in range(1, local.day)
        ):
            periods.add(local.strftime("%Y-%m"))
        moment += timedelta(minutes=5)
    return periods


def sweep_together(moments: list[datetime]) -> None:
    """Two composers, each on a connection of its own, at each moment at once."""
    start = Barrier(2)

    def sweep() -> None:
        try:
            for moment in moments:
                start.wait(30)
                compose_due(now=moment)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for composer in [pool.submit(sweep) for _ in range(2)]:
            composer.result()


def hours(start: datetime, days: int, *, missed: Callable[[datetime], bool] = lambda _: False) -> list[datetime]:
    moments = [start + timedelta(hours=step, minutes=5) for step in range(24 * days)]
    return [moment for moment in moments if not missed(moment)]


def is_dull(moment: datetime) -> bool:
    """Whether no clock changes around this day, and this is not a sixth hour."""
    return all(abs(moment.date() - change) > timedelta(days=1) for change in CHANGES) and moment.hour % 6 != 0


@pytest.mark.parametrize(
    ("start", "days"),
    [
        pytest.param(datetime(2026, 3, 7, tzinfo=UTC), 30, id="changes of 8 March, 29 March, 5 April"),
        pytest.param(datetime(2026, 10, 24, tzinfo=UTC), 9, id="changes of 25 October, 1 November"),
        pytest.param(datetime(2026, 9, 26, tzinfo=UTC), 2, id="change of 27 September"),
    ],
)
def test_every_period_has_one_run_and_one_mail(cast, start, days):
    building.running(cast, today=start.date(), now=start, due=-10, started=30)
    people = readers(cast, start)
    # Beat is down from time to time: three hours in each thirty. Far from a change of clocks, every sixth hour will do.
    moments = hours(start, days, missed=lambda moment: (moment.day * 24 + moment.hour) % 30 < 3 or is_dull(moment))

    sweep_together(moments)

    tell(f"{days} days, {len(moments)} hours, two composers, {len(people)} people: {DigestRun.objects.count()} runs.")
    for person in people:
        rhythm = person.email.split("@")[0].rpartition("-")[2]
        runs = DigestRun.objects.filter(recipient=person)
        assert Counter(runs.values_list("period", flat=True)) == Counter(
            expected(person, rhythm, moments[0], moments[-1])
        ), person.email
        assert Mail.objects.filter(recipient=person).count() == runs.exclude(mail=None).count() == runs.count()


def test_without_the_unique_run_two_composers_write_twice(cast, today, now, monkeypatch):
    """The negative control: looking first and then writing is not enough."""
    both_have_looked = Barrier(2)

    def look_then_write(batch: list[Due], now: datetime) -> dict[int, int]:
        found = set(DigestRun.objects.values_list("recipient", "period"))
        both_have_looked.wait(10)
        made = [
            DigestRun.objects.create(
                recipient=item.person, kind=DigestKind.STALLED, period=item.period, composed_at=now
            )
            for item in batch
            if (item.person.pk, item.period) not in found
        ]
        return {run.recipient_id: run.pk for run in made}

    monkeypatch.setattr(composing, "_take", look_then_write)
    building.running(cast, today=today, now=now, due=-10)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gates_digestrun DROP CONSTRAINT gates_digestrun_once")
    try:
        sweep_together([now])
        assert Mail.objects.filter(recipient=cast.bob).count() == 2
    finally:
        DigestRun.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE gates_digestrun ADD CONSTRAINT gates_digestrun_once UNIQUE (recipient_id, kind, period)"
            )
