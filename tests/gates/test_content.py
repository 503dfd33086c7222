"""Gate set 1 as it ships: its shape, and the law of plain words."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).parents[2] / "gates" / "content" / "gate_set_1.toml"
GATE_SET: dict[str, Any] = tomllib.loads(CONTENT.read_text(encoding="utf-8"))
GATES: list[dict[str, Any]] = GATE_SET["gate"]
CRITERIA: list[dict[str, Any]] = [criterion for gate in GATES for criterion in gate["criterion"]]
FUNCTIONS = {"business", "it", "data", "risk", "legal", "hr", "operations"}
RISK_CLASSES = ["low", "limited", "high"]
TEXTS = [gate["question"] for gate in GATES] + [
    criterion[key] for criterion in CRITERIA for key in ("statement", "convincing", "not_enough")
]
# Words of the trade that hide the question instead of asking it, and figures nobody here has measured.
JARGON = re.compile(
    r"\b(stakeholders?|leverag\w*|synerg\w*|holistic\w*|robust\w*|seamless\w*|best practices?|kpis?|roi|slas?|"
    r"raci|use cases?|pipelines?|deliverables?|onboard\w*|utili[sz]\w*|mlops|llms?|go-live|sign-off|"
    r"buy-in|empower\w*|end-user\w*)\b|%",
    re.IGNORECASE,
)


@pytest.mark.requirement(25, page="/pilots/P-0001/gates/business-ownership/")
def test_six_gates_in_their_order() -> None:
    assert [(gate["number"], gate["slug"]) for gate in GATES] == [
        (1, "business-ownership"),
        (2, "production-data"),
        (3, "workflow-integration"),
        (4, "value-measurement"),
        (5, "adoption-and-change"),
        (6, "governance-and-risk"),
    ]
    assert GATE_SET["version"] == 1


def test_every_gate_asks_one_question() -> None:
    assert [gate["slug"] for gate in GATES if gate["question"].count("?") != 1] == []
    assert {gate["lead_function"] for gate in GATES} <= FUNCTIONS


def test_every_gate_has_seven_to_eleven_criteria() -> None:
    assert {gate["slug"]: len(gate["criterion"]) for gate in GATES if not 7 <= len(gate["criterion"]) <= 11} == {}


def test_every_function_has_a_say() -> None:
    assert {criterion["function"] for criterion in CRITERIA} == FUNCTIONS


def test_the_leading_function_judges_in_its_own_gate() -> None:
    absent = [
        gate["slug"]
        for gate in GATES
        if gate["lead_function"] not in {criterion["function"] for criterion in gate["criterion"]}
    ]
    assert absent == []


def test_a_higher_risk_class_asks_more_and_a_low_one_three_or_four() -> None:
    for gate in GATES:
        levels = [criterion["mandatory_from"] for criterion in gate["criterion"]]
        assert set(levels) == set(RISK_CLASSES), gate["slug"]
        assert 3 <= levels.count("low") <= 4, gate["slug"]


def test_criteria_are_complete_and_slugs_unique() -> None:
    keys = {
        "slug",
        "statement",
        "convincing",
        "not_enough",
        "function",
        "mandatory_from",
        "evidence_required",
        "evidence_valid_days",
    }
    assert [criterion["slug"] for criterion in CRITERIA if set(criterion) != keys] == []
    slugs = [criterion["slug"] for criterion in CRITERIA]
    assert len(slugs) == len(set(slugs))
    assert [slug for slug in slugs if not re.fullmatch(r"[a-z]+(-[a-z]+)*", slug)] == []
    assert [c["slug"] for c in CRITERIA if c["evidence_valid_days"] < 0] == []


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_plain(text: str) -> None:
    assert JARGON.search(text) is None
    assert text[0].isupper()
    assert text[-1] in ".?"
    assert len(text) <= 160
