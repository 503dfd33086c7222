"""What a contract lacks."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.gap_kinds import GAPS
from portfolio.gaps import GapFacts, gaps_of, open_gaps
from portfolio.models import Standing
from portfolio.questions import QUESTIONS
from portfolio.states import Part
from tests import building

START = date(2026, 11, 2)
NEEDED = (
    Part.EXECUTIVE_SPONSOR, Part.BUSINESS_OWNER, Part.PRODUCTION_OWNER, Part.USING_TEAM_SPONSOR, Part.QUALITY_REVIEWER,
    Part.IT_PARTNER, Part.PROCESS_OWNER,
)  # fmt: skip
CRITERION = {"baseline": 55, "target": 30, "kind": "business"}


def whole(**changes) -> GapFacts:
    """The facts of a round whose contract lacks nothing, with changes."""
    answers: dict[str, object] = dict.fromkeys(QUESTIONS, "Claims desk Lille, 14 people")
    answers |= {"commitment": "yes", "commitment_budget": 40000, "users_involved_in": ["design"]}
    facts = {
        "pilot": 1, "vendor": "Corvane", "starts_on": START, "planned_end": START, "decision_due": START,
        "contract": answers | changes.pop("answers", {}), "criteria": [CRITERION],
        "parts": {part: [(number, START)] for number, part in enumerate(NEEDED)} | changes.pop("held", {}),
    }  # fmt: skip
    return GapFacts(**(facts | changes))


def codes(facts: GapFacts) -> list[str]:
    return [gap.code for gap in gaps_of(facts)]


def test_a_whole_contract_lacks_nothing():
    assert codes(whole()) == []


@pytest.mark.requirement(1, 2, 3, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 23, 24, page="/pilots/P-0001/contract/")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"answers": {"adopting_team": ""}}, ["adopting_team"]),
        pytest.param({"answers": {"integration_to_build": " "}}, ["integration_to_build"]),
        pytest.param({"answers": {"owner_then": "tbd"}}, ["owner_then"]),
        pytest.param({"answers": {"commitment": ""}}, ["commitment"]),
        pytest.param({"answers": {"committed_by": ""}}, ["commitment"]),
        pytest.param({"answers": {"commitment_budget": None}}, ["commitment"]),
        pytest.param({"answers": {"commitment": "no", "commitment_budget": None, "commitment_timeline": ""}}, [],
            id="an honest no is whole",
        ),
        pytest.param({"criteria": []}, ["criteria", "business_metric"]),
        pytest.param({"criteria": [CRITERION, CRITERION | {"baseline": None}]}, ["baseline"]
        ),
        pytest.param({"criteria": [CRITERION | {"baseline": 0}]}, [], id="a baseline of nought is one"),
        pytest.param({"criteria": [CRITERION | {"target": None}]}, ["target"]),
        pytest.param({"criteria": [CRITERION | {"kind": "model"}]}, ["business_metric"]
        ),
        pytest.param({"decision_due": None}, ["window"]),
        pytest.param({"answers": {"stop_if": ""}}, ["decision_conditions"]),
        pytest.param({"answers": {"users_in_production": ""}}, ["pilot_conditions"]),
        pytest.param({"answers": {"data_used": ""}}, ["data_used"]),
        pytest.param({"answers": {"vendor_support_after": ""}}, ["vendor_support"]),
        pytest.param({"answers": {"vendor_support_after": ""}, "vendor": ""}, [], id="no vendor, nothing to say"),
        pytest.param({"answers": {"value_hypothesis": ""}}, ["value_hypothesis"]),
        pytest.param({"answers": {"measurement_plan": "?"}}, ["measurement_plan"]),
        pytest.param({"answers": {"breadth_at_scale": ""}}, ["scale"]),
        pytest.param({"answers": {"users_involved_in": []}}, ["user_involvement"]),
        pytest.param({"answers": {"escalation_path": ""}}, ["escalation_path"]),
        pytest.param({"answers": {"workflow_impact": ""}}, ["workflow_impact"]),
        pytest.param({"held": {Part.BUSINESS_OWNER: []}}, ["owner"]),
        pytest.param({"held": {Part.EXECUTIVE_SPONSOR: []}}, ["sponsor"]),
        pytest.param({"held": {Part.EXECUTIVE_SPONSOR: [(1, START)]}}, ["sponsor_is_owner"]),
        pytest.param({"held": {Part.USING_TEAM_SPONSOR: [(0, START)]}}, ["using_team_sponsor"],
            id="not the same sponsor",
        ),
        pytest.param({"held": {Part.IT_PARTNER: []}}, ["it_partner"]),
        pytest.param({"held": {Part.IT_PARTNER: [(5, date(2026, 11, 3))]}}, ["it_partner_late"]
        ),
    ],
)  # fmt: skip
def test_what_is_a_gap(changes, expected):
    assert codes(whole(**changes)) == expected


def test_a_placeholder_is_named():
    (gap,) = gaps_of(whole(answers={"owner_then": "We'll figure it out"}))
    assert gap.what == "It is not said who owns it if it works. “We'll figure it out” says nothing yet."
    assert gap.cost == "What works without an owner drifts."


def test_every_gap_can_be_found():
    empty = GapFacts(1, "Corvane", None, None, None, contract={}, criteria=[], parts={})
    late = {"sponsor_is_owner", "it_partner_late", "baseline", "target"}
    assert set(codes(empty)) == GAPS.keys() - late


def test_standing_keeps_the_codes_of_the_open_round(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    kept = Standing.objects.get(pilot=pilot).gaps
    assert kept == [gap.code for gap in open_gaps(pilot.pk)]
    assert ("owner" in kept, "production_owner" in kept) == (False, True)


def test_gaps_of_many_take_one_statement(cast, today, now):
    for title in ("One", "Two"):
        building.proposed(cast, today=today, now=now, title=title)
    with CaptureQueriesContext(connection) as captured:
        assert len(open_gaps(Standing.objects.first().pilot_id)) > 0
    assert len(captured) == 2  # which pilot, and its gaps
