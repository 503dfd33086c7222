"""States, moves and groupings of this room. A leaf: imports nothing of the product."""

from django.db import models


class Stage(models.TextChoices):
    """Where a pilot stands in its life (product.md, "The life of a pilot")."""

    DRAFT = "draft", "Draft"
    RUNNING = "running", "Running"
    AWAITING_DECISION = "awaiting_decision", "Awaiting decision"
    SCALING = "scaling", "Scaling"
    IN_PRODUCTION = "in_production", "In production"
    RETIRED = "retired", "Retired"
    STOPPED = "stopped", "Stopped"
    RESEARCH = "research", "Research"


#: Stages in which a round is open and can be decided.
DECIDABLE_STAGES = (Stage.RUNNING, Stage.AWAITING_DECISION, Stage.RESEARCH)
#: Stages in which nothing more is expected of anybody.
ENDED_STAGES = (Stage.STOPPED, Stage.RETIRED)

#: Allowed moves. A redesign leads back to draft, for the next round.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.RUNNING}),
    Stage.RUNNING: frozenset({Stage.AWAITING_DECISION, Stage.SCALING, Stage.DRAFT, Stage.STOPPED, Stage.RESEARCH}),
    Stage.AWAITING_DECISION: frozenset({Stage.SCALING, Stage.DRAFT, Stage.STOPPED, Stage.RESEARCH}),
    Stage.RESEARCH: frozenset({Stage.SCALING, Stage.DRAFT, Stage.STOPPED, Stage.RESEARCH}),
    Stage.SCALING: frozenset({Stage.IN_PRODUCTION}),
    Stage.IN_PRODUCTION: frozenset({Stage.RETIRED}),
    Stage.RETIRED: frozenset(),
    Stage.STOPPED: frozenset(),
}


def may_move(current: str, to: str) -> bool:
    """Whether a pilot may go from one stage straight to another."""
    return Stage(to) in MOVES[Stage(current)]


class RoundState(models.TextChoices):
    """Where a round stands. Only a decision closes it."""

    DRAFT = "draft", "Draft"
    RUNNING = "running", "Running"
    AWAITING_DECISION = "awaiting_decision", "Awaiting decision"
    DECIDED = "decided", "Decided"
    #: Imported as already over, with no decision on record.
    PAST = "past", "Over before Pilotage"


#: States of a round whose clock runs: begun, and not yet decided.
UNDECIDED_ROUND_STATES = (RoundState.RUNNING, RoundState.AWAITING_DECISION)
#: States of a round that is not over.
OPEN_ROUND_STATES = (RoundState.DRAFT, *UNDECIDED_ROUND_STATES)


class Purpose(models.TextChoices):
    """What a round is for. A research round is left out of value claims (requirement 60)."""

    PILOT = "pilot", "Pilot"
    RESEARCH = "research", "Research"


class DueBasis(models.TextChoices):
    """Where the decision due date comes from."""

    AGREED = "agreed", "Agreed"
    ASSUMED = "assumed", "Assumed at import"


class RiskClass(models.TextChoices):
    """Risk class; it picks the path of the gates (requirement 35)."""

    LOW = "low", "Low"
    LIMITED = "limited", "Limited"
    HIGH = "high", "High"


class Visibility(models.TextChoices):
    """Who may see a pilot: everybody with an account, or only its people, its committee and managers."""

    OPEN = "open", "Open"
    RESTRICTED = "restricted", "Restricted"


class Part(models.TextChoices):
    """A part that a person plays in a pilot (design.md, section 4)."""

    EXECUTIVE_SPONSOR = "executive_sponsor", "Executive sponsor"
    BUSINESS_OWNER = "business_owner", "Business owner"
    PRODUCTION_OWNER = "production_owner", "Production owner"
    USING_TEAM_SPONSOR = "using_team_sponsor", "Sponsor in the using team"
    QUALITY_REVIEWER = "quality_reviewer", "Quality reviewer"
    IT_PARTNER = "it_partner", "IT partner"
    PROCESS_OWNER = "process_owner", "Process owner"
    DELIVERY_OWNER = "delivery_owner", "Delivery owner"
    CHAMPION = "champion", "Champion"
    STOP_AUTHORITY = "stop_authority", "Can stop it"
    RISK_ACCEPTOR = "risk_acceptor", "Accepts the risk"
    OUTCOME_MONITOR = "outcome_monitor", "Monitors outcomes"

    @property
    def in_words(self) -> str:
        """The part in the middle of a sentence: "business owner", "IT partner"."""
        return self.label if self.label.startswith("IT") else self.label[:1].lower() + self.label[1:]

    @property
    def shared(self) -> bool:
        """Whether several people may hold it at once."""
        return self in SHARED_PARTS

    @property
    def meaning(self) -> str:
        """What the part means and why it is asked, in a line."""
        return PART_MEANINGS[self]


