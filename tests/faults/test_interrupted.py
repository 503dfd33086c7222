"""A worker killed in the middle of a scan, or of composing, leaves nothing half done; the next sweep completes."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Mail, Preference
from accounts.preferring import preferences_of
from accounts.states import DigestRhythm
from audit.models import Event, JobRun
from audit.verifying import verify
from gates.models import DigestRun, Flag
from tests import building
from tests.faults.processes import Worker, own_broker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

PILOTS = 5


@pytest.fixture
def cast(cast):
    return building.join_all(cast)


@pytest.fixture
def late_pilots(cast) -> None:
    """Pilots that are flagged, and told of, whatever the day is on which the test runs."""
    today, now = timezone.localdate(), timezone.now()
    for number in range(PILOTS):
        building.running(cast, today=today, now=now, started=200, due=-100, title=f"Pilot {number}")
    people = [cast.alice, cast.bob, cast.carol, cast.manager, cast.sponsor]
    wanting = [preference.pk for preference in preferences_of(people).values()]
    Preference.objects.filter(pk__in=wanting).update(rhythm=DigestRhythm.DAILY, hour=0)


@pytest.mark.parametrize(
    ("task", "table", "made"),
    [
        ("drift.scan", "gates_flag", lambda: Flag.objects.filter(closed_on=None).count()),
        ("digests.compose", "accounts_mail", Mail.objects.count),
    ],
)
def test_the_next_sweep_completes_what_a_killed_worker_began(late_pilots, tmp_path, task, table, made):
    events = Event.objects.count()
    with own_broker(tmp_path) as broker:
        victim = Worker(tmp_path, broker, mail_server="", queue="victim")
        heir = Worker(tmp_path, broker, mail_server="", queue="heir")
        try:
            victim.wait_ready()
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
                victim.ring(task)
                wait_until(lambda: is_waited_for(table), what=f"{task} in the middle of its work")
                victim.kill()
            assert made() == 0
            assert Event.objects.count() == events
            assert not DigestRun.objects.exists()
            assert JobRun.objects.get(job=task).finished_at is None

            heir.wait_ready().ring(task)
            wait_until(lambda: JobRun.objects.filter(job=task, finished_at__isnull=False).exists(), what="the next run")
        finally:
            victim.kill()
            heir.kill()
    run = JobRun.objects.filter(job=task).latest("started_at")
    assert not run.failed
    assert made() > 0
    assert list(verify()) == []


def is_waited_for(table: str) -> bool:
    """Whether some session waits for a lock on a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted", [table])
        return bool(cursor.fetchone()[0])
