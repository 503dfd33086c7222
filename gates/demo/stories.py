"""Rows of synthetic pilots, as the verbs would have written them. Nothing is saved here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from accounts.models import User
from accounts.states import Function
from gates.demo import words
from gates.demo.calendar import Calendar
from gates.demo.crowd import Crowd
from gates.demo.inventing import InventedGate, InventedPilot, InventedRound
from gates.models import Assessment, Criterion, Decision, DecisionBasis, Gate, GateReview
from gates.states import CONCLUSIONS, AuthorityPath, Finding, mandatory
from portfolio.models import Assignment, Blocker, BlockerReport, Pilot, Round, StatusUpdate
from portfolio.numbering import pilot_code
from portfolio.states import LampState, Outcome, Part, Purpose, RiskClass, RoundState

T = TypeVar("T")

#: Minutes of a working day over which the events of many pilots are spread; the rest is for those of one pilot.
_SPREAD, _MINUTES = 400, 540
_OPEN_FINDING = {LampState.CONDITIONAL: Finding.PARTLY_MET, LampState.NOT_PASSED: Finding.NOT_MET}


@dataclass(frozen=True)
class Scene:
    """What all stories share: people, days, gates with their criteria."""

    crowd: Crowd
    calendar: Calendar
    gates: list[tuple[Gate, list[Criterion]]]

    def reviewer(self, function: str, besides: User) -> User:
        """The first reviewer of a function who is not the sponsor."""
        people = (self.crowd.house.people[key] for key in self.crowd.house.reviewers[Function(function)])
        return next(person for person in people if person.pk != besides.pk)


@dataclass
class Story:
    """One pilot with its rows, in step with what was invented."""

    scene: Scene
    invented: InventedPilot
    pilot: Pilot
    owner: User | None
    sponsor: User
    assignments: list[Assignment] = field(default_factory=list)
    rounds: list[tuple[InventedRound, Round]] = field(default_factory=list)
    updates: list[StatusUpdate] = field(default_factory=list)
    blockers: list[Blocker] = field(default_factory=list)
    reports: list[BlockerReport] = field(default_factory=list)
    reviews: list[tuple[InventedGate, GateReview]] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def keeper(self) -> User:
        """Whoever writes in the file: the owner, or the portfolio manager where there is none."""
        return self.owner or self.scene.crowd.house.secretary

    def day(self, offset: int) -> date:
        return self.scene.calendar.working_day(offset)

    def at(self, offset: int, place: int = 0) -> datetime:
        """The time of this pilot's event number `place` on a day."""
        minute = self.invented.number * 37 % _SPREAD + place
        return self.scene.calendar.moment(self.day(offset), minute, _MINUTES)


def begin_story(scene: Scene, invented: InventedPilot, code: int) -> Story:
    """Draw up a pilot's own row."""
    unit = scene.crowd.unit(invented.unit)
    owner = scene.crowd.owner(invented.owner)
    # Here and there somebody sponsors what they own themselves, which the contract shows as a gap.
    alone = owner is not None and owner.is_active and invented.number % 50 == 7
    story = Story(scene, invented, Pilot(), owner, owner if owner and alone else scene.crowd.sponsor(unit))
    story.pilot = Pilot(
        code=pilot_code(code),
        title=invented.title,
        summary=invented.summary,
        unit=unit,
        committee_slug=scene.crowd.house.committee.slug,
        risk_class=invented.risk,
        technology=invented.technology,
        vendor=invented.vendor,
        monthly_cost=invented.monthly_cost,
        cost_so_far=invented.cost_so_far,
        visibility=invented.visibility,
        stage=invented.stage,
        launched_on=None if invented.launched is None else story.day(invented.launched),
        retired_on=None if invented.retired is None else story.day(invented.retired),
        created_at=story.at(invented.proposed),
        created_by=story.keeper,
    )
    return story


def cast_parts(story: Story) -> None:
    """Draw up who holds which part."""
    since = story.day(story.invented.proposed)
    holders = {Part.BUSINESS_OWNER: story.owner, Part.EXECUTIVE_SPONSOR: story.sponsor}
    story.assignments = [
        Assignment(pilot=story.pilot, person=person, part=part, since=since)
        for part, person in holders.items()
        if person is not None
    ]


def draw_rounds(story: Story) -> None:
    """Draw up the rounds; the one after a redesign says what changed, one of research what it is for."""
    calendar = story.scene.calendar
    before: InventedRound | None = None
    for number, told in enumerate(story.invented.rounds, start=1):
        row = Round(
            pilot=story.pilot,
            number=number,
            state=_state(told, before),
            starts_on=None if told.starts is None else story.day(told.starts),
            planned_end=None if told.planned_end is None else calendar.day(told.planned_end),
            decision_due=None if told.due is None else calendar.day(told.due),
            ended_on=None if told.ended is None else story.day(told.ended),
            decided_on=None if told.decided is None else story.day(told.decided),
            created_at=story.at(told.opened, 1),
        )
        if before and before.outcome == Outcome.REDESIGN:
            row.redesign = _pick(words.REDESIGNS, story)
        if before and before.outcome == Outcome.RESEARCH:
            row.purpose = Purpose.RESEARCH
            row.learning_goal, row.budget_cap = _pick(words.GOALS, story), _cap(story)
        story.rounds.append((told, row))
        before = told


