"""States, moves and groupings of this room. A leaf but for the words it shares with the rooms below."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from accounts.states import Function
from portfolio.states import LampState, RiskClass


class Finding(models.TextChoices):
    """What a reviewer found of a criterion (requirement 27)."""

    MET = "met", "Met"
    PARTLY_MET = "partly_met", "Partly met"
    NOT_MET = "not_met", "Not met"
    SHORT_OF_EVIDENCE = "short_of_evidence", "Short of evidence"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


#: Findings that leave nothing open.
SETTLED_FINDINGS = (Finding.MET, Finding.NOT_APPLICABLE)
#: Findings that mean nothing without a reason.
FINDINGS_WITH_REASON = (Finding.NOT_APPLICABLE, Finding.NOT_MET, Finding.PARTLY_MET)


class Holder(models.TextChoices):
    """On which side a gate review lies."""

    OWNER = "owner", "The owner"
    REVIEWERS = "reviewers", "The reviewers"


class RequestEnd(models.TextChoices):
    """How a request to a reviewer ended."""

    ASSESSED = "assessed", "Assessed"
    RETURNED = "returned", "Returned to the owner"
    CONCLUDED = "concluded", "The gate was concluded"
    OVER = "over", "The round was over"


class ReuseKind(models.TextChoices):
    """What of another pilot is used again (requirement 37)."""

    REVIEW = "review", "Review"
    CONTROL = "control", "Control"
    PATTERN = "pattern", "Integration pattern"


class ReopeningCause(models.TextChoices):
    """Why a concluded gate is opened again."""

    EVIDENCE = "evidence", "Evidence has lapsed"
    REUSE = "reuse", "What it reused has lapsed"
    PERSON = "person", "A person it relied on has left"
    RISK = "risk", "The risk class has risen"
    GATE_SET = "gate_set", "Its round moved to a newer gate set"
    LEAD = "lead", "Reopened by a lead reviewer"


#: Conclusions a lead reviewer can come to.
CONCLUSIONS = (LampState.PASSED, LampState.CONDITIONAL, LampState.NOT_PASSED)
#: States of a gate review in which it can be assessed.
ASSESSABLE = (LampState.PREPARING, LampState.IN_REVIEW, LampState.RETURNED, LampState.REOPENED)
#: States in which the owner has it, and submits it.
WITH_OWNER = (LampState.PREPARING, LampState.RETURNED, LampState.REOPENED)

#: Risk classes from the lightest to the gravest; a criterion is mandatory from one of them upwards.
RISK_ORDER = (RiskClass.LOW, RiskClass.LIMITED, RiskClass.HIGH)


def mandatory(mandatory_from: str, risk_class: str) -> bool:
    """Whether a criterion that is mandatory from one risk class upwards is so for another (requirement 35)."""
    return RISK_ORDER.index(RiskClass(risk_class)) >= RISK_ORDER.index(RiskClass(mandatory_from))


class DecisionManner(models.TextChoices):
    """How a committee comes to a decision on a path."""

    CHAIR_ON_NOTICE = "chair_on_notice", "By the chair, on notice"
    VOTE = "vote", "By a vote"
    VOTE_IN_MEETING = "vote_in_meeting", "By a vote in a meeting"


@dataclass(frozen=True)
class Path:
    """What a risk class asks of a pilot's gates and of its decision (requirement 35)."""

    risk_class: RiskClass
    #: As it follows "takes": "the fast path".
    name: str
    why: str
    #: Which criteria must be assessed.
    criteria: str
    manner: DecisionManner
    #: How the decision is taken.
    decision: str
    #: Whether the gate led by risk must be concluded before the committee decides.
    risk_gate_first: bool

    def requires(self, mandatory_from: str) -> bool:
        """Whether a criterion that is mandatory from a risk class upwards must be assessed on this path."""
        return mandatory(mandatory_from, self.risk_class)

    def signing(self, lead: str, criteria: Iterable[tuple[str, str]]) -> list[Function]:
        """Functions that must sign a gate: its lead, and each with a required criterion; from (function, from) pairs.

        A function signs by assessing all of its required criteria, the lead by concluding as well.
        """
        asked = {function for function, mandatory_from in criteria if self.requires(mandatory_from)} | {lead}
        return [function for function in Function if function in asked]


