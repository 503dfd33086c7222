"""Rule: evidence expired."""

import pytest

from gates.rules.evidence_expired import RULE
from gates.rules.facts import EvidenceFacts
from tests.gates.rules.building import TODAY, a_round, ago, facts


def found(*pieces, threshold=1):
    return RULE.find(facts(undecided=a_round(), evidence=pieces), TODAY, threshold)


@pytest.mark.parametrize(
    ("days_over", "threshold", "fires"),
    [(-1, 1, False), (0, 1, False), (1, 1, True), (6, 7, False), (7, 7, True), (0, 0, False)],
)
def test_when_it_fires(days_over, threshold, fires):
    finding = found(EvidenceFacts("Talk of May", ago(days_over)), threshold=threshold)
    assert (finding is not None) == fires
    assert finding is None or finding.since == ago(days_over - 1)


@pytest.mark.parametrize(
    ("expired", "detail"),
    [
        (1, "The evidence “Piece 0” has expired."),
        (2, "“Piece 0” and 1 more piece of evidence have expired."),
        (3, "“Piece 0” and 2 more pieces of evidence have expired."),
    ],
)
def test_it_names_the_first_and_counts_the_others(expired, detail):
    pieces = [EvidenceFacts(f"Piece {number}", ago(9 - number)) for number in range(expired)]
    assert found(*pieces, EvidenceFacts("Still valid", ago(-9))).detail == detail


def test_without_evidence_nothing_expires():
    assert found() is None