def write_updates(story: Story) -> None:
    """Draw up the status updates of saved rounds, with what blocks: a blocker lasts while updates go on naming it."""
    standing: Blocker | None = None
    for told, row in story.rounds:
        for day, moved, blocks in told.updates:
            update = StatusUpdate(round=row, author=story.keeper, at=story.at(day), moved=moved)
            story.updates.append(update)
            if standing is not None and standing.text != blocks:
                standing.closed_by, standing = update, None
            if blocks and standing is None:
                standing = Blocker(pilot=story.pilot, text=blocks, opened_by=update)
                story.blockers.append(standing)
            if standing is not None:
                story.reports.append(BlockerReport(update=update, blocker=standing))


def open_reviews(story: Story) -> None:
    """Draw up the gate reviews of saved rounds."""
    for told, row in story.rounds:
        for gate in told.gates:
            reviewed, criteria = story.scene.gates[gate.number - 1]
            review = GateReview(round=row, gate=reviewed, state=gate.result, opened_at=story.at(gate.day, 1))
            if gate.result in CONCLUSIONS:
                review.concluded_at = story.at(gate.day, len(criteria) + 3)
                review.concluded_by = story.scene.reviewer(reviewed.lead_function, story.sponsor)
                review.conclusion = _pick(words.CONCLUSIONS[gate.result], story)
            story.reviews.append((gate, review))


def find(story: Story) -> None:
    """Draw up what reviewers found of the criteria that the risk class asks for."""
    for gate, review in story.reviews:
        asked = [
            criterion
            for criterion in story.scene.gates[gate.number - 1][1]
            if mandatory(criterion.mandatory_from, story.invented.risk)
        ]
        if gate.result not in CONCLUSIONS:
            asked = asked[: len(asked) // 2]
        for place, criterion in enumerate(asked, start=2):
            last = place == len(asked) + 1
            finding = _OPEN_FINDING.get(gate.result, Finding.MET) if last else Finding.MET
            story.assessments.append(
                Assessment(
                    review=review,
                    criterion=criterion,
                    finding=finding,
                    comment="" if finding == Finding.MET else _pick(words.NOT_MET, story),
                    assessor=story.scene.reviewer(criterion.function, story.sponsor),
                    at=story.at(gate.day, place),
                )
            )


def decided_rounds(story: Story) -> Iterator[tuple[InventedRound, Round, Outcome, int]]:
    """The rounds that were decided, each with its outcome and the day of it."""
    for told, row in story.rounds:
        if told.outcome is not None and told.decided is not None:
            yield told, row, told.outcome, told.decided


def decide(story: Story, row: Round, outcome: Outcome, decided: int, number: str) -> Decision:
    """Draw up the decision of a saved round, but for its snapshot."""
    house, high = story.scene.crowd.house, story.pilot.risk_class == RiskClass.HIGH
    decision = Decision(
        number=number,
        round=row,
        committee=house.committee,
        outcome=outcome,
        rationale=_pick(words.RATIONALES[outcome], story),
        authority_path=AuthorityPath.CHAIR_IN_MEETING if high else AuthorityPath.CHAIR,
        deciders=f"{house.chair}, chair of {house.committee}",
        decided_on=story.day(decided),
        recorded_at=story.at(decided, 2),
        recorded_by=house.chair,
    )
    following = next((later for _, later in story.rounds if later.number == row.number + 1), None)
    if outcome == Outcome.SCALE and story.invented.launch_planned is not None:
        decision.launch_on = story.scene.calendar.day(story.invented.launch_planned)
    if outcome in {Outcome.REDESIGN, Outcome.STOP}:
        decision.learnings = _pick(words.LEARNINGS, story)
    if outcome == Outcome.STOP:
        decision.stop_reason = _pick(words.STOP_REASONS, story)
    if outcome == Outcome.REDESIGN:
        decision.redesign = _pick(words.REDESIGNS, story)
    if outcome == Outcome.RESEARCH:
        decision.learning_goal, decision.budget_cap = _pick(words.GOALS, story), _cap(story)
    if following is not None:
        decision.next_planned_end = following.planned_end
        decision.next_due = following.decision_due or story.scene.calendar.day(decided + 180)
    return decision


def base(story: Story, decision: Decision) -> DecisionBasis:
    """Draw up what a saved decision stood on; one pilot in nine has grown dearer since."""
    pilot = story.pilot
    cost = pilot.monthly_cost or Decimal(0)
    then = cost * 3 / 5 if story.invented.number % 9 == 0 else cost
    return DecisionBasis(
        decision=decision, owner=story.owner, sponsor=story.sponsor, risk_class=pilot.risk_class, monthly_cost=then
    )


def _state(told: InventedRound, before: InventedRound | None) -> RoundState:
    if told.decided is not None:
        return RoundState.DECIDED
    if told.starts is None:
        return RoundState.DRAFT
    if told.ended is not None and not (before and before.outcome == Outcome.RESEARCH):
        return RoundState.AWAITING_DECISION
    return RoundState.RUNNING


def _pick(choices: tuple[T, ...], story: Story) -> T:
    return choices[story.invented.number % len(choices)]


def _cap(story: Story) -> Decimal:
    return story.invented.monthly_cost * 6
