"""A gate review as its page shows it: every criterion with what was found, and what is still in the way."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from accounts.models import User
from accounts.obstacles import Obstacle
from accounts.states import Function
from gates.models import Assessment, Criterion, Gate, GateReview
from gates.permissions import functions_of, obstacles_of_reviewer
from gates.queries import criteria_of, gate_set_of, latest_round
from gates.readiness import conclusion_obstacles
from gates.states import ASSESSABLE, PATHS, mandatory
from portfolio.models import Pilot, Round
from portfolio.permissions import has_part
from portfolio.states import OPEN_ROUND_STATES, LampState, RiskClass

#: Findings that one person saved within this time of each other are one sitting; the page shows its last.
SITTING = timedelta(minutes=15)


@dataclass(frozen=True)
class Line:
    """A criterion of the sheet, for one reader."""

    criterion: Criterion
    label: str
    required: bool
    why: str
    #: The finding that counts.
    current: Assessment | None
    #: What was found before, newest first.
    earlier: list[Assessment]
    #: What keeps the reader from assessing it; empty for those who may.
    obstacles: list[Obstacle]

    @property
    def seen(self) -> int:
        """What a form about this line has seen, for the comparison when it is saved."""
        return self.current.pk if self.current else 0


@dataclass(frozen=True)
class Sheet:
    """One gate of a pilot's latest round, for one reader."""

    pilot: Pilot
    round: Round
    gate: Gate
    #: Unsaved while nobody has touched the gate.
    review: GateReview
    lines: list[Line]
    #: What keeps the reader from concluding the gate in any way.
    obstacles: list[Obstacle]
    #: What stands, beyond that, in the way of passing it without conditions.
    obstacles_to_pass: list[Obstacle]
    #: The functions for which the reader reviews.
    functions: frozenset[Function] = field(default_factory=frozenset)

    @property
    def assessed(self) -> int:
        return sum(line.current is not None for line in self.lines)

    @property
    def required(self) -> int:
        return sum(line.required for line in self.lines)

    @property
    def required_assessed(self) -> int:
        return sum(line.required and line.current is not None for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether criteria can still be assessed."""
        return self.round.state in OPEN_ROUND_STATES and self.review.state in ASSESSABLE

    @property
    def state(self) -> str:
        """What the lamp shows."""
        return self.review.state if self.review.pk else LampState.NOT_STARTED

    @property
    def path(self) -> str:
        return PATHS[RiskClass(self.pilot.risk_class)]

    @property
    def by_slug(self) -> dict[str, Line]:
        """The lines by the short names of their criteria."""
        return {line.criterion.slug: line for line in self.lines}


def review_sheet(*, pilot: Pilot, gate_slug: str, reader: User, today: date) -> Sheet | None:
    """Read a gate of the pilot's latest round, in a fixed number of queries; None where there is no such gate."""
    round_ = latest_round(pilot)
    gate = Gate.objects.filter(gate_set=gate_set_of(round_), slug=gate_slug).first()
    if round_ is None or gate is None:
        return None
    review = GateReview.objects.filter(round=round_, gate=gate).select_related("concluded_by").first() or GateReview(
        round=round_, gate=gate, state=LampState.IN_REVIEW
    )
    review.round, review.gate = round_, gate
    held, own = functions_of(reader, today), has_part(reader, pilot)
    findings = _findings(review)
    in_the_way = conclusion_obstacles(reader, pilot, review, LampState.PASSED, today)
    return Sheet(
        pilot=pilot,
        round=round_,
        gate=gate,
        review=review,
        lines=[
            _line(
                pilot,
                criterion,
                findings.get(criterion.pk, []),
                f"{gate.number}.{criterion.number}",
                obstacles_of_reviewer(held, criterion.function, own=own),
            )
            for criterion in criteria_of(gate)
        ],
        obstacles=[obstacle for obstacle in in_the_way if obstacle.code != "not_met"],
        obstacles_to_pass=[obstacle for obstacle in in_the_way if obstacle.code == "not_met"],
        functions=held,
    )


def _line(
    pilot: Pilot, criterion: Criterion, findings: list[Assessment], label: str, obstacles: list[Obstacle]
) -> Line:
    required = mandatory(criterion.mandatory_from, pilot.risk_class)
    from_ = RiskClass(criterion.mandatory_from)
    risk = pilot.get_risk_class_display().lower()
    if not required:
        why = f"Required only from {from_.label.lower()} risk up ({PATHS[from_]}); this pilot's risk is {risk}."
    elif from_ == RiskClass.LOW:
        why = "Required on every path."
    else:
        why = f"Required from {from_.label.lower()} risk up ({PATHS[from_]}); this pilot's risk is {risk}."
    return Line(
        criterion=criterion,
        label=label,
        required=required,
        why=why,
        current=findings[0] if findings else None,
        earlier=_sittings(findings)[1:],
        obstacles=obstacles,
    )


def _findings(review: GateReview) -> dict[int, list[Assessment]]:
    found: dict[int, list[Assessment]] = {}
    if review.pk:
        for assessment in Assessment.objects.filter(review=review).select_related("assessor").order_by("-id"):
            found.setdefault(assessment.criterion_id, []).append(assessment)
    return found


def _sittings(findings: list[Assessment]) -> list[Assessment]:
    kept: list[Assessment] = []
    before: Assessment | None = None
    for assessment in findings:
        if before is None or not _one_sitting(assessment, before):
            kept.append(assessment)
        before = assessment
    return kept


def _one_sitting(earlier: Assessment, later: Assessment) -> bool:
    same = (earlier.assessor_id, earlier.finding) == (later.assessor_id, later.finding)
    return same and later.at - earlier.at <= SITTING
