"""From rows to facts."""

from datetime import date
from decimal import Decimal

import pytest

from portfolio.registers.mapping_file import register_from
from portfolio.registers.whole import read_register
from portfolio.states import DueBasis, RiskClass, RoundState, Stage
from tests.portfolio.registers.writing import (  # fmt: skip
    AGENCY,
    BUREAU,
    DEVELOPED,
    HEADER,
    IMPLEMENTED,
    INITIATED,
    MESSY,
    NAME,
    OUTPUTS,
    PLAIN,
    PURPOSE,
    RETIRED,
    STAGE,
    TODAY,
    as_csv,
    as_workbook,
    codes,
    facts,
    understood,
)


def test_a_plain_row_is_understood_in_full():
    found = facts(PLAIN)
    assert (found.title, found.unit_path) == (
        "Sorting seed packets by photograph",
        ("Department of Gardens", "Bureau of Seeds"),
    )
    assert (found.stage, found.state, found.risk_class) == (Stage.RUNNING, RoundState.RUNNING, RiskClass.LOW)
    assert (found.starts_on, found.decision_due, found.due_basis) == (
        date(2025, 3, 1), date(2026, 3, 1), DueBasis.ASSUMED,
    )  # fmt: skip
    assert found.summary == (
        "Finds packets in the wrong drawer.\n\nStage in the register: Acquisition and/or Development"
    )
    assert not understood(as_csv([PLAIN])).warnings


def test_messy_rows_are_taken_with_warnings():
    contents = understood(as_csv(MESSY))
    letters, bees, pond, older, frost = [row.facts for row in contents.rows][1:]
    assert contents.refused == []
    assert letters.title == "Answers to gardeners\u2019 letters (first try)"
    assert letters.unit_path == ("Department of Gardens", "Bureau of Letters")
    assert "Purpose: “quick” answers\n\nBenefit: fewer letters lie about; € 12,000 a year" in letters.summary
    assert "Outputs: A draft,\nnever a letter" in letters.summary
    assert "Topic" not in letters.summary
    assert (letters.stage, letters.risk_class) == (Stage.DRAFT, RiskClass.HIGH)
    assert (bees.stage, bees.starts_on, bees.ended_on) == (
        Stage.AWAITING_DECISION, date(2023, 1, 1), date(2024, 10, 16),
    )  # fmt: skip
    assert (pond.stage, pond.launched_on, pond.state) == (Stage.IN_PRODUCTION, date(2025, 7, 1), RoundState.PAST)
    assert (older.stage, older.retired_on, older.decision_due) == (Stage.RETIRED, date(2023, 6, 30), None)
    assert (frost.stage, frost.risk_class) == (Stage.DRAFT, RiskClass.LIMITED)
    assert codes(contents.warnings) == [
        (9, "date_spreadsheet_year"),
        (9, "date_with_remark"),
        (9, "risk_blank"),
        (10, "date_unreadable"),
        (10, "date_quarter_only"),
        (12, "stage_unknown"),
        (12, "risk_unknown"),
    ]
    unknown = contents.warnings[-2]
    assert unknown.column == STAGE
    assert unknown.what == "'Somewhere in between' is not in the mapping; taken as draft."


def test_line_breaks_move_the_lines_of_later_rows():
    assert [row.keyed.row.line for row in understood(as_csv(MESSY)).rows] == [2, 3, 9, 10, 11, 12]


def test_a_workbook_says_the_same_as_a_csv():
    from_csv, from_workbook = understood(as_csv(MESSY)), understood(as_workbook(MESSY))
    assert [row.facts for row in from_csv.rows] == [row.facts for row in from_workbook.rows]
    assert [row.keyed.plain for row in from_csv.rows] == [row.keyed.plain for row in from_workbook.rows]


