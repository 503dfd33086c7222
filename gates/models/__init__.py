from gates.models.committee import Committee, CommitteeSeat
from gates.models.decision import Decision
from gates.models.digest import DigestRun
from gates.models.drift import Flag, RuleSetting
from gates.models.evidence import Evidence, EvidenceUse, StoredFile, Withdrawal
from gates.models.gate_set import Criterion, Gate, GateSet
from gates.models.precedent import Precedent, PrecedentWithdrawal
from gates.models.review import Assessment, GateReview, Reviewer
from gates.models.round_gate_set import RoundGateSet

__all__ = [
    "Assessment",
    "Committee",
    "CommitteeSeat",
    "Criterion",
    "Decision",
    "DigestRun",
    "Evidence",
    "EvidenceUse",
    "Flag",
    "Gate",
    "GateReview",
    "GateSet",
    "Precedent",
    "PrecedentWithdrawal",
    "Reviewer",
    "RoundGateSet",
    "RuleSetting",
    "StoredFile",
    "Withdrawal",
]
