"""The real register, where it lies beside the checkout. None of its text stands here: only figures."""

import os
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Unit
from audit.models import Event
from portfolio.models import Assignment, Pilot, Round
from portfolio.states import DueBasis, RiskClass, RoundState, Stage

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "federal-ai-use-cases-2024.csv"
REGISTER = Path(os.environ.get("PILOTAGE_REAL_REGISTER", BESIDE))

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
