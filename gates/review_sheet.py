"""A gate review as its pages show it: every criterion with what was claimed and found, and what is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.obstacles import Obstacle
from accounts.states import Function
from gates.evidence_library import EvidenceView, evidence_for
from gates.models import (
    Assessment,
    Claim,
    Comment,
    Condition,
    Criterion,
    Custody,
    Gate,
    GateReview,
    Precedent,
    Reopening,
    ReviewRequest,
)
from gates.permissions import functions_of, obstacles_of_reviewer
from gates.precedents import precedents_of
from gates.queries import criteria_of, gate_set_of, latest_round
from gates.readiness import conclusion_obstacles, current_claims, reopened_criteria
from gates.returning import return_obstacles, talk_obstacles
from gates.reused import ReuseView, reuses_of
from gates.states import ASSESSABLE, CONCLUSIONS, PATHS, WITH_OWNER, Path, mandatory, path_of
from portfolio.models import Pilot, Round
from portfolio.permissions import has_part, may_edit
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
    #: What the owner says.
    claim: Claim | None = None
    evidence: Sequence[EvidenceView] = ()
    comments: Sequence[Comment] = ()
    reuses: Sequence[ReuseView] = ()
    precedents: Sequence[Precedent] = ()
    #: It has to be assessed again, since the gate was opened for it.
    anew: bool = False

    @property
    def is_touched(self) -> bool:
        """Whether anybody has said or shown anything."""
        return bool(self.claim or self.current or self.evidence or self.comments or self.reuses)

    @property
    def claim_seen(self) -> int:
        """The same, for a form about the claim."""
        return self.claim.pk if self.claim else 0

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
    today: date
    #: Unsaved while nobody has touched the gate.
    review: GateReview
    lines: list[Line]
    #: What keeps the reader from concluding the gate in any way.
    obstacles: list[Obstacle]
    #: What stands, beyond that, in the way of passing it without conditions.
    obstacles_to_pass: list[Obstacle]
    #: The functions for which the reader reviews.
    functions: frozenset[Function] = field(default_factory=frozenset)
    #: Whether the reader keeps the pilot's file, and so prepares the gate.
    prepares: bool = False
    #: What keeps the reader from returning the gate.
    obstacles_to_return: Sequence[Obstacle] = ()
    #: What keeps the reader from talking about its criteria.
    obstacles_to_talk: Sequence[Obstacle] = ()
    #: Who has it, with the reason for which it came to them; None while nobody has.
    custody: Custody | None = None
    requests: Sequence[ReviewRequest] = ()
    conditions: Sequence[Condition] = ()
    reopenings: Sequence[Reopening] = ()
    #: Functions that sign this gate on its path.
    signing: Sequence[str] = ()
    #: Whether a later round has begun: then there is nothing to do here but read.
    is_earlier: bool = False

    @property
    def optional(self) -> int:
        return sum(not line.required for line in self.lines)

    @property
    def optional_assessed(self) -> int:
        return sum(not line.required and line.current is not None for line in self.lines)

    @property
    def shows_optional(self) -> bool:
        """Whether there is something to read in an optional line, or nothing else."""
        return not self.required or any(line.is_touched for line in self.lines if not line.required)

    @property
    def required(self) -> int:
        return sum(line.required for line in self.lines)

    @property
    def required_assessed(self) -> int:
        return sum(line.required and line.current is not None for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether criteria can still be assessed."""
        return not self.is_earlier and self.round.state in OPEN_ROUND_STATES and self.review.state in ASSESSABLE

    @property
    def unassessed(self) -> list[Line]:
        """The required lines that wait for this reader."""
        return [line for line in self.lines if line.required and not line.obstacles and (not line.current or line.anew)]

    def next_after(self, line: Line) -> Line | None:
        """The line that waits for this reader next after `line`, then from the top again; None where none does."""
        if not self.is_open:
            return None
        waiting = [one for one in self.unassessed if one.label != line.label]
        later = [one for one in waiting if one.criterion.number > line.criterion.number]
        return next(iter(later + waiting), None)

    @property
    def days_held(self) -> int:
        """Whole days for which it has lain where it is."""
        return (self.today - timezone.localdate(self.custody.since)).days if self.custody else 0

    @property
    def with_owner(self) -> bool:
        """Whether it is the owner's turn."""
        if not self.is_open:
            return False
        return not self.review.pk or self.review.state in WITH_OWNER or self.review.submitted_at is None

    @property
    def may_reopen(self) -> bool:
        """Whether this reader may open the concluded gate again."""
        over = {obstacle.code for obstacle in self.obstacles} & {"round_over", "not_lead", "own_pilot"}
        return self.review.state in CONCLUSIONS and not over and not self.is_earlier

    @property
    def state(self) -> str:
        """What the lamp shows."""
        return self.review.state if self.review.pk else LampState.NOT_STARTED

    @property
    def path(self) -> Path:
        return path_of(self.pilot.risk_class)

    @property
    def by_slug(self) -> dict[str, Line]:
        """The lines by the short names of their criteria."""
        return {line.criterion.slug: line for line in self.lines}


