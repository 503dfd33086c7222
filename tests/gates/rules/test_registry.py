"""The registry of rules, and what documents say of it."""

from pathlib import Path

import pytest

from gates.models import Flag
from gates.rules.registry import BY_ID, RULES
from gates.rules.rule import Finding, weighed
from portfolio.gap_kinds import GAPS
from portfolio.states import Severity

DOCUMENT = Path(__file__).parents[3] / "docs" / "drift-rules.md"


def test_every_rule_has_a_name_of_its_own_that_fits_the_flag():
    assert [rule.id for rule in RULES] == list(BY_ID)
    assert all(len(rule.id) <= Flag._meta.get_field("rule").max_length for rule in RULES)


def test_every_rule_says_what_it_is():
    for rule in RULES:
        assert all((rule.title, rule.unit, rule.threshold_means, rule.meaning, rule.clears, rule.hears)), rule.id
        assert rule.smallest <= rule.threshold


@pytest.mark.parametrize(
    ("severity", "mild", "weight"),
    [
        (Severity.SERIOUS, False, Severity.SERIOUS),
        (Severity.SERIOUS, True, Severity.WARNING),
        (Severity.WARNING, True, Severity.INFO),
        (Severity.INFO, True, Severity.INFO),
    ],
)
def test_a_mild_finding_is_a_step_below(severity, mild, weight):
    assert weighed(severity, Finding(detail="It is so.", since=None, mild=mild)) == weight


def documented() -> dict[str, dict[str, str]]:
    """The tables of docs/drift-rules.md: by title, what stands beside each name."""
    tables: dict[str, dict[str, str]] = {}
    title = ""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 2 and cells[0] and set(cells[0]) != {"-"}:
            tables.setdefault(title, {})[cells[0]] = cells[1]
    return tables


def test_the_document_says_of_each_rule_what_the_registry_says():
    assert documented() == {
        rule.title: {
            "Id": f"`{rule.id}`",
            "Severity": rule.severity.label,
            "Threshold": f"{rule.threshold} {rule.unit}",
            "What the threshold counts": rule.threshold_means,
            "What it means": rule.meaning,
            "What clears it": rule.clears,
            "Who hears of it": rule.hears,
        }
        for rule in RULES
        if not rule.family
    }


def test_the_document_lists_every_rule_of_a_family():
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `gap-")] == [
        f"| `{rule.id}` | {rule.severity.label} | {GAPS[rule.find.keywords['code']].what} | {rule.meaning} |"
        for rule in RULES
        if rule.family
    ]


def test_the_document_keeps_the_order_of_the_registry():
    assert list(documented()) == [rule.title for rule in RULES if not rule.family]
