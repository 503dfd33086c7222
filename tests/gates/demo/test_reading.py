"""The demo as it is written: nothing in it may contradict itself."""

import pytest

from gates.demo.reading import organisation, written_pilots
from gates.publishing import first_set
from gates.states import CONCLUSIONS, RISK_ORDER, Finding, StopReason
from portfolio.states import LampState, Outcome, Part, RiskClass, Stage, Visibility

PILOTS = written_pilots()
PEOPLE = {person["key"]: person for person in organisation()["person"]}
CRITERIA = {
    gate["slug"]: {criterion["slug"]: criterion["mandatory_from"] for criterion in gate["criterion"]}
    for gate in first_set()["gate"]
}
each_pilot = pytest.mark.parametrize("pilot", PILOTS, ids=lambda pilot: pilot.key)


def steps(pilot, kind):
    return [step for step in pilot.steps if step.kind == kind]


def test_twelve_people_sign_in_and_cover_every_role():
    assert len([person for person in PEOPLE.values() if person.get("sign_in")]) == 12
    roles = {role for person in PEOPLE.values() for role in person.get("roles", [])}
    assert roles == {"administrator", "portfolio_manager", "auditor", "viewer"}
    functions = {function for person in PEOPLE.values() for function in person.get("reviews", [])}
    assert functions == {"business", "it", "data", "risk", "legal", "hr", "operations"}
    assert {PEOPLE[key].get("time_zone", "Europe/Paris") for key in ("agnes", "daniel", "mei")} == {
        "Europe/Paris",
        "America/New_York",
        "Asia/Tokyo",
    }


def test_every_address_is_of_a_reserved_domain():
    assert [p["email"] for p in PEOPLE.values() if not p["email"].endswith("@example.org")] == []


def test_sixty_pilots_in_every_stage_of_every_risk():
    assert 60 <= len(PILOTS) <= 70
    assert len({pilot.key for pilot in PILOTS}) == len({p.facts["title"] for p in PILOTS}) == len(PILOTS)
    assert {pilot.stage for pilot in PILOTS} == set(Stage)
    assert {pilot.facts["risk_class"] for pilot in PILOTS} == set(RiskClass)


def test_every_outcome_and_every_reason_to_stop_occurs():
    told = [step.told for pilot in PILOTS for step in steps(pilot, "decision")]
    assert {decision["outcome"] for decision in told} == set(Outcome)
    assert {decision.get("reason") for decision in told} - {None} == set(StopReason)


@each_pilot
def test_facts_are_complete(pilot):
    assert pilot.facts["summary"].count(".") >= 2 or "; " in pilot.facts["summary"]
    assert len(pilot.facts["title"]) <= 60
    assert pilot.facts.get("visibility", "open") in Visibility.values
    assert pilot.stage in Stage.values
    assert set(pilot.people.values()) <= set(PEOPLE)
    assert pilot.people[Part.BUSINESS_OWNER] != pilot.people[Part.EXECUTIVE_SPONSOR]


@each_pilot
def test_history_is_past_and_one_thing_happens_a_day(pilot):
    days = [step.day for step in pilot.steps]
    assert days == sorted(set(days))
    assert days[-1] < 0
    assert pilot.steps[0].kind == "proposed"
    assert days[0] > organisation()["organisation"]["founded_day"]


@each_pilot
def test_the_chair_has_no_part_and_decides_on_meeting_days(pilot):
    assert organisation()["committee"][0]["chair"] not in pilot.people.values()
    assert [step.day for step in steps(pilot, "decision") if (step.day + 14) % 28] == []


@each_pilot
def test_findings_are_of_criteria_that_this_risk_asks_for(pilot):
    for step in steps(pilot, "gate"):
        assert step.told["result"] in {*CONCLUSIONS, LampState.IN_REVIEW}
        asked = CRITERIA[step.told["gate"]]
        for criterion, (finding, comment) in step.told.get("findings", {}).items():
            assert RISK_ORDER.index(asked[criterion]) <= RISK_ORDER.index(pilot.facts["risk_class"]), criterion
            assert finding in Finding.values
            assert comment
        if step.told["result"] != LampState.PASSED:
            assert step.told["findings"]


@each_pilot
def test_a_stop_is_told_with_respect(pilot):
    for step in steps(pilot, "decision"):
        text = f"{step.told['rationale']} {step.told.get('learnings', '')}".lower()
        assert "fail" not in text
        assert "mistake" not in text