def review_sheet(*, pilot: Pilot, gate_slug: str, reader: User, today: date, number: int | None = None) -> Sheet | None:
    """Read a gate of the pilot's latest round, or of round `number`; None where there is no such gate.

    A fixed number of queries, whatever was claimed and found.
    """
    latest = latest_round(pilot)
    round_ = latest if number is None else Round.objects.filter(pilot=pilot, number=number).first()
    gate = Gate.objects.filter(gate_set=gate_set_of(round_), slug=gate_slug).first()
    if round_ is None or gate is None:
        return None
    review = GateReview.objects.filter(round=round_, gate=gate).select_related("concluded_by", "lead").first()
    review = review or GateReview(round=round_, gate=gate, state=LampState.IN_REVIEW)
    round_.pilot = pilot
    review.round, review.gate = round_, gate
    criteria = list(criteria_of(gate))
    in_the_way = conclusion_obstacles(reader, pilot, review, LampState.PASSED, today)
    edits = may_edit(reader, pilot)
    return Sheet(
        pilot=pilot,
        round=round_,
        gate=gate,
        today=today,
        review=review,
        lines=_lines(review, criteria, reader, today),
        obstacles=[obstacle for obstacle in in_the_way if obstacle.code != "not_met"],
        obstacles_to_pass=[obstacle for obstacle in in_the_way if obstacle.code == "not_met"],
        functions=functions_of(reader, today),
        prepares=edits,
        is_earlier=round_ != latest,
        obstacles_to_return=return_obstacles(reader, pilot, review, today),
        obstacles_to_talk=[] if edits else talk_obstacles(reader, pilot, today),
        signing=_signing(pilot, gate, criteria),
        **_turns(review),
    )


def _turns(review: GateReview) -> dict[str, Any]:
    """Whose turn it is and was, and what a conclusion asked for."""
    if not review.pk:
        return {}
    requests = ReviewRequest.objects.filter(review=review).select_related("reviewer", "handed_by")
    return {
        "custody": Custody.objects.filter(review=review, until=None).select_related("given_by").first(),
        "requests": list(requests.filter(ended_at=None).order_by("asked_at", "function")),
        "conditions": list(Condition.objects.filter(review=review).select_related("owner", "met_by", "waived_by")),
        "reopenings": list(Reopening.objects.filter(review=review).select_related("by").order_by("-pk")),
    }


def _signing(pilot: Pilot, gate: Gate, criteria: Sequence[Criterion]) -> list[str]:
    pairs = [(one.function, one.mandatory_from) for one in criteria]
    return [function.label for function in path_of(pilot.risk_class).signing(gate.lead_function, pairs)]


def _lines(review: GateReview, criteria: Sequence[Criterion], reader: User, today: date) -> list[Line]:
    pilot, gate = review.round.pilot, review.gate
    held, own = functions_of(reader, today), has_part(reader, pilot)
    for criterion in criteria:
        criterion.gate = gate
    findings, claims, comments = _findings(review), current_claims(review), _comments(review)
    evidence = evidence_for(criteria, review.round, today=today)
    precedents, reuses, anew = precedents_of(criteria, reader), reuses_of(review, today), reopened_criteria(review)
    lines = []
    for criterion in criteria:
        found = findings.get(criterion.pk, [])
        lines.append(
            Line(
                criterion=criterion,
                label=f"{gate.number}.{criterion.number}",
                required=mandatory(criterion.mandatory_from, pilot.risk_class),
                why=_why(pilot, criterion),
                current=found[0] if found else None,
                earlier=_sittings(found)[1:],
                obstacles=obstacles_of_reviewer(held, criterion.function, own=own),
                claim=claims.get(criterion.pk),
                evidence=evidence[criterion.pk],
                comments=comments.get(criterion.pk, []),
                reuses=reuses.get(criterion.pk, []),
                precedents=precedents[criterion.pk],
                anew=bool(found) and criterion.pk in anew and found[0].at <= anew[criterion.pk],
            )
        )
    return lines


def _why(pilot: Pilot, criterion: Criterion) -> str:
    from_ = RiskClass(criterion.mandatory_from)
    risk = pilot.get_risk_class_display().lower()
    if not mandatory(criterion.mandatory_from, pilot.risk_class):
        return f"Required only from {from_.label.lower()} risk up ({PATHS[from_]}); this pilot's risk is {risk}."
    if from_ == RiskClass.LOW:
        return "Required on every path."
    return f"Required from {from_.label.lower()} risk up ({PATHS[from_]}); this pilot's risk is {risk}."


def _comments(review: GateReview) -> dict[int, list[Comment]]:
    said: dict[int, list[Comment]] = {}
    if review.pk:
        for comment in Comment.objects.filter(review=review).select_related("author").order_by("id"):
            said.setdefault(comment.criterion_id, []).append(comment)
    return said


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
