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


#: What each requirement asks, item by item, with the criterion that asks it of a pilot.
ASKED = {
    29: {
        "process outcomes": "process-outcome-owner",
        "adoption": "adoption-owner",
        "operational decisions": "daily-decisions",
        "exceptions": "exceptions-owner",
    },
    30: {
        "representative data": "representative-data",
        "shared definitions across units": "shared-definitions",
        "data owner": "data-owner",
        "quality": "quality-limits",
        "access": "limited-access",
        "security": "secured-data",
        "stable delivery": "stable-delivery",
        "owner of the knowledge base": "knowledge-base-owner",
    },
    31: {
        "systems, interfaces": "supported-interfaces",
        "decision points, queues": "decision-points-and-queues",
        "escalation": "escalation-path",
        "permissions": "own-permissions",
        "event logging": "traceable-events",
        "prompt and model versions": "recorded-versions",
        "monitoring": "technical-watch",
        "fallback": "fallback",
        "architecture compliance": "architecture-agreement",
        "recommends or acts": "recommends-or-acts",
    },
    32: {
        "baseline": "baseline",
        "process volume": "process-volume",
        "cost of an error": "cost-of-an-error",
        "cost of review": "cost-of-review",
        "adoption": "use-in-numbers",
        "quality": "output-quality",
        "operational risk": "operational-risk",
        "maintenance cost": "running-cost",
        "saved time becomes capacity": "saved-time-becomes-capacity",
    },
    33: {
        "work standards": "work-standards",
        "training": "training-in-the-job",
        "feedback loop": "feedback-loop",
        "manager support": "manager-support",
        "time to adapt": "time-to-adapt",
        "who owns mistakes": "ownership-of-mistakes",
        "when output may be used unverified": "unverified-use",
    },
    34: {
        "risk class": "risk-class",
        "documentation": "plain-documentation",
        "monitoring": "watching-outcomes",
        "control owners": "named-controls",
        "accountability after launch": "accountable-after-launch",
        "disclosure to customers": "disclosure",
    },
}


@pytest.mark.requirement(29, 30, 31, 32, 33, 34, page="/settings/gate-sets/1/")
@pytest.mark.parametrize(("requirement", "gate"), list(zip(ASKED, GATES, strict=True)), ids=[str(one) for one in ASKED])
def test_every_item_of_a_requirement_has_a_criterion_of_its_own_in_its_gate(
    requirement: int, gate: dict[str, Any]
) -> None:
    asking = list(ASKED[requirement].values())
    assert [slug for slug in asking if slug not in {criterion["slug"] for criterion in gate["criterion"]}] == []
    assert len(asking) == len(set(asking))


@pytest.mark.requirement(40, page="/settings/gate-sets/1/")
def test_adoption_counts_outside_the_pilot_team_and_apart_from_volunteers() -> None:
    [asked] = [criterion for criterion in CRITERIA if criterion["slug"] == "use-beyond-volunteers"]
    assert asked["statement"] == (
        "People outside the pilot team, who did not volunteer, have used it in their ordinary work."
    )
    assert (asked["mandatory_from"], asked["evidence_required"]) == ("low", True)


@pytest.mark.requirement(41, page="/settings/gate-sets/1/")
def test_the_changed_way_of_working_is_agreed_by_the_teams_it_affects() -> None:
    [asked] = [criterion for criterion in CRITERIA if criterion["slug"] == "agreed-workflow"]
    assert asked["statement"] == "The changed way of working is written down and agreed by every team that it affects."
    assert (asked["mandatory_from"], asked["evidence_required"]) == ("low", True)


@pytest.mark.requirement(28, page="/settings/gate-sets/1/")
def test_every_criterion_says_what_convinces_and_what_does_not_count() -> None:
    assert [one["slug"] for one in CRITERIA if not (one["convincing"] and one["not_enough"])] == []
    assert [one["slug"] for one in CRITERIA if one["convincing"] == one["not_enough"]] == []
