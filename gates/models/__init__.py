from gates.models.claim import Claim, Comment
from gates.models.committee import Committee, CommitteeSeat, CommitteeSubstitute
from gates.models.condition import Condition
from gates.models.custody import Custody
from gates.models.decision import Decision
from gates.models.decision_basis import DecisionBasis
from gates.models.deferral import Deferral
from gates.models.digest import DigestRun
from gates.models.drift import Flag, RuleSetting
from gates.models.evidence import Evidence, EvidenceUse, StoredFile, Withdrawal
from gates.models.feed import FeedKey
from gates.models.gate_set import Criterion, Gate, GateSet
from gates.models.meeting import AgendaItem, Attendance, Meeting
from gates.models.precedent import Precedent, PrecedentWithdrawal
from gates.models.proposal import Proposal
from gates.models.quiet import Exemption, Snooze
from gates.models.recusal import Recusal
from gates.models.reminded import Reminded
from gates.models.reopening import Reopening
from gates.models.request import NamedReviewer, ReviewRequest, Substitute
from gates.models.reuse import Reuse
from gates.models.review import Assessment, GateReview, Reviewer
from gates.models.round_gate_set import RoundGateSet
from gates.models.vote import Vote

__all__ = [
    "AgendaItem",
    "Assessment",
    "Attendance",
    "Claim",
    "Comment",
    "Committee",
    "CommitteeSeat",
    "CommitteeSubstitute",
    "Condition",
    "Criterion",
    "Custody",
    "Decision",
    "DecisionBasis",
    "Deferral",
    "DigestRun",
    "Evidence",
    "EvidenceUse",
    "Exemption",
    "FeedKey",
    "Flag",
    "Gate",
    "GateReview",
    "GateSet",
    "Meeting",
    "NamedReviewer",
    "Precedent",
    "PrecedentWithdrawal",
    "Proposal",
    "Recusal",
    "Reminded",
    "Reopening",
    "Reuse",
    "ReviewRequest",
    "Reviewer",
    "RoundGateSet",
    "RuleSetting",
    "Snooze",
    "StoredFile",
    "Substitute",
    "Vote",
    "Withdrawal",
]
