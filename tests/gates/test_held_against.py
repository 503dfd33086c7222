"""What a decision is held against: the findings, what speaks for each outcome, the checklist."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from gates.grounds import GateGround, Grounds
from gates.holding_against import against_the_findings, override_obstacles
from gates.scale_checks import proposed_answers
from gates.states import ScaleCheck
from gates.suggestions import suggestions
from portfolio.states import Outcome, Progress

PASSED, NOT_PASSED = (GateGround("Production data", state, "data") for state in ("passed", "not_passed"))


def criterion(metric, state, *, baseline=1, kind="business"):
    now = SimpleNamespace(kind=kind)
    return SimpleNamespace(metric=metric, state=state, number=1, baseline=baseline, agreed=SimpleNamespace(now=now))


MET, UNMET = criterion("Minutes", Progress.MET), criterion("Errors", Progress.NO_MOVEMENT)
MOVING = criterion("Letters", Progress.ON_THE_WAY)
UNKNOWN = criterion("Users", Progress.NO_MEASUREMENT, baseline=None)


def case(worth) -> SimpleNamespace:
    return SimpleNamespace(
        number=2, net_present_value=Decimal(worth), horizon_years=5, plans={"integration_plan": "One interface."}
    )


@pytest.mark.parametrize(
    ("outcome", "grounds", "said"),
    [
        (Outcome.SCALE, Grounds(met=[MET], gates=[PASSED]), ""),
        (Outcome.SCALE, Grounds(gates=[PASSED]), "No success criterion was agreed."),
        (Outcome.SCALE, Grounds(met=[MET], unmet=[UNMET], gates=[PASSED]), "1 of 2 criteria is not met."),
        (Outcome.SCALE, Grounds(met=[MET], gates=[PASSED, NOT_PASSED]), "Not passed: Production data."),
        (Outcome.SCALE, Grounds(met=[MET]), "No gate was reviewed."),
        (Outcome.STOP, Grounds(met=[MET], unmet=[UNMET]), ""),
        (Outcome.STOP, Grounds(), ""),
        (Outcome.STOP, Grounds(met=[MET]), "Every criterion is met."),
        (Outcome.REDESIGN, Grounds(met=[MET]), "Every criterion is met."),
        (Outcome.RESEARCH, Grounds(met=[MET]), "Every criterion is met."),
    ],
)
@pytest.mark.requirement(54, page="/pilots/P-0001/decide/")
def test_going_against_the_findings_needs_a_reason(outcome, grounds, said):
    assert against_the_findings(outcome, grounds) == said
    assert [one.code for one in override_obstacles(outcome, grounds, " ")] == (["override_reason"] if said else [])
    assert override_obstacles(outcome, grounds, "We know.") == []


def facts(outcome, **grounds) -> list[tuple[bool, str]]:
    found = next(one for one in suggestions(Grounds(**grounds)) if one.outcome == outcome)
    return [(ground.speaks_for, ground.fact) for ground in found.grounds]


@pytest.mark.parametrize(
    ("outcome", "grounds", "found"),
    [
        (Outcome.SCALE, {"met": [MET], "gates": [PASSED], "case": case(9), "production_owner": "Ada"},
         [(True, "All 1 criteria are met."), (True, "All 1 are."),
          (True, "Version 2 of the case shows a likely net value above nothing."), (True, "Ada is named.")]),
        (Outcome.SCALE, {"unmet": [UNMET], "gates": [NOT_PASSED]},
         [(False, "1 of 1 criteria are not met: Errors."), (False, "1 of 1 gates are not: Production data."),
          (False, "No business case is submitted."), (False, "Nobody is named.")]),
        (Outcome.REDESIGN, {"met": [MET], "unmet": [MOVING], "gates": [NOT_PASSED]},
         [(True, "1 met, 1 not."), (True, "On the way: Letters."), (True, "Production data.")]),
        (Outcome.REDESIGN, {"met": [MET]}, [(False, "Every criterion is met.")]),
        (Outcome.STOP, {"unmet": [UNMET], "case": case(-9)},
         [(True, "Errors."), (True, "The likely net value of the case is not above nothing.")]),
        (Outcome.STOP, {"met": [MET], "case": case(9)},
         [(False, "1 of 1 criteria are met."), (False, "The likely net value of the case is above nothing.")]),
        (Outcome.RESEARCH, {"unmet": [UNKNOWN], "sponsor": "Ada"},
         [(True, "Not measured, or without a baseline: Users."),
          (True, "Ada sponsors it; no production owner is named.")]),
        (Outcome.RESEARCH, {"met": [MET], "production_owner": "Bo"},
         [(False, "Every criterion has been measured."), (False, "Bo would run it.")]),
    ],
)  # fmt: skip
def test_what_speaks_for_and_against_each_outcome(outcome, grounds, found):
    assert facts(outcome, **grounds) == found


@pytest.mark.requirement(13, page="/pilots/P-0001/decide/")
@pytest.mark.requirement(51, page="/pilots/P-0001/decide/")
def test_four_outcomes_in_their_order_each_with_what_was_agreed_up_front():
    contract = SimpleNamespace(now={f"{outcome.value}_if": f"If {outcome.value}." for outcome in Outcome})
    found = suggestions(Grounds(contract=contract))
    assert [(one.outcome, one.agreed) for one in found] == [
        (Outcome(value), f"If {value}.") for value in ("scale", "redesign", "stop", "research")
    ]


@pytest.mark.requirement(55, page="/pilots/P-0001/decide/")
def test_the_checklist_is_answered_from_the_file_with_what_it_rests_on():
    full = Grounds(
        met=[MET], case=case(9), sponsor="Ada", sponsor_directs=True, has_change_plan=True,
        status=SimpleNamespace(adoption=[SimpleNamespace(users_outside=31)], blockers=[]),
    )  # fmt: skip
    assert [one.item for one in proposed_answers(full)] == list(ScaleCheck)
    assert {one.answer for one in proposed_answers(full)} == {"yes"}
    assert (
        proposed_answers(full)[2].because
        == "31 people outside the pilot team used it, by the last update that says so."
    )
    blocked = SimpleNamespace(adoption=[], blockers=[SimpleNamespace(blocker=SimpleNamespace(text="No access."))])
    answers = proposed_answers(Grounds(unmet=[UNKNOWN], sponsor="Ada", status=blocked, case=case(-1)))
    assert [(one.answer, one.because) for one in answers] == [
        ("no", "Ada has not said to direct the budget."),
        ("yes", "The business case has an integration plan."),
        ("no", "No update tells of users outside the pilot team."),
        ("no", "No change plan is written."),
        ("no", "1 of 1 criteria have no baseline."),
        ("no", "The likely net present value over 5 years is not above nothing."),
        ("no", "Still blocked: No access."),
    ]