_PATHS = {
    RiskClass.LOW: Path(
        RiskClass.LOW,
        "the fast path",
        "A mistake would be small and soon put right, so the gates ask only what every system must answer.",
        "Those that every system must answer.",
        DecisionManner.CHAIR_ON_NOTICE,
        "The chair may decide outside a meeting, with 48 hours of notice in which any member can call it into one.",
        risk_gate_first=False,
    ),
    RiskClass.LIMITED: Path(
        RiskClass.LIMITED,
        "the path with added controls",
        "A mistake would be felt by customers or staff, so the gates also ask for the controls that keep it small.",
        "All but those that only a high risk calls for.",
        DecisionManner.VOTE,
        "The committee votes, in a meeting or in writing until a closing time.",
        risk_gate_first=False,
    ),
    RiskClass.HIGH: Path(
        RiskClass.HIGH,
        "the path of formal approval",
        "A mistake could do lasting harm to people or to the organisation, so nothing is left out.",
        "Every one.",
        DecisionManner.VOTE_IN_MEETING,
        "The committee votes in a meeting with a quorum, once the gate led by Risk is concluded.",
        risk_gate_first=True,
    ),
}
#: The name of each risk class's path, as it follows "takes".
PATHS = {risk_class: path.name for risk_class, path in _PATHS.items()}


def path_of(risk_class: str) -> Path:
    """Which path a risk class takes through the gates and to its decision (requirement 35)."""
    return _PATHS[RiskClass(risk_class)]


class CommitteePart(models.TextChoices):
    """What a person is in a committee."""

    CHAIR = "chair", "Chair"
    SECRETARY = "secretary", "Secretary"
    MEMBER = "member", "Member"


#: Parts whose seats vote, and count towards the quorum.
VOTING_PARTS = (CommitteePart.CHAIR, CommitteePart.MEMBER)


class Weekday(models.IntegerChoices):
    """Days of the week, counted as Python counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class MeetingState(models.TextChoices):
    """How far a meeting has come. Closed and cancelled ones are locked by the database."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    IN_SESSION = "in_session", "In session"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


#: States of a meeting that is still to come.
MEETING_AHEAD = (MeetingState.DRAFT, MeetingState.OPEN)
#: States in which nothing of a meeting changes any more.
MEETING_OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)


class ItemKind(models.TextChoices):
    """What a committee does with an agenda item. What was to be decided and is put off in session becomes "Defer"."""

    DECIDE = "decide", "Decide"
    DEFER = "defer", "Defer"
    NOTE = "note", "Note"
    FREE = "free", "Discuss"


class ItemSource(models.TextChoices):
    """Why an item is on the agenda."""

    DECISION = "decision", "A decision is due"
    DEFERRAL = "deferral", "A deferral has expired"
    CONDITION = "condition", "A condition is overdue"
    REVIEW = "review", "A gate was reopened"
    CALLED_IN = "called_in", "A member called it into a meeting"
    CARRIED = "carried", "It was moved from an earlier meeting"
    HAND = "hand", "Put there by hand"


#: Kinds of items about a decision, taken or put off.
OF_A_DECISION = (ItemKind.DECIDE, ItemKind.DEFER)
#: Items that somebody put on an agenda; the others come by themselves as long as what they say holds.
PUT_BY_HAND = (ItemSource.HAND, ItemSource.CARRIED)


class MajorityRule(models.TextChoices):
    """How a committee comes to a decision."""

    SIMPLE = "simple", "Simple majority"
    TWO_THIRDS = "two_thirds", "Two thirds"
    UNANIMOUS = "unanimous", "Unanimous"
    CHAIR = "chair", "The chair decides after hearing"


class AuthorityPath(models.TextChoices):
    """On which authority a decision rests."""

    CHAIR = "chair", "The chair, for the committee"
    CHAIR_IN_MEETING = "chair_in_meeting", "The chair, after hearing the committee in a meeting"
    CHAIR_ON_NOTICE = "chair_on_notice", "The chair, on notice that nobody called into a meeting"
    VOTE = "vote", "A vote of the committee in writing"
    VOTE_IN_MEETING = "vote_in_meeting", "A vote of the committee in a meeting"
    RECORDED_AFTERWARDS = "recorded_afterwards", "Taken before, recorded afterwards"


