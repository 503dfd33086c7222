"""States, moves and groupings of this room. A leaf but for the words it shares with the portfolio."""

from django.db import models

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

#: Conclusions a lead reviewer can come to.
CONCLUSIONS = (LampState.PASSED, LampState.CONDITIONAL, LampState.NOT_PASSED)
#: States of a gate review in which it can be assessed.
ASSESSABLE = (LampState.PREPARING, LampState.IN_REVIEW, LampState.RETURNED, LampState.REOPENED)

#: Risk classes from the lightest to the gravest; a criterion is mandatory from one of them upwards.
RISK_ORDER = (RiskClass.LOW, RiskClass.LIMITED, RiskClass.HIGH)
#: Which path a risk class takes through the gates (requirement 35).
PATHS = {
    RiskClass.LOW: "the fast path",
    RiskClass.LIMITED: "the path with added controls",
    RiskClass.HIGH: "the path of formal approval",
}


def mandatory(mandatory_from: str, risk_class: str) -> bool:
    """Whether a criterion that is mandatory from one risk class upwards is so for another (requirement 35)."""
    return RISK_ORDER.index(RiskClass(risk_class)) >= RISK_ORDER.index(RiskClass(mandatory_from))


class CommitteePart(models.TextChoices):
    """What a person is in a committee."""

    CHAIR = "chair", "Chair"
    SECRETARY = "secretary", "Secretary"
    MEMBER = "member", "Member"


class MajorityRule(models.TextChoices):
    """How a committee comes to a decision."""

    SIMPLE = "simple", "Simple majority"
    TWO_THIRDS = "two_thirds", "Two thirds"
    UNANIMOUS = "unanimous", "Unanimous"
    CHAIR = "chair", "The chair decides after hearing"


class AuthorityPath(models.TextChoices):
    """On which authority a decision rests."""

    CHAIR = "chair", "The chair, for the committee"
    RECORDED_AFTERWARDS = "recorded_afterwards", "Taken before, recorded afterwards"


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
