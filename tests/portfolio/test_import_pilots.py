"""The command import_pilots: what it says, what it writes, how it ends."""

import csv
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import Event
from portfolio.models import Pilot
from portfolio.registers import reading
from tests.portfolio.registers.writing import AGENCY, BUREAU, HEADER, MESSY, NAME, OUTPUTS, PLAIN, PURPOSE, as_csv

pytestmark = pytest.mark.django_db

FEDERAL = ("--mapping", "us-federal-2024")


@pytest.fixture
def register(tmp_path):
    def written(rows=MESSY, name="register.csv", **options):
        path = tmp_path / name
        path.write_bytes(rows if isinstance(rows, bytes) else as_csv(rows, **options))
        return path

    return written


def run(path, *options) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("import_pilots", str(path), *options, stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue(), err.getvalue()


def test_it_says_what_came_of_every_row(register):
    code, out, err = run(register(), *FEDERAL)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "AI use cases of United States federal agencies, 2024: 6 rows, read as Windows-1252, separated by commas.",
        "  imported         6",
        "  updated          0",
        "  unchanged        0",
        "  refused          0",
        "Stages: 2 draft, 1 running, 1 awaiting decision, 1 in production, 1 retired.",
        "Decision due: assumed for 2 undecided rounds, which are marked so.",
        "Warnings on 3 rows, which were taken all the same:",
        "          1  only a quarter given, read as its first day",
        "          1  a year that a spreadsheet turned into a day of 1905",
        "          1  a date that cannot be read",
        "          1  words after a date, left out",
        "          1  no risk class given",
        "          1  a risk class that the mapping does not know",
        "          1  a stage that the mapping does not know",
    ]
    assert Pilot.objects.count() == 6


def test_refused_rows_are_told_with_line_column_reason_and_way_out(register, tmp_path):
    path, report = register([PLAIN, PLAIN | {NAME: ""}, PLAIN]), tmp_path / "refused.csv"
    code, out, err = run(path, *FEDERAL, "--refused", str(report))
    assert code == 1
    assert "  refused          2" in out.splitlines()
    assert err.splitlines()[0] == ("line 3, column 'Use Case Name': The pilot has no name. Fill in 'Use Case Name'.")
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Line"], row["Column"], row["Reason"]) for row in rows] == [
        ("3", "Use Case Name", "the pilot has no name"),
        ("4", "", "the same as another row, word for word"),
    ]
    assert all(row["What"] and row["Way out"] for row in rows)
    assert Pilot.objects.count() == 1


def test_no_cell_of_a_report_starts_a_formula(register, tmp_path):
    header = tuple("=cmd()" if name == NAME else name for name in HEADER)
    mapping = tmp_path / "formula.toml"
    mapping.write_text(
        'source = "formula"\ntitle = "F"\n[reference]\ncolumns = ["Agency"]\n'
        '[pilot]\ntitle = "=cmd()"\nunit = ["Bureau"]\n',
        encoding="utf-8",
    )
    report = tmp_path / "refused.csv"
    path = register([{AGENCY: "A", BUREAU: "B"}], header=header)
    assert run(path, "--mapping", str(mapping), "--refused", str(report))[0] == 1
    assert "'=cmd()" in report.read_text(encoding="utf-8-sig").splitlines()[1].split(",")


def test_a_dry_run_writes_nothing_and_says_the_same(register):
    path = register([*MESSY, PLAIN])
    code, dry, refused = run(path, *FEDERAL, "--dry-run")
    assert (Pilot.objects.count(), Event.objects.count()) == (0, 0)
    wet_code, wet, wet_refused = run(path, *FEDERAL)
    assert (code, refused) == (wet_code, wet_refused)
    assert dry.replace("Dry run: nothing was written. An import would do this:\n", "") == wet


def test_warnings_can_be_written_too(register, tmp_path):
    report = tmp_path / "warnings.csv"
    _, out, _ = run(register(), *FEDERAL, "--warnings", str(report))
    assert f"7 written to {report}." in out
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 8


def test_the_unit_can_come_from_other_columns(register):
    run(register([PLAIN | {OUTPUTS: "Team Rose"}]), *FEDERAL, "--unit-column", AGENCY, "--unit-column", OUTPUTS)
    assert str(Pilot.objects.select_related("unit").get().unit) == "Team Rose"


def test_pilots_can_be_put_before_a_committee(cast, register):
    path = register([PLAIN])
    with pytest.raises(CommandError, match=r"no committee 'nobody'.*Known: steering"):
        run(path, *FEDERAL, "--committee", "nobody")
    run(path, *FEDERAL, "--committee", "steering")
    assert Pilot.objects.get().committee_slug == "steering"


@pytest.mark.parametrize(
    ("content", "options", "what"),
    [
        (as_csv([PLAIN]), ("--mapping", "us-federal"), "There is no mapping 'us-federal'. Nearest: us-federal-2024."),
        (as_csv([PLAIN]), ("--mapping", "generic"), "'Title' is missing"),
        (
            as_csv([PLAIN], header=[*HEADER[:5], "Stage of Developement"]),
            FEDERAL,
            "the nearest is 'Stage of Developement'",
        ),
        (as_csv([PLAIN]), (*FEDERAL, "--unit-column", "Buro"), "'Buro' is missing; the nearest is 'Bureau'"),
        (b"\x00\x01\x02" * 30, FEDERAL, "not text"),
        (b"", FEDERAL, "is empty"),
        (b"PK\x03\x04 and no more", FEDERAL, "damaged archive"),
    ],
)
def test_input_of_no_use_ends_with_2_and_a_way_out(register, content, options, what):
    with pytest.raises(CommandError) as refused:
        run(register(content), *options)
    assert refused.value.returncode == 2
    assert what in str(refused.value)
    assert Pilot.objects.count() == 0


def test_a_missing_or_too_large_file_ends_with_2(register, tmp_path, monkeypatch):
    with pytest.raises(CommandError, match=r"nothing\.csv cannot be read") as refused:
        run(tmp_path / "nothing.csv", *FEDERAL)
    assert refused.value.returncode == 2
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    with pytest.raises(CommandError, match="at most 0 MB are read") as refused:
        run(register(), *FEDERAL)
    assert refused.value.returncode == 2


def test_a_report_that_cannot_be_written_is_said(register, tmp_path):
    with pytest.raises(CommandError, match="cannot be written") as refused:
        run(register(), *FEDERAL, "--dry-run", "--refused", str(tmp_path / "no" / "folder.csv"))
    assert refused.value.returncode == 2


@pytest.mark.processes
def test_a_shell_sees_the_exit_status(tmp_path):
    ended = subprocess.run(
        [sys.executable, "manage.py", "import_pilots", str(tmp_path / "nothing.csv")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert PURPOSE not in ended.stdout
