"""Reading business cases: a version with its lines and what it comes to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from accounts.models import User
from portfolio import timeline
from portfolio.agreement import agreed_contracts
from portfolio.models import Assignment, Assumption, BenefitLine, BusinessCase, CostLine, Pilot, Round
from portfolio.models.business_case import FIGURES, Figures
from portfolio.states import Authority, CaseState, CostKind, DataUsed, LaunchCondition, Part, TimelineClass
from portfolio.valuation import Benefit, Cost, Plan, Range, Spread, Swing, swings, times_pilot_cost, value_range

#: Under the first, production work is questioned; over the second, explained (requirement 63).
FEW_TIMES, MANY_TIMES = Decimal(3), Decimal(5)


@dataclass(frozen=True)
class Answer:
    """Whether a condition of a quick launch holds; None where nobody has said."""

    condition: LaunchCondition
    holds: bool | None
    #: Where the answer comes from, if not from the case itself.
    why: str = ""


@dataclass(frozen=True)
class LaunchFacts:
    """What the file of a pilot says of the conditions of a quick launch."""

    has_sponsor: bool = False
    authority: str = Authority.UNKNOWN
    has_process_owner: bool = False
    data_used: str = ""


@dataclass(frozen=True)
class Sheet:
    """A version of a business case with its lines."""

    case: BusinessCase
    #: All eight, in their order.
    costs: list[CostLine]
    benefits: list[BenefitLine]
    assumptions: list[Assumption]
    #: What the pilot's file says of the conditions of a quick launch; read for drafts only.
    file: LaunchFacts = field(default_factory=LaunchFacts)

    @cached_property
    def plan(self) -> Plan:
        """The figures as the valuation takes them. What is empty counts as nothing; checks say so."""
        return Plan(
            costs=tuple(Cost(line.label, *_spreads(line)) for line in self.costs),
            benefits=tuple(Benefit(line.name, *_spreads(line), starts_in=line.starts_in) for line in self.benefits),
            years=self.case.horizon_years,
            rate=self.case.discount_rate,
        )

    @cached_property
    def range(self) -> Range:
        return value_range(self.plan)

    @cached_property
    def swings(self) -> list[Swing]:
        return swings(self.plan)

    @property
    def pilot_cost(self) -> Decimal | None:
        """What the pilot has cost: as it stood when the case was submitted, else as its file says."""
        return self.case.pilot.cost_so_far if self.case.is_draft else self.case.pilot_cost

    @cached_property
    def times(self) -> Decimal | None:
        """How many times the pilot's cost the production work is, both likely; None where one is not known."""
        return times_pilot_cost(self.range.likely.investment, self.pilot_cost)

    @cached_property
    def answers(self) -> list[Answer]:
        """The conditions of a quick launch, answered in the case, else from the file."""
        return [self._answer(condition) for condition in LaunchCondition]

    @property
    def file_answers(self) -> list[Answer]:
        """The conditions as the file alone answers them."""
        return [self._from_file(condition) for condition in LaunchCondition]

    @property
    def timeline(self) -> TimelineClass:
        """The class that follows from the answers; of a submitted case, as it was kept."""
        if self.case.timeline_class:
            return TimelineClass(self.case.timeline_class)
        return timeline.timeline_class([answer.condition for answer in self.answers if answer.holds])

    def cost(self, kind: str) -> CostLine:
        """Return the line of that kind."""
        return next(line for line in self.costs if line.kind == kind)

    def _answer(self, condition: LaunchCondition) -> Answer:
        said = self.case.launch_answers.get(condition)
        if said is not None or not self.case.is_draft:
            return Answer(condition, said)
        return self._from_file(condition)

    def _from_file(self, condition: LaunchCondition) -> Answer:
        """Answer a condition from what is in the file and in this case, where that is enough to tell."""
        file, case = self.file, self.case
        planned = bool(case.integration_plan) and not self.cost(CostKind.INTEGRATIONS).is_empty
        known: dict[LaunchCondition, tuple[bool, str]] = {
            LaunchCondition.INTEGRATION_PATH: (planned, "by the plan and the costs in this case"),
            LaunchCondition.CHANGE_PLAN: (bool(case.adoption_plan), "by the plan in this case"),
        }
        if not file.has_sponsor:
            known[LaunchCondition.SPONSOR_AUTHORITY] = (False, "no executive sponsor is named")
        elif file.authority != Authority.UNKNOWN:
            known[LaunchCondition.SPONSOR_AUTHORITY] = (file.authority == Authority.DIRECTS, "as the sponsor has said")
        if not file.has_process_owner:
            known[LaunchCondition.PROCESS_OWNER] = (False, "no process owner is named")
        if file.data_used:
            known[LaunchCondition.LIVE_DATA] = (file.data_used == DataUsed.LIVE, "by the contract")
        if not case.pilot.vendor:
            known[LaunchCondition.VENDOR_CONTRACT] = (True, "the file names no vendor")
        holds, why = known.get(condition, (None, ""))
        return Answer(condition, holds, why)


