"""Jobs: when they are due, what is noted of them, and the alarm when one is missed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit import jobs
from audit.jobs import forget_old_runs, job_run, last_tick, only_one, statuses, tick
from audit.models import JobRun
from audit.schedule import Job
from audit.tasks import audit_seal, beat_alive
from tests.faults.processes import wait_until

AT = datetime(2026, 11, 16, 9, 0, 20, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def job(period: timedelta, offset: timedelta = timedelta(0), name: str = "try") -> Job:
    return Job(name=name, title="Try", what="Tries.", period=period, offset=offset)


@pytest.mark.parametrize(
    ("period", "offset", "last", "following"),
    [
        (MINUTE, timedelta(0), "2026-11-16T09:00", "2026-11-16T09:01"),
        (HOUR, 5 * MINUTE, "2026-11-16T08:05", "2026-11-16T09:05"),
        (DAY, 2 * HOUR + 30 * MINUTE, "2026-11-16T02:30", "2026-11-17T02:30"),
        (DAY, 12 * HOUR, "2026-11-15T12:00", "2026-11-16T12:00"),
    ],
)
def test_when_a_job_is_due(period, offset, last, following):
    tried = job(period, offset)
    assert tried.last_due(AT) == datetime.fromisoformat(f"{last}:00+00:00")
    assert tried.next_due(AT) == datetime.fromisoformat(f"{following}:00+00:00")
    assert tried.last_due(tried.last_due(AT)) == tried.last_due(AT)


def run(name: str, started: datetime, *, ended: bool = True, failed: bool = False) -> JobRun:
    return JobRun.objects.create(job=name, started_at=started, finished_at=started if ended else None, failed=failed)


@pytest.mark.parametrize(
    ("started", "ended", "missed"),
    [
        (timedelta(minutes=1), True, False),
        (timedelta(hours=1), True, False),
        (timedelta(hours=1, minutes=5), True, True),
        (timedelta(minutes=1), False, False),
        (timedelta(minutes=13), False, True),
        (None, True, True),
    ],
)
def test_a_job_is_missed_when_it_was_due_and_has_not_begun_or_was_lost(db, started, ended, missed):
    hourly = job(HOUR)
    if started is not None:
        run("try", AT - started, ended=ended)
    (status,) = statuses([hourly], now=AT, grace=timedelta(minutes=5))
    assert status.missed is missed


def test_the_grace_belongs_to_the_last_time_that_it_was_due(db):
    hourly = job(HOUR)
    run("try", AT - timedelta(minutes=59))
    for late, missed in ((timedelta(minutes=4), False), (timedelta(minutes=6), True)):
        (status,) = statuses([hourly], now=AT + late, grace=timedelta(minutes=5))
        assert status.missed is missed


def test_a_run_leaves_its_outcome_or_the_class_of_its_error(db):
    with job_run("good") as outcome:
        outcome["sent"] = 3
    with pytest.raises(ZeroDivisionError), job_run("bad"):
        _ = 1 / 0
    good, bad = JobRun.objects.order_by("job").reverse()
    assert (good.summary, good.failed) == ("3 sent", False)
    assert (bad.summary, bad.failed) == ("error: ZeroDivisionError", True)
    assert good.took is not None


def test_runs_do_not_pile_up(db, monkeypatch):
    monkeypatch.setattr(jobs, "KEPT_RUNS", 3)
    for number in range(10):
        run("rare", AT - timedelta(days=number * 30))
        run("often", AT - timedelta(minutes=number))
    assert forget_old_runs(now=AT) == 7
    assert JobRun.objects.filter(job="rare").count() == 3
    assert JobRun.objects.filter(job="often").count() == 10


def test_a_tick_is_one_row_however_often(db):
    tick(AT)
    tick(AT + MINUTE)
    assert last_tick() == AT + MINUTE
    assert JobRun.objects.count() == 1


def test_a_tick_rings_for_what_was_missed(db, monkeypatch, settings):
    settings.JOBS = [job(MINUTE, name="beat.alive"), job(DAY, name="late"), job(DAY, name="done")]
    run("done", datetime.now(UTC))
    rung = []
    monkeypatch.setattr(
        "audit.tasks.current_app", type("App", (), {"send_task": lambda _, name, **_k: rung.append(name)})()
    )
    beat_alive()
    assert rung == ["late"]


def test_sealing_leaves_an_anchor(cast, settings, tmp_path):
    settings.AUDIT_ANCHORS = tmp_path / "anchors.log"
    audit_seal()
    assert JobRun.objects.get(job="audit.seal").outcome["sealed"] > 0
    assert settings.AUDIT_ANCHORS.read_text().count("\n") == 1


def is_free(name: str) -> bool:
    with only_one(name) as mine:
        return mine


@pytest.mark.django_db(transaction=True)
def test_only_one_holds_a_job_and_its_lock_goes_with_its_session():
    other = connection.copy()
    try:
        with only_one("try") as first:
            assert first
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(hashtext('pilotage.job'), hashtext('try'))")
                assert cursor.fetchone() == (False,)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('pilotage.job'), hashtext('try'))")
            assert cursor.fetchone() == (True,)
        with only_one("try") as second:
            assert not second
    finally:
        other.close()
    wait_until(lambda: is_free("try"), what="the end of the other session")


def test_the_page_shows_each_job_and_the_alarm(cast, sign_in):
    client = sign_in(cast.administrator)
    page = client.get(reverse("accounts:job-list"))
    assert [status.job.name for status in page.context["statuses"]] == [job.name for job in django_settings.JOBS]
    assert page.content.count(b"Missed") == len(django_settings.JOBS)
    assert b"jobs were missed" in page.content

    for known in django_settings.JOBS:
        run(known.name, datetime.now(UTC))
    page = client.get(reverse("accounts:job-list"))
    assert page.content.count(b"On time") == len(django_settings.JOBS)
    assert b"missed:" not in page.content


def test_the_alarm_is_for_administrators(cast, sign_in):
    url = reverse("portfolio:pilot-list")
    assert b"jobs were missed" in sign_in(cast.administrator).get(url).content
    assert b"jobs were missed" not in sign_in(cast.manager).get(url).content


def test_the_runs_of_one_job(cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.administrator)
    assert client.get(reverse("accounts:job-detail", args=["no.such.job"])).status_code == 404
    url = reverse("accounts:job-detail", args=["mail.deliver"])
    assert b"has not run yet" in client.get(url).content
    for count in (1, 2):
        for _ in range(count):
            run("mail.deliver", datetime.now(UTC), failed=True)
        with django_assert_num_queries(6):  # session, person, roles, alarm, count, page
            content = client.get(url).content
        assert b"Failed" in content


def test_an_empty_installation_is_alive_without_its_database(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/healthz").status_code == 200


def test_health_says_what_fails(db, settings, now):
    client = Client()
    assert client.get("/healthz").json() == {"alive": True}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"], answer.json()["scheduler"]) == (503, True, False)
    tick(datetime.now(UTC))
    assert client.get("/readyz").json() == {"database": True, "broker": True, "disk": True, "scheduler": True}
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/readyz").json()["broker"] is False
