"""What the file says to the six tests, rule by rule, and which rule it was (requirement 43)."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from gates.clinic_tests import ClinicFile, read_tests
from portfolio.change_log import Change
from portfolio.production_build import Piece
from portfolio.states import Authority, LampState, MetricKind, Part, Progress, ScopeKind, ScopeState
from portfolio.stuck import StuckPattern
from tests.gates.clinic.building import NO, UNSURE, YES


def holder(name="Ada", *, pk=1, active=True, authority=Authority.DIRECTS):
    person = SimpleNamespace(is_active=active, __str__=lambda _: name)
    return SimpleNamespace(person=person, person_id=pk, authority=authority)


def piece(state=None, owner=None):
    item = SimpleNamespace(state=state, owner=owner) if state else None
    return Piece(ScopeKind.INTEGRATION, item)


def criterion(kind=MetricKind.BUSINESS, *, state=Progress.MET, baseline=Decimal(5), values=(1,)):
    now = SimpleNamespace(kind=kind)
    return SimpleNamespace(
        metric="Days", agreed=SimpleNamespace(now=now), state=state, baseline=baseline, target=Decimal(1),
        values=list(values), sentence="3 days.",
    )  # fmt: skip


def plan(**said):
    return SimpleNamespace(**{"what_changes": "", "steps_after": "", **said})


def read(pattern, **changes):
    facts = {
        "holders": {}, "integration": piece(), "lamp": LampState.NOT_STARTED, "agreed": {},
        "change": Change(None, []), "criteria": [], "adoption": None,
    }  # fmt: skip
    readings = {one.pattern: one for one in read_tests(ClinicFile(**{**facts, **changes}))}
    assert list(readings) == list(StuckPattern)
    assert all(one.rule and one.says for one in readings.values())
    return readings[pattern].proposed


SPONSOR, OWNER, PROCESS = Part.EXECUTIVE_SPONSOR, Part.BUSINESS_OWNER, Part.PROCESS_OWNER


@pytest.mark.parametrize(
    ("holders", "says"),
    [
        ({}, NO),
        ({SPONSOR: holder(active=False)}, NO),
        ({SPONSOR: holder(), OWNER: holder()}, NO),
        ({SPONSOR: holder(authority=Authority.REQUESTS)}, NO),
        ({SPONSOR: holder(authority=Authority.UNKNOWN)}, UNSURE),
        ({SPONSOR: holder(), OWNER: holder(pk=2)}, YES),
    ],
)
def test_sponsor(holders, says):
    assert read(StuckPattern.NO_SPONSOR, holders=holders) == says


@pytest.mark.parametrize(
    ("lamp", "state", "owner", "says"),
    [
        (LampState.NOT_STARTED, None, None, NO),
        (LampState.NOT_PASSED, ScopeState.SCOPED, None, NO),
        (LampState.IN_REVIEW, ScopeState.SCOPED, "Ada", UNSURE),
        (LampState.IN_REVIEW, ScopeState.BUILDING, "Ada", UNSURE),
        (LampState.NOT_STARTED, ScopeState.READY, None, YES),
        (LampState.NOT_STARTED, ScopeState.NOT_NEEDED, None, YES),
        (LampState.PASSED, None, None, YES),
        (LampState.CONDITIONAL, None, None, YES),
    ],
)
def test_integration(lamp, state, owner, says):
    assert read(StuckPattern.NO_INTEGRATION, lamp=lamp, integration=piece(state, owner)) == says


@pytest.mark.parametrize(
    ("inside", "outside", "says"),
    [(5, None, UNSURE), (5, 0, NO), (5, 4, UNSURE), (5, 5, YES), (None, 3, UNSURE)],
)
def test_users(inside, outside, says):
    update = SimpleNamespace(users_inside=inside, users_outside=outside)
    assert read(StuckPattern.ENTHUSIASTS, adoption=update, agreed={"team_in_pilot": "Volunteers."}) == says
    assert read(StuckPattern.ENTHUSIASTS) == UNSURE


@pytest.mark.parametrize(
    ("impact", "drafted", "holders", "says"),
    [
        ("", None, {}, NO),
        ("Two steps fewer.", None, {}, NO),
        ("", plan(what_changes="All.", steps_after="One."), {PROCESS: holder()}, NO),
        ("Two steps fewer.", plan(what_changes="All.", steps_after="One."), {}, UNSURE),
        ("Two steps fewer.", plan(what_changes="All."), {PROCESS: holder()}, UNSURE),
        ("Two steps fewer.", plan(what_changes="All.", steps_after="One."), {PROCESS: holder()}, YES),
    ],
)
def test_workflow(impact, drafted, holders, says):
    chafes = [SimpleNamespace(closed_at=None)]
    file = {"agreed": {"workflow_impact": impact}, "change": Change(drafted, chafes), "holders": holders}
    assert read(StuckPattern.WORKFLOW, **file) == says


@pytest.mark.parametrize(
    ("criteria", "says"),
    [
        ([], NO),
        ([criterion(MetricKind.ACTIVITY)], NO),
        ([criterion(baseline=None)], NO),
        ([criterion(values=())], UNSURE),
        ([criterion(MetricKind.MODEL), criterion()], YES),
    ],
)
def test_metrics(criteria, says):
    assert read(StuckPattern.METRICS, criteria=criteria) == says


@pytest.mark.parametrize(
    ("state", "used", "volume", "says"),
    [
        (Progress.NO_MOVEMENT, "live", "Many.", NO),
        (Progress.MOVING_AWAY, "", "", NO),
        (Progress.ON_THE_WAY, "curated", "Many.", NO),
        (Progress.MET, "curated", "Many.", UNSURE),
        (Progress.ON_THE_WAY, "live", "Many.", UNSURE),
        (Progress.MET, "live", "", UNSURE),
        (Progress.MET, "live", "Many.", YES),
        (Progress.MET, "representative", "Many.", YES),
    ],
)
def test_use_case(state, used, volume, says):
    agreed = {"data_used": used, "volume_at_scale": volume, "commitment": "no"}
    assert read(StuckPattern.WRONG_USE_CASE, criteria=[criterion(state=state)], agreed=agreed) == says
    assert read(StuckPattern.WRONG_USE_CASE, criteria=[criterion(state=state, values=())]) == UNSURE
