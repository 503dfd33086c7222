"""The real register, where it lies beside the checkout. None of its text stands here: only figures."""

import os
import re
from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from accounts.models import Unit
from audit.models import Event
from gates.open_flags import open_by_rule
from gates.scanning import scan
from portfolio.models import Assignment, Pilot, Round
from portfolio.states import DueBasis, RiskClass, RoundState, Stage

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "federal-ai-use-cases-2024.csv"
REGISTER = Path(os.environ.get("PILOTAGE_REAL_REGISTER", BESIDE))
DOCUMENT = settings.BASE_DIR / "docs" / "real-register.md"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not REGISTER.exists(), reason="the real register is not beside this checkout"),
]


def run(*options: str) -> tuple[int, list[str]]:
    out = StringIO()
    code = 0
    try:
        call_command(
            "import_pilots", str(REGISTER), "--mapping", "us-federal-2024", *options, stdout=out, stderr=StringIO()
        )
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_every_row_is_imported_or_refused_and_twice_changes_nothing():
    code, dry = run("--dry-run")
    assert (code, Pilot.objects.count(), Unit.objects.count(), Event.objects.count()) == (1, 0, 0, 0)

    code, first = run()
    assert code == 1
    assert [line for line in dry if not line.startswith("Dry run")] == first
    assert {"imported 2,130", "refused 3", "3 the same as another row, word for word"} <= set(first)
    pilots = Pilot.objects.all()
    # Stages that depend on the day of the import only where the register names days to come: none of these does.
    assert Counter(pilots.values_list("stage", flat=True)) == {
        Stage.DRAFT: 614,
        Stage.RUNNING: 381,
        Stage.AWAITING_DECISION: 101,
        Stage.IN_PRODUCTION: 892,
        Stage.RETIRED: 142,
    }
    assert Counter(pilots.values_list("risk_class", flat=True)) == {
        RiskClass.LOW: 1719,
        RiskClass.LIMITED: 60,
        RiskClass.HIGH: 351,
    }
    undecided = Round.objects.filter(state__in=[RoundState.RUNNING, RoundState.AWAITING_DECISION])
    assert undecided.count() == undecided.filter(due_basis=DueBasis.ASSUMED, decision_due__isnull=False).count() == 482
    assert not Assignment.objects.exists()
    assert Event.objects.filter(kind="portfolio.pilot.imported").count() == 2130

    versions = list(Pilot.objects.order_by("pk").values_list("pk", "version"))
    events = Event.objects.count()
    code, second = run()
    assert {"imported 0", "updated 0", "unchanged 2,130", "refused 3"} <= set(second)
    assert (list(Pilot.objects.order_by("pk").values_list("pk", "version")), Event.objects.count()) == (
        versions,
        events,
    )


def test_the_sql_of_the_documentation_agrees_with_the_rules():
    run()
    day = date(2026, 11, 21)
    scan(actor=None, today=day, now=datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    told, recounted = re.findall(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    with connection.cursor() as cursor:
        for statement in told.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
                assert cursor.fetchall()
        figures = []
        for statement in recounted.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
                figures.append(cursor.fetchone()[0])
    assert figures == [482, 1374, 482]
    assert open_by_rule() == {"decision-overdue": 482, "no-owner": 1374, "silent": 482}
