from gates.models.claim import Claim, Comment
from gates.models.committee import Committee, CommitteeSeat
from gates.models.condition import Condition
from gates.models.custody import Custody
from gates.models.decision import Decision
from gates.models.digest import DigestRun
from gates.models.drift import Flag, RuleSetting
from gates.models.evidence import Evidence, EvidenceUse, StoredFile, Withdrawal
from gates.models.gate_set import Criterion, Gate, GateSet
from gates.models.precedent import Precedent, PrecedentWithdrawal
from gates.models.reopening import Reopening
from gates.models.request import NamedReviewer, ReviewRequest, Substitute
from gates.models.reuse import Reuse
from gates.models.review import Assessment, GateReview, Reviewer
from gates.models.round_gate_set import RoundGateSet

__all__ = [
    "Assessment",
    "Claim",
    "Comment",
    "Committee",
    "CommitteeSeat",
    "Condition",
    "Criterion",
    "Custody",
    "Decision",
    "DigestRun",
    "Evidence",
    "EvidenceUse",
    "Flag",
    "Gate",
    "GateReview",
    "GateSet",
    "NamedReviewer",
    "Precedent",
    "PrecedentWithdrawal",
    "Reopening",
    "Reuse",
    "ReviewRequest",
    "Reviewer",
    "RoundGateSet",
    "RuleSetting",
    "StoredFile",
    "Substitute",
    "Withdrawal",
]
