"""What the rules look at: a pilot's facts, each kind as a plain value."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a part now, or held it last."""

    #: Somebody is named, gone or not.
    named: bool = False
    #: Who is named has left the organisation.
    left: bool = False
    #: Day on which who is named left, or on which the last one's part ended.
    gone_on: date | None = None


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The round that has begun and is undecided. Times have become days of the pilot's own time zone."""

    number: int
    purpose: str
    state: str
    starts_on: date
    planned_end: date | None = None
    ended_on: date | None = None
    decision_due: date | None = None
    due_basis: str = "agreed"
    updated_on: date | None = None
    assessed_on: date | None = None
    #: Days on which the last measurement was entered, and the last piece of evidence added.
    measured_on: date | None = None
    evidence_on: date | None = None
    #: Of each success criterion without a value, the day by which it was to be measured.
    unmeasured: tuple[date, ...] = ()
    #: The same of each that has values, but no baseline.
    unbased: tuple[date, ...] = ()
    #: Of a research round, the most that it may cost in all.
    budget_cap: Decimal | None = None
    #: Its status updates, the newest first.
    updates: tuple["UpdateFacts", ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """What a status update said of the outlook."""

    on: date
    #: Empty in an update from before it was asked.
    confidence: str
    #: Whether it said when this will scale.
    answered: bool


@dataclass(frozen=True, slots=True)
class DecidedFacts:
    """The decision in force that is being carried out, and what it stood on."""

    decided_on: date
    launch_on: date | None = None
    #: Class of the business case that was submitted last; empty where there is none.
    timeline: str = ""
    #: As they were on that day; an empty risk class: nobody wrote them down.
    risk_then: str = ""
    cost_then: Decimal | None = None
    #: Whether who was owner, or sponsor, on that day has left since.
    owner_left: bool = False
    sponsor_left: bool = False


@dataclass(frozen=True, slots=True)
class BlockerFacts:
    """The open blocker that the most updates in a row have reported."""

    text: str
    times: int
    #: Day of the first of these updates.
    since: date


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """A piece that supports criteria of the undecided round and ages; neither superseded nor withdrawn."""

    title: str
    #: The first of the days after which one of its criteria cannot rely on it any more.
    until: date


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The gate review of the last round that nobody has touched for the longest time, while it was somebody's turn."""

    gate: int
    #: Whose turn it is: owner or reviewers.
    holder: str
    state: str
    #: Day on which it came to them, or on which they last did something with it.
    touched_on: date


@dataclass(frozen=True, slots=True)
class ReopenedFacts:
    """The gate of the last round that was opened again, and stands so for the longest time."""

    gate: int
    since: date
    reason: str


@dataclass(frozen=True, slots=True)
class StuckFacts:
    """What the last diagnosis found, and what is under way against it."""

    patterns: tuple[str, ...]
    #: Day of the diagnosis, or of the last intervention that was closed after it.
    since: date
    #: Patterns against which something is under way.
    helped: frozenset[str] = frozenset()
    #: The intervention under way that is due first.
    action: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """The open condition that is due first: of a decision in force, or of a gate that still matters."""

    text: str
    due: date
    #: Number of the decision; empty for a condition of a gate.
    decision: str = ""
    #: Its owner says that it is met, and the chair has not accepted it.
    awaits_chair: bool = False


@dataclass(frozen=True, slots=True)
class DeferralFacts:
    """The last deferral of the undecided round."""

    number: int
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class PilotFacts:
    """One pilot, as far as any rule looks. `zone` is its committee's, or the organisation's."""

    pilot: int
    stage: str
    zone: str
    owner: Holder
    sponsor: Holder
    #: The round whose clock runs; None where nothing is under way, or all is decided.
    undecided: RoundFacts | None = None
    blocker: BlockerFacts | None = None
    #: What ages, the first to expire on top.
    evidence: tuple[EvidenceFacts, ...] = ()
    #: Codes of the open gaps of a contract whose round was started here, with its gaps before the eyes of who did.
    gaps: frozenset[str] = frozenset()
    review: ReviewFacts | None = None
    reopened: ReopenedFacts | None = None
    production_owner: Holder = Holder()
    risk_class: str = ""
    #: Running cost a month, in the installation's currency.
    monthly_cost: Decimal | None = None
    decided: DecidedFacts | None = None
    stuck: StuckFacts | None = None
    condition: ConditionFacts | None = None
    deferral: DeferralFacts | None = None