class VoteChoice(models.TextChoices):
    """What a member says to a proposal."""

    FOR = "for", "For"
    AGAINST = "against", "Against"
    ABSTAIN = "abstain", "Abstain"


class ProposalResult(models.TextChoices):
    """What became of a proposal; nothing while it is open."""

    CARRIED = "carried", "Carried"
    NOT_CARRIED = "not_carried", "Not carried"
    CALLED_IN = "called_in", "Called into a meeting"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: How long members have to call a decision on notice into a meeting.
NOTICE_HOURS = 48
#: A vote in writing is open for so long at least and at most.
SHORTEST_VOTE_HOURS, LONGEST_VOTE_DAYS = 24, 30
#: Members who have not voted are reminded once, so long before the closing time.
REMIND_HOURS = 24


class Change(models.TextChoices):
    """What a redesign changes (requirement 56)."""

    USERS = "users", "The users"
    WORKFLOW = "workflow", "The workflow"
    USE_CASE = "use_case", "The use case"


class ScaleCheck(models.TextChoices):
    """What a committee asks before it scales (requirement 55)."""

    SPONSORSHIP = "sponsorship", "A sponsor stands behind it and directs the budget"
    INTEGRATION_PATH = "integration_path", "The path into the systems is known"
    ADOPTION = "adoption", "People outside the pilot team use it"
    WORKFLOW = "workflow", "The plan for the changed work is written"
    METRICS = "metrics", "The measures are clear, and there is a baseline"
    ECONOMICS = "economics", "It pays in production"
    STUCK = "stuck", "What kept it stuck is dealt with"


class Answer(models.TextChoices):
    """An answer on the scale checklist."""

    YES = "yes", "Yes"
    NO = "no", "No"


class StopReason(models.TextChoices):
    """Why a pilot is stopped (requirement 57). Each is good judgment."""

    NOT_WORTH_PRODUCTION_COST = "not_worth_production_cost", "Does not justify the production cost"
    BARRIERS_NOW = "barriers_now", "Barriers cannot be overcome now"
    USERS_DO_NOT_NEED_IT = "users_do_not_need_it", "Users do not need it"
    DIMINISHING_RETURNS = "diminishing_returns", "Diminishing returns"
    BETTER_USE_OF_RESOURCES = "better_use_of_resources", "Better use of the resources"
    DATA_NOT_TRACTABLE = "data_not_tractable", "The data is not tractable"
    TOO_CONTEXT_DEPENDENT = "too_context_dependent", "Too dependent on its context"


class DigestKind(models.TextChoices):
    """What a digest is for. One person gets one mail per period, whatever parts they have."""

    STALLED = "stalled", "Stalled pilots"


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is."""

    FILE = "file", "File"
    LINK = "link", "Link"
    NOTE = "note", "Note"
    MEASUREMENT = "measurement", "Measurement"


class EvidenceState(models.TextChoices):
    """Whether a piece of evidence counts on a day; not kept, but read from its rows."""

    CURRENT = "current", "Valid"
    EXPIRING = "expiring", "Expires soon"
    EXPIRED = "expired", "Expired"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


#: States in which evidence still counts.
COUNTING_EVIDENCE = (EvidenceState.CURRENT, EvidenceState.EXPIRING)
#: How many days before its end a piece of evidence is said to expire soon.
EXPIRES_SOON_DAYS = 30


class UseChange(models.TextChoices):
    """A piece of evidence began, or ceased, to support a criterion."""

    BEGUN = "begun", "Attached"
    ENDED = "ended", "Detached"


class FileType(models.TextChoices):
    """The types of files that are taken: no others."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word document"
    XLSX = "xlsx", "Excel workbook"
    PPTX = "pptx", "PowerPoint presentation"
    PNG = "png", "PNG image"
    JPEG = "jpeg", "JPEG image"
    TEXT = "text", "Text"


class FileState(models.TextChoices):
    """What the scanner says of a file. Only a clean one can be downloaded."""

    QUARANTINED = "quarantined", "Waiting for the scanner"
    CLEAN = "clean", "Clean"
    BLOCKED = "blocked", "Blocked by the scanner"