@pytest.mark.parametrize(
    ("row", "stage", "state"),
    [
        ({STAGE: "Planned", INITIATED: "1/1/2020"}, Stage.DRAFT, RoundState.DRAFT),
        ({STAGE: "Initiated", INITIATED: "1/1/2020"}, Stage.DRAFT, RoundState.DRAFT),
        ({STAGE: "Initiated", DEVELOPED: "1/1/2020"}, Stage.RUNNING, RoundState.RUNNING),
        ({STAGE: "Initiated", DEVELOPED: "1/1/2030"}, Stage.DRAFT, RoundState.DRAFT),
        ({STAGE: "Acquisition and/or Development", INITIATED: "1/1/2020"}, Stage.RUNNING, RoundState.RUNNING),
        ({STAGE: "Acquisition and/or Development"}, Stage.DRAFT, RoundState.DRAFT),
        ({STAGE: "Acquisition and/or Development", DEVELOPED: "1/1/2030"}, Stage.DRAFT, RoundState.DRAFT),
        ({STAGE: "Implementation and Assessment", DEVELOPED: "1/1/2020"}, Stage.RUNNING, RoundState.RUNNING),
        (
            {STAGE: "Implementation and Assessment", DEVELOPED: "1/1/2020", IMPLEMENTED: "1/1/2021"},
            Stage.AWAITING_DECISION,
            RoundState.AWAITING_DECISION,
        ),
        (
            {STAGE: "Research or  Administrative Action Complete", INITIATED: "1/1/2020"},
            Stage.AWAITING_DECISION,
            RoundState.AWAITING_DECISION,
        ),
        ({STAGE: "Operation and Maintenance"}, Stage.IN_PRODUCTION, RoundState.PAST),
        ({STAGE: "In mission", IMPLEMENTED: "1/1/2021"}, Stage.IN_PRODUCTION, RoundState.PAST),
        ({STAGE: "Retired"}, Stage.RETIRED, RoundState.PAST),
        ({STAGE: ""}, Stage.DRAFT, RoundState.DRAFT),
    ],
)
def test_the_stage_of_the_register_becomes_ours(row, stage, state):
    found = facts(PLAIN | {DEVELOPED: ""} | row)
    assert (found.stage, found.state) == (stage, state)
    begun = state in (RoundState.RUNNING, RoundState.AWAITING_DECISION)
    assert (found.decision_due is not None) == begun
    if begun:
        assert found.starts_on == date(2020, 1, 1)


def warned(row):
    [found] = understood(as_csv([row])).rows
    return found.facts, codes(understood(as_csv([row])).warnings)


def test_what_has_begun_without_a_day_stays_a_draft_and_says_so():
    _, warnings = warned(PLAIN | {DEVELOPED: ""})
    assert warnings == [(2, "no_start")]
    found, warnings = warned(PLAIN | {DEVELOPED: "1/1/2030"})
    assert (found.starts_on, warnings) == (date(2030, 1, 1), [(2, "starts_later")])


def test_days_that_contradict_are_left_out_and_said():
    found, warnings = warned(PLAIN | {IMPLEMENTED: "1/1/2026", RETIRED: "2/2/2026"})
    assert (found.launched_on, found.retired_on) == (None, None)
    assert warnings == [(2, "day_against_stage"), (2, "day_against_stage")]
    found, warnings = warned(PLAIN | {STAGE: "Implementation and Assessment", IMPLEMENTED: "1/1/2025"})
    assert (found.stage, found.ended_on, warnings) == (Stage.RUNNING, None, [(2, "before_start")])
    found, warnings = warned(PLAIN | {STAGE: "In production", IMPLEMENTED: "1/1/2025"})
    assert (found.launched_on, warnings) == (date(2025, 1, 1), [(2, "days_out_of_order")])
    found, warnings = warned(PLAIN | {STAGE: "Retired", RETIRED: "1/1/2030"})
    assert (found.retired_on, warnings) == (None, [(2, "day_to_come")])


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({NAME: " "}, NAME, "no_title"),
        ({NAME: "N/A"}, NAME, "no_title"),
        ({AGENCY: "", BUREAU: "\u00a0"}, AGENCY, "no_unit"),
    ],
)
def test_a_row_without_name_or_unit_is_refused_with_its_column_and_a_way_out(row, column, code):
    contents = understood(as_csv([PLAIN | row]))
    assert contents.rows == []
    [refusal] = contents.refused
    assert (refusal.line, refusal.column, refusal.code) == (2, column, code)
    assert column in refusal.way_out


def test_a_row_with_cells_too_many_is_refused_and_a_short_one_taken():
    cells = [PLAIN.get(name, "") for name in HEADER]
    contents = understood(as_csv([[*cells, "over"], cells[:13], [*cells, "", ""]]))
    assert codes(contents.refused) == [(2, "too_many_cells"), (4, "same_row")]
    assert codes(contents.warnings)[0] == (3, "short_row")


def test_long_names_are_cut_and_kept_in_full_in_the_summary():
    title = "Watering " * 40
    found, warnings = warned(PLAIN | {NAME: title, BUREAU: "Bureau " * 40})
    assert len(found.title) <= 200
    assert found.summary.startswith(title.strip())
    assert len(found.unit_path[1]) <= 160
    assert warnings == [(2, "title_cut"), (2, "name_cut")]


