"""Gaps with which a round was started."""

import pytest

from gates.models import Flag
from gates.open_flags import one_for_each_family, shown
from gates.rules.contract_gaps import RULES
from gates.rules.registry import BY_ID
from gates.rules.rule import Finding
from gates.scanning import scan
from portfolio.amending import amend_contract
from portfolio.starting import start_round
from portfolio.states import Severity
from tests import building
from tests.gates.rules.building import TODAY, a_round, ago, facts

OWNER_THEN = BY_ID["gap-owner-then"]


@pytest.mark.parametrize(
    ("known", "threshold", "expected"),
    [
        ({"undecided": a_round(), "gaps": frozenset({"owner_then"})}, 0, TODAY),
        ({"undecided": a_round(), "gaps": frozenset({"adopting_team"})}, 0, None),
        ({"undecided": a_round()}, 0, None),
        ({"gaps": frozenset({"owner_then"})}, 0, None),
        ({"undecided": a_round(starts_on=ago(7)), "gaps": frozenset({"owner_then"})}, 7, ago(7)),
        ({"undecided": a_round(starts_on=ago(6)), "gaps": frozenset({"owner_then"})}, 7, None),
    ],
    ids=["open", "another one", "none", "nothing undecided", "on the day", "the day before"],
)
def test_found_while_the_gap_is_open(known, threshold, expected):
    found = OWNER_THEN.find(facts(**known), TODAY, threshold)
    assert found == (expected and Finding(detail="It is not said who owns it if it works.", since=expected))


def start(cast, pilot, *, today, now, **more):
    start_round(actor=cast.alice, pilot=pilot, starts_on=today, planned_end=today, decision_due=today, now=now, **more)
    scan(actor=None, today=today, now=now)


@pytest.mark.requirement(2, page="/pilots/P-0001/")
def test_a_start_that_accepts_gaps_is_flagged_until_they_are_closed(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    start(cast, pilot, today=today, now=now, accept_gaps=True)
    flags = Flag.objects.filter(pilot=pilot, closed_on=None, rule__startswith="gap-")
    assert "gap-owner-then" in flags.values_list("rule", flat=True)
    assert flags.count() == len(pilot.open_round().contract.gaps_at_start) <= len(RULES)
    amend_contract(
        actor=cast.alice, pilot=pilot, approver=cast.sponsor, reason="Now known.", seen=0, now=now,
        owner_then="Head of claims",
    )  # fmt: skip
    scan(actor=None, today=today, now=now)
    assert "gap-owner-then" not in flags.values_list("rule", flat=True)


def test_drafts_and_rounds_not_started_here_are_not_flagged(cast, today, now):
    building.proposed(cast, today=today, now=now)
    start(cast, building.proposed(cast, today=today, now=now), today=today, now=now)
    assert not Flag.objects.filter(rule__startswith="gap-").exists()


def test_lists_show_the_gaps_of_a_pilot_as_one_line(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    start(cast, pilot, today=today, now=now, accept_gaps=True)
    total = Flag.objects.filter(rule__startswith="gap-").count()
    (row,) = shown(list(one_for_each_family(Flag.objects.filter(rule__startswith="gap-"))), today)
    assert (row.flag.severity, len(row.further)) == (Severity.WARNING, total - 1)
