"""manage.py scan_drift."""

import os
import subprocess
import sys
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from audit.models import JobRun
from gates.models import Flag
from gates.rules.registry import RULES
from gates.scanning import JOB
from portfolio.starting import start_round
from tests import building


def scan_drift(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit status and what it said."""
    said = StringIO()
    try:
        call_command("scan_drift", *arguments, stdout=said)
    except SystemExit as ended:
        return int(ended.code), said.getvalue()
    return 0, said.getvalue()


def test_nothing_open_is_status_0(cast, today, now):
    building.running(cast, today=today, now=now, started=5, due=30)
    status, said = scan_drift("--today", today.isoformat())
    assert status == 0
    first, *rows, last = said.splitlines()
    assert first.split() == ["Rule", "opened", "changed", "closed", "open"]
    titles = [rule.title for rule in RULES if not rule.family]
    assert [row.rsplit(maxsplit=4) for row in rows] == [[title, *"0000"] for title in [*titles, "Contract gaps"]]
    assert len({len(row) for row in (first, *rows)}) == 1
    assert last == "Looked at 1 pilot: nothing has changed. Open now: 0."


def row_of(title: str, said: str) -> list[str]:
    """Opened, changed, closed and open of a rule, as printed."""
    [row] = [row.rsplit(maxsplit=4) for row in said.splitlines() if row.startswith(f"{title} ")]
    return row[1:]


def test_contract_gaps_are_one_row(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    start_round(
        actor=cast.alice, pilot=pilot, starts_on=today, planned_end=today, decision_due=today, now=now,
        accept_gaps=True,
    )  # fmt: skip
    gaps = str(len(pilot.open_round().contract.gaps_at_start))
    assert row_of("Contract gaps", scan_drift("--today", today.isoformat())[1]) == [gaps, "0", "0", gaps]


def test_open_flags_are_status_1_on_every_run(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-10)
    first, said = scan_drift("--today", today.isoformat())
    assert first == 1
    assert row_of("Decision overdue", said) == ["1", "0", "0", "1"]
    assert said.endswith("Looked at 1 pilot. Flags: 1 opened, 0 changed, 0 closed. Open now: 1.\n")
    again, said = scan_drift("--today", today.isoformat())
    assert again == 1
    assert said.endswith("Looked at 1 pilot: nothing has changed. Open now: 1.\n")


def test_the_day_given_is_the_day_judged_by(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=10)
    assert scan_drift("--today", "2026-11-26")[0] == 0
    assert scan_drift("--today", "2026-11-27")[0] == 1


def test_without_a_day_it_is_today(cast, today, now):
    building.awaiting(cast, today=today, now=now, due=-1)
    with time_machine.travel(now, tick=False):
        assert scan_drift()[0] == 1
    assert Flag.objects.get().opened_on == today


def test_a_run_is_kept_for_the_table_of_jobs(cast, today):
    scan_drift("--today", today.isoformat())
    run = JobRun.objects.get(job=JOB)
    assert (run.failed, run.outcome) == (False, {"pilots": 0, "opened": 0, "changed": 0, "closed": 0})


def test_a_rule_that_is_no_more_is_named_by_its_id(cast, today, now):
    pilot = building.running(cast, today=today, now=now, started=5, due=30)
    Flag.objects.create(pilot=pilot, rule="forgotten", severity=1, detail="It was so.", since=today, opened_on=today)
    assert row_of("forgotten", scan_drift("--today", today.isoformat())[1]) == ["0", "0", "1", "0"]


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-02-30", "16.11.2026", ""])
def test_a_day_that_cannot_be_read_is_refused(db, day):
    with pytest.raises(CommandError):
        scan_drift("--today", day)


@pytest.mark.processes
@pytest.mark.parametrize(("arguments", "status"), [(["--today", "yesterday"], 2), (["--help"], 0)])
def test_status_and_help_as_a_shell_sees_them(arguments, status):
    ended = subprocess.run(
        [sys.executable, "manage.py", "scan_drift", *arguments],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == status
    assert "--today ISO-DATE" in ended.stdout + ended.stderr