#: What each part means, and why the page asks for it.
PART_MEANINGS: dict[str, str] = {
    Part.EXECUTIVE_SPONSOR: "Has the money and the standing to scale it; without one, a good pilot ends in applause.",
    Part.BUSINESS_OWNER: "Answers for the work it changes, and brings it to a decision.",
    Part.PRODUCTION_OWNER: "Takes it over when it scales; who hears of it only then says no.",
    Part.USING_TEAM_SPONSOR: "Wants it inside the team that will use it, apart from who pays for it.",
    Part.QUALITY_REVIEWER: "Looks at what it produces after launch, and knows whom to tell.",
    Part.IT_PARTNER: "Knows the systems it has to live in; one who comes after the start finds integration late.",
    Part.PROCESS_OWNER: "May change the steps around it; otherwise the work stays as it was.",
    Part.DELIVERY_OWNER: "Has a say over integration, deployment, compliance and figures at once when it scales.",
    Part.CHAMPION: "Speaks for it among colleagues; there can be several.",
    Part.STOP_AUTHORITY: "Switches it off on a bad day without asking anybody.",
    Part.RISK_ACCEPTOR: "Signs that what can go wrong is acceptable.",
    Part.OUTCOME_MONITOR: "Watches after launch whether it still does what was promised.",
}


class Authority(models.TextChoices):
    """Whether a sponsor directs budget and priorities, or must ask for them (requirement 4)."""

    UNKNOWN = "unknown", "Not said yet"
    DIRECTS = "directs", "Directs budget and priorities"
    REQUESTS = "requests", "Must ask for budget and priorities"


#: Parts whose holder may edit the pilot's file.
EDITING_PARTS = (Part.BUSINESS_OWNER, Part.PRODUCTION_OWNER, Part.DELIVERY_OWNER)
#: Parts whose holder may approve an amendment that another person makes.
APPROVING_PARTS = (Part.EXECUTIVE_SPONSOR, Part.BUSINESS_OWNER)
#: Parts that several people may hold at once.
SHARED_PARTS = (Part.CHAMPION,)


class Confidence(models.TextChoices):
    """How sure the writer of a status update is that the round will keep its promise. Words, never a number."""

    GOING_WELL = "going_well", "Going well"
    UNSURE = "unsure", "Unsure"
    IN_DOUBT = "in_doubt", "In doubt"


#: As many updates in a row that report the same blocker tell the owner and, where nobody set another number, flag it.
BLOCKER_REPEATS = 3


class ScopeKind(models.TextChoices):
    """What a production build consists of (requirement 21): four pieces that each one has, and a pilot's own."""

    INTEGRATION = "integration", "Integration"
    DATA_PIPELINE = "data_pipeline", "Data pipeline"
    SECURITY_REVIEW = "security_review", "Security review"
    USER_INTERFACE = "user_interface", "User interface"
    OWN = "own", "Another piece"


#: The four pieces that every production build is asked for.
STANDARD_PIECES = tuple(kind for kind in ScopeKind if kind != ScopeKind.OWN)


class ScopeState(models.TextChoices):
    """How far a piece of the production build is."""

    NOT_STARTED = "not_started", "Not started"
    SCOPED = "scoped", "Scoped"
    BUILDING = "building", "Being built"
    READY = "ready", "Ready"
    NOT_NEEDED = "not_needed", "Not needed"


class LampState(models.TextChoices):
    """What a gate's lamp shows."""

    NOT_STARTED = "not_started", "Not started"
    PREPARING = "preparing", "Preparing"
    IN_REVIEW = "in_review", "In review"
    RETURNED = "returned", "Returned"
    PASSED = "passed", "Passed"
    CONDITIONAL = "conditional", "Passed with conditions"
    NOT_PASSED = "not_passed", "Not passed"
    REOPENED = "reopened", "Reopened"


