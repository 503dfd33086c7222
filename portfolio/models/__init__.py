from portfolio.models.amendment import Amendment
from portfolio.models.assignment import Assignment
from portfolio.models.blocker import Blocker, BlockerReport
from portfolio.models.business_case import Assumption, BenefitLine, BusinessCase, CostLine
from portfolio.models.change_plan import ChangePlan, Friction
from portfolio.models.contract import Contract
from portfolio.models.diagnosis import Diagnosis
from portfolio.models.intervention import Intervention
from portfolio.models.measurement import Measurement
from portfolio.models.numbering import Counter
from portfolio.models.pilot import Pilot
from portfolio.models.register_entry import RegisterEntry
from portfolio.models.round import Round
from portfolio.models.scope_item import ScopeItem
from portfolio.models.standing import Standing
from portfolio.models.status_update import StatusUpdate
from portfolio.models.success_criterion import SuccessCriterion

__all__ = [
    "Amendment",
    "Assignment",
    "Assumption",
    "BenefitLine",
    "Blocker",
    "BlockerReport",
    "BusinessCase",
    "ChangePlan",
    "Contract",
    "CostLine",
    "Counter",
    "Diagnosis",
    "Friction",
    "Intervention",
    "Measurement",
    "Pilot",
    "RegisterEntry",
    "Round",
    "ScopeItem",
    "Standing",
    "StatusUpdate",
    "SuccessCriterion",
]