def versions_of(pilot: Pilot) -> list[BusinessCase]:
    """Every version of a pilot's case, newest first."""
    return list(
        BusinessCase.objects.filter(pilot=pilot)
        .select_related("pilot", "submitted_by", "created_by")
        .order_by("-number")
    )


def draft_of(pilot: Pilot) -> BusinessCase | None:
    """The version that is being written, if there is one."""
    return BusinessCase.objects.filter(pilot=pilot, state=CaseState.DRAFT).select_related("pilot").first()


def sheet_of(case: BusinessCase) -> Sheet:
    """Return one version with its lines."""
    return sheets_of([case])[0]


def sheets_of(cases: Iterable[BusinessCase]) -> list[Sheet]:
    """Return versions with their lines: three queries, and four more where drafts are among them."""
    cases = list(cases)
    if not cases:
        return []
    costs: dict[int, list[CostLine]] = {}
    benefits: dict[int, list[BenefitLine]] = {}
    assumptions: dict[int, list[Assumption]] = {}
    for cost in CostLine.objects.filter(case__in=cases):
        costs.setdefault(cost.case_id, []).append(cost)
    for benefit in BenefitLine.objects.filter(case__in=cases).order_by("place"):
        benefits.setdefault(benefit.case_id, []).append(benefit)
    for assumption in Assumption.objects.filter(case__in=cases).order_by("place"):
        assumptions.setdefault(assumption.case_id, []).append(assumption)
    facts = launch_facts([case.pilot_id for case in cases if case.is_draft])
    place = {kind: number for number, kind in enumerate(CostKind)}
    return [
        Sheet(
            case=case,
            costs=sorted(costs.get(case.pk, []), key=lambda line: place[CostKind(line.kind)]),
            benefits=benefits.get(case.pk, []),
            assumptions=assumptions.get(case.pk, []),
            file=facts.get(case.pilot_id, LaunchFacts()),
        )
        for case in cases
    ]


def name_of(person: User | None) -> str:
    """Return the name of whoever did something, Pilotage where nobody did."""
    return str(person) if person else "Pilotage"


def launch_facts(pilots: list[int]) -> dict[int, LaunchFacts]:
    """What the files of pilots say of the conditions of a quick launch: four queries, none for no pilot."""
    if not pilots:
        return {}
    held = Assignment.objects.filter(pilot__in=pilots, until=None, person__is_active=True)
    asked = held.filter(part__in=(Part.EXECUTIVE_SPONSOR, Part.PROCESS_OWNER))
    parts = {(pilot, part): authority for pilot, part, authority in asked.values_list("pilot", "part", "authority")}
    latest = Round.objects.filter(pilot__in=pilots).order_by("pilot", "-number").distinct("pilot")
    rounds = dict(latest.values_list("pilot", "pk"))
    contracts = agreed_contracts(list(rounds.values()))
    return {
        pilot: LaunchFacts(
            has_sponsor=(pilot, Part.EXECUTIVE_SPONSOR) in parts,
            authority=parts.get((pilot, Part.EXECUTIVE_SPONSOR), Authority.UNKNOWN),
            has_process_owner=(pilot, Part.PROCESS_OWNER) in parts,
            data_used=contracts[rounds[pilot]].now["data_used"] if pilot in rounds else "",
        )
        for pilot in pilots
    }


def _spreads(line: Figures) -> tuple[Spread, Spread]:
    figures = [line.figures()[name] or Decimal(0) for name in FIGURES]
    return Spread(*figures[:3]), Spread(*figures[3:])