class Outcome(models.TextChoices):
    """The four decisions, and no other (requirement 51)."""

    SCALE = "scale", "Scale"
    REDESIGN = "redesign", "Redesign"
    STOP = "stop", "Stop"
    RESEARCH = "research", "Keep as research"


class Severity(models.IntegerChoices):
    """How serious an open flag is."""

    INFO = 1, "Notice"
    WARNING = 2, "Warning"
    SERIOUS = 3, "Serious"


class MetricKind(models.TextChoices):
    """What a metric counts (requirement 16). Only a business metric says what the pilot is worth."""

    ACTIVITY = "activity", "Activity"
    MODEL = "model", "Model"
    BUSINESS = "business", "Business"


class Direction(models.TextChoices):
    """Which way a metric is to move."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"


class AmendmentKind(models.TextChoices):
    """What an amendment does to what was agreed."""

    CHANGED = "changed", "Changed"
    ADDED = "added", "Added"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Commitment(models.TextChoices):
    """Whether somebody has committed to the roll-out if it works (requirement 3)."""

    YES = "yes", "Yes"
    NO = "no", "No"


class DataUsed(models.TextChoices):
    """Which data a pilot works on (requirement 19)."""

    CURATED = "curated", "A curated extract"
    REPRESENTATIVE = "representative", "Data like in production, unselected"
    LIVE = "live", "Live data"


class Involvement(models.TextChoices):
    """In what the daily users take part (requirement 8)."""

    DESIGN = "design", "Design"
    TESTING = "testing", "Testing"
    GOOD_OUTPUT = "good_output", "What counts as good output"


class Progress(models.TextChoices):
    """What the measurements say of a success criterion. Computed, never set by anybody."""

    MET = "met", "Met"
    ON_THE_WAY = "on_the_way", "On the way"
    NO_MOVEMENT = "no_movement", "No movement"
    MOVING_AWAY = "moving_away", "Moving away"
    NO_MEASUREMENT = "no_measurement", "No measurement"
    NO_BASELINE = "no_baseline", "No baseline"
    NO_TARGET = "no_target", "No target"


class Origin(models.TextChoices):
    """How a measurement came here."""

    ENTERED = "entered", "Entered"
    PASTED = "pasted", "Pasted"
    IMPORTED = "imported", "Imported"


class CaseState(models.TextChoices):
    """Where a version of a business case stands. A submitted one never changes again."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"


#: Stages in which a business case can be written or renewed: from the draft until the launch.
CASE_STAGES = (Stage.DRAFT, Stage.RUNNING, Stage.AWAITING_DECISION, Stage.RESEARCH, Stage.SCALING)


class CostKind(models.TextChoices):
    """The eight cost lines of production (requirement 62)."""

    INTEGRATIONS = "integrations", "Integrations"
    DATA = "data", "Data"
    SECURITY = "security", "Security"
    TRAINING = "training", "Training"
    MONITORING = "monitoring", "Monitoring"
    MAINTENANCE = "maintenance", "Maintenance"
    GOVERNANCE = "governance", "Governance"
    MANAGER_TIME = "manager_time", "Manager time"


class BenefitKind(models.TextChoices):
    """What a benefit is made of."""

    REVENUE = "revenue", "More revenue"
    COST_SAVED = "cost_saved", "Cost saved"
    CAPACITY = "capacity", "Time saved"
    RISK = "risk", "Risk avoided"


class Certainty(models.TextChoices):
    """How sure those are who wrote it."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class TimelineClass(models.TextChoices):
    """How long it takes from the decision to the launch (requirement 76)."""

    BEST = "best", "Best case: 2 to 3 months"
    TYPICAL = "typical", "Typical: 4 to 6 months"
    COMPLEX = "complex", "Complex: 6 to 12 months"


class LaunchCondition(models.TextChoices):
    """What a quick launch takes, asked as statements that hold or do not."""

    SPONSOR_AUTHORITY = "sponsor_authority", "The sponsor directs the budget and the priorities"
    INTEGRATION_PATH = "integration_path", "The path into the systems is known and planned"
    LIVE_DATA = "live_data", "The pilot has run on live data"
    SECURITY_REVIEW = "security_review", "The security review is done"
    CHANGE_PLAN = "change_plan", "The plan for the people who will work with it is written"
    VENDOR_CONTRACT = "vendor_contract", "The contract for production is signed, or no vendor is needed"
    PROCESS_OWNER = "process_owner", "The process owner has agreed to the new way of working"