def test_a_unit_named_like_the_one_above_it_is_the_same_unit():
    assert facts(PLAIN | {AGENCY: "Office of Ponds", BUREAU: "OFFICE OF PONDS"}).unit_path == ("Office of Ponds",)


def test_other_columns_can_be_the_unit():
    assert facts(PLAIN | {OUTPUTS: "Team Rose"}, unit=[BUREAU, OUTPUTS]).unit_path == ("Bureau of Seeds", "Team Rose")


def test_purpose_is_not_needed():
    assert facts(PLAIN | {PURPOSE: "", STAGE: "Planned"}).summary == "Stage in the register: Planned"


SPANISH = """
source = "registro"
title = "Registro de pilotos"
[file]
encodings = ["latin-1"]
separators = [";"]
nothing = ["sin dato"]
[reference]
columns = ["Nº"]
[pilot]
title = "Nombre"
unit = ["Área"]
vendor = "Proveedor"
technology = "Técnica"
monthly_cost = "Coste mensual"
cost_so_far = "Coste total"
decimal_sign = ","
[[pilot.summary]]
column = "Descripción"
[risk_class]
column = "Riesgo"
[risk_class.values]
low = ["bajo"]
high = ["alto"]
[stage]
column = "Fase"
[[stage.rule]]
says = ["en marcha"]
is = "running"
[[stage.rule]]
says = ["parado"]
is = "stopped"
[dates]
formats = ["{day} de {month_name} de {year}", "{day}/{month}/{year}"]
month_names = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
    "agosto", "septiembre", "octubre", "noviembre", "diciembre"]
starts_on = ["Inicio"]
planned_end = ["Fin previsto"]
decision_due = ["Decisión"]
required = ["starts_on"]
"""
SPANISH_HEADER = (
    "Nº",
    "Nombre",
    "Área",
    "Proveedor",
    "Técnica",
    "Coste mensual",
    "Coste total",
    "Descripción",
    "Riesgo",
    "Fase",
    "Inicio",
    "Fin previsto",
    "Decisión",
)


def test_a_register_of_another_shape_needs_only_another_mapping():
    rows = [
        ["17", "Lectura de facturas", "Finanzas", "Sin dato", "OCR", "1.250,50", "EUR 9.000", "Lee y archiva;\nsin más",
         "Alto", "En marcha", "3 de febrero de 2026", "30/06/2026", "15/01/2027"],
        ["18", "Traducción", "Compras", "Íbera", "", "mucho", "", "", "medio", "Parado", "1/2/2025", "", ""],
        ["19", "Búsqueda", "Compras", "", "", "", "", "", "bajo", "En marcha", "pronto", "", ""],
    ]  # fmt: skip
    content = as_csv(rows, header=SPANISH_HEADER, separator=";", encoding="latin-1", line_end="\n")
    contents = read_register(content, register_from(SPANISH), today=TODAY)
    invoices, translation = [row.facts for row in contents.rows]
    assert contents.how == "read as latin-1, separated by semicolons"
    assert invoices.plain() == {
        "title": "Lectura de facturas",
        "summary": "Lee y archiva;\nsin más",
        "unit_path": ["Finanzas"],
        "risk_class": "high",
        "technology": "OCR",
        "vendor": "",
        "monthly_cost": "1250.50",
        "cost_so_far": "9000.00",
        "stage": "awaiting_decision",  # its planned end has passed
        "launched_on": None,
        "retired_on": None,
        "state": "awaiting_decision",
        "starts_on": "2026-02-03",
        "planned_end": "2026-06-30",
        "decision_due": "2027-01-15",
        "due_basis": "agreed",
        "ended_on": None,
    }
    assert (translation.stage, translation.state, translation.vendor) == (Stage.STOPPED, RoundState.PAST, "Íbera")
    assert codes(contents.warnings) == [(4, "risk_unknown"), (4, "amount_unreadable")]
    assert codes(contents.refused) == [(5, "day_required")]
    assert invoices.monthly_cost == Decimal("1250.50")


def test_the_template_reads_its_own_spellings():
    header = ("Reference", "Title", "Unit", "Stage", "Started", "Decision due", "Monthly cost")
    row = ["A-1", "Bees", "Hives", "Running", "3 March 2026", "2026-12-01", "1,200"]
    [found] = understood(as_csv([row], header=header), "generic").rows
    assert (found.facts.stage, found.facts.starts_on, found.facts.decision_due) == (
        Stage.RUNNING, date(2026, 3, 3), date(2026, 12, 1),
    )  # fmt: skip
    assert (found.facts.monthly_cost, found.facts.due_basis) == (Decimal("1200.00"), DueBasis.AGREED)
