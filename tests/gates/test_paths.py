"""The risk class picks the path through the gates and to the decision."""

import pytest
from django.template.loader import render_to_string

from accounts.states import Function
from gates.states import PATHS, RISK_ORDER, DecisionManner, path_of
from portfolio.models import Pilot
from portfolio.states import RiskClass

#: Function and risk class of the criteria of a gate led by the business.
CRITERIA = [("business", "low"), ("it", "low"), ("hr", "limited"), ("it", "limited"), ("legal", "high")]


@pytest.mark.requirement(35, page="/pilots/P-0001/gates/business-ownership/")
@pytest.mark.parametrize(
    ("risk_class", "name", "signing", "manner", "risk_gate_first"),
    [
        (
            RiskClass.LOW,
            "the fast path",
            [Function.BUSINESS, Function.IT],
            DecisionManner.CHAIR_ON_NOTICE,
            False,
        ),
        (
            RiskClass.LIMITED,
            "the path with added controls",
            [Function.BUSINESS, Function.IT, Function.HR],
            DecisionManner.VOTE,
            False,
        ),
        (
            RiskClass.HIGH,
            "the path of formal approval",
            [Function.BUSINESS, Function.IT, Function.LEGAL, Function.HR],
            DecisionManner.VOTE_IN_MEETING,
            True,
        ),
    ],
)
def test_a_graver_risk_asks_more_functions_and_a_more_formal_decision(
    risk_class, name, signing, manner, risk_gate_first
):
    path = path_of(risk_class)
    assert (path.name, path.signing("business", CRITERIA), path.manner, path.risk_gate_first) == (
        name,
        signing,
        manner,
        risk_gate_first,
    )


def test_the_leading_function_signs_even_where_nothing_of_its_own_is_required():
    assert path_of("low").signing("risk", CRITERIA) == [Function.BUSINESS, Function.IT, Function.RISK]


def test_each_path_requires_what_the_lighter_ones_do():
    required = [[least for least in RISK_ORDER if path_of(risk).requires(least)] for risk in RISK_ORDER]
    assert required == [["low"], ["low", "limited"], ["low", "limited", "high"]]


@pytest.mark.parametrize("risk_class", RISK_ORDER)
def test_the_page_says_which_path_and_why(risk_class):
    path = path_of(risk_class)
    context = {"path": path, "pilot": Pilot(risk_class=risk_class), "signing": ["Business", "IT"]}
    text = " ".join(render_to_string("gates/partials/path.html", context).split())
    assert f"its gates take <strong>{PATHS[risk_class]}</strong>. {path.why}" in text
    assert "2 functions for this gate: Business, IT." in text
    assert path.decision in text
