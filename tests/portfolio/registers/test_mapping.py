"""Mappings: reading them, and finding their columns."""

import pytest

from portfolio.registers.findings import UnusableError
from portfolio.registers.mapping import shipped
from portfolio.registers.mapping_file import load_register, register_from
from portfolio.states import RiskClass, Stage
from tests.portfolio.registers.writing import HEADER

SMALL = """
source = "small"
title = "A small register"
[reference]
columns = ["No"]
[pilot]
title = "Name"
unit = ["Unit"]
"""


def test_every_shipped_mapping_is_right():
    assert shipped() == ["generic", "us-federal-2024"]
    assert [load_register(name).title_column for name in shipped()] == ["Title", "Use Case Name"]


def test_a_small_mapping_leaves_everything_else_to_its_defaults():
    register = register_from(SMALL)
    assert register.columns() == ["No", "Name", "Unit"]
    assert (register.risk_default, register.stage_default.stage) == (RiskClass.LIMITED, Stage.DRAFT)
    assert register.assumed_due_months == 0


def test_a_mapping_can_be_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert load_register(str(path)).source == "small"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UnusableError, match=r"mine\.toml cannot be read"):
        load_register(str(path))


def test_an_unknown_mapping_names_the_nearest():
    with pytest.raises(UnusableError, match="Nearest: us-federal-2024") as refused:
        load_register("us-federal")
    assert "generic" in refused.value.way_out
    for outside in ("../../pyproject", "/etc/passwd"):
        with pytest.raises(UnusableError, match="There is no mapping"):
            load_register(outside)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("title = ", "titel = "), "The mapping's title is missing"),
        (('unit = ["Unit"]', 'unit = ["Unit"]\nvendr = "V"'), "pilot.vendr is not known; the nearest is vendor"),
        (('unit = ["Unit"]', 'unit = "Unit"'), "pilot.unit must be a list"),
        (('unit = ["Unit"]', 'unit = [""]'), "pilot.unit must be a list of texts"),
        (('unit = ["Unit"]', "unit = []"), "pilot.unit is missing"),
        (("[pilot]", "[extra]\n[pilot]"), "The mapping's extra is not known"),
        (('source = "small"', 'source = "A Small One"'), "source must be a short name"),
        (('source = "small"', "source = 5"), "source must be a text"),
        (('columns = ["No"]', 'columns = ["No"'), "not valid TOML"),
        (("[pilot]", '[file]\nencodings = ["klingon"]\n[pilot]'), "'klingon', which is not known"),
        (("[pilot]", '[file]\nencodings = ["base64"]\n[pilot]'), "no encoding of text"),
        (("[pilot]", '[file]\nseparators = [", "]\n[pilot]'), "separators must hold single characters"),
        (("[pilot]", '[risk_class]\ndefault = "none"\n[pilot]'), "risk_class.default must be one of: low, limited"),
        (("[pilot]", '[risk_class.values]\nlowest = ["a"]\n[pilot]'), "risk_class.values.lowest is not known"),
        (("[pilot]", '[stage]\ndefault = "research"\n[pilot]'), "stage.default must be one of"),
        (("[pilot]", '[[stage.rule]]\nis = "draft"\n[pilot]'), "stage.rule number 1.says is missing"),
        (
            ("[pilot]", '[[stage.rule]]\nsays = ["a"]\nis = "running"\nruns_once_started = true\n[pilot]'),
            "only where the stage is draft",
        ),
        (("[pilot]", "[stage]\nrule = [5]\n[pilot]"), "stage.rule must be a list of tables"),
        (("[pilot]", '[dates]\nformats = ["{day}"]\n[pilot]'), "dates.formats holds a spelling"),
        (("[pilot]", '[dates]\nmonth_names = ["January"]\n[pilot]'), "must be twelve names"),
        (("[pilot]", "[dates]\nfiscal_year_starts = 13\n[pilot]"), "a month from 1 to 12"),
        (("[pilot]", '[dates]\nrequired = ["ends"]\n[pilot]'), "must hold names of days"),
        (("[pilot]", "[dates.assume_decision_due]\nmonths_after_start = -1\n[pilot]"), "from 0 to 1200"),
        (("[pilot]", "[dates.assume_decision_due]\nmonths_after_start = true\n[pilot]"), "a whole number"),
    ],
)
def test_a_mistake_in_a_mapping_is_named_with_its_place(change, what):
    text = SMALL.replace(*change)
    assert text != SMALL
    with pytest.raises(UnusableError) as refused:
        register_from(text)
    assert what in str(refused.value)


def test_columns_are_found_in_spite_of_blanks_case_and_quotes():
    register = load_register("us-federal-2024")
    spelled = [name.upper().replace("\u2019", "'") + " \n" for name in HEADER]
    places = register.places(spelled)
    assert places["Use Case Name"] == 0
    assert len(places) == len(register.columns())


def test_missing_columns_are_named_with_the_nearest():
    register = register_from(SMALL)
    with pytest.raises(UnusableError) as refused:
        register.places(["No", "Names", "Anything"])
    assert "'Name' is missing; the nearest is 'Names'. 'Unit' is missing." in str(refused.value)


def test_a_wanted_column_may_not_come_twice_and_an_optional_one_may_be_missing():
    register = register_from(SMALL.replace("[pilot]", '[file]\noptional = ["Unit"]\n[pilot]'))
    assert register.places(["No", "Name", "Other", "Other"]) == {"No": 0, "Name": 1}
    with pytest.raises(UnusableError, match=r"'Name' is the name of several columns \(2, 3\)"):
        register.places(["No", "Name", "name"])


def test_other_columns_can_stand_for_the_unit():
    register = register_from(SMALL)
    assert register.places(["No", "Name", "Division", "Team"], unit=["Division", "Team"]) == {
        "No": 0, "Name": 1, "Division": 2, "Team": 3,
    }  # fmt: skip
    with pytest.raises(UnusableError, match="'Divison' is missing; the nearest is 'Division'"):
        register.places(["No", "Name", "Division"], unit=["Divison"])
