from gates.models.committee import Committee, CommitteeSeat
from gates.models.decision import Decision
from gates.models.digest import DigestRun
from gates.models.drift import Flag, RuleSetting
from gates.models.gate_set import Criterion, Gate, GateSet
from gates.models.review import Assessment, GateReview, Reviewer

__all__ = [
    "Assessment",
    "Committee",
    "CommitteeSeat",
    "Criterion",
    "Decision",
    "DigestRun",
    "Flag",
    "Gate",
    "GateReview",
    "GateSet",
    "Reviewer",
    "RuleSetting",
]
