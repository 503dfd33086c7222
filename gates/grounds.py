"""What a decision is held against: measured criteria, gates, business case, people. Read once, judged by pure rules."""

from dataclasses import dataclass, field
from datetime import date

from gates.models import GateReview
from gates.queries import gates_of
from portfolio.agreement import AgreedContract, agreed_contracts
from portfolio.business_case import CaseSummary, case_of
from portfolio.models import Assignment, ChangePlan, Pilot, Round
from portfolio.progress import CriterionProgress, met_and_unmet, progress_of
from portfolio.states import Authority, LampState, MetricKind, Part
from portfolio.status import Status, status_of

#: Gates that stand in nobody's way.
CLEARED = (LampState.PASSED, LampState.CONDITIONAL)


@dataclass(frozen=True)
class GateGround:
    """A gate with where it stands, and which function leads it."""

    title: str
    state: str
    lead: str

    @property
    def cleared(self) -> bool:
        return self.state in CLEARED


@dataclass(frozen=True)
class Grounds:
    """The facts that outcomes are held against."""

    #: Criteria that belong to the contract now.
    met: list[CriterionProgress] = field(default_factory=list)
    unmet: list[CriterionProgress] = field(default_factory=list)
    #: Taken out of the contract by an amendment.
    withdrawn: list[CriterionProgress] = field(default_factory=list)
    gates: list[GateGround] = field(default_factory=list)
    contract: AgreedContract | None = None
    case: CaseSummary | None = None
    sponsor: str = ""
    sponsor_directs: bool = False
    production_owner: str = ""
    status: Status | None = None
    has_change_plan: bool = False

    @property
    def criteria(self) -> list[CriterionProgress]:
        return sorted(self.met + self.unmet, key=lambda one: one.number)

    @property
    def not_cleared(self) -> list[GateGround]:
        return [gate for gate in self.gates if not gate.cleared]

    @property
    def all_met(self) -> bool:
        """Every criterion is met, and there is one."""
        return bool(self.met) and not self.unmet

    @property
    def measures_business(self) -> bool:
        return any(one.agreed.now.kind == MetricKind.BUSINESS for one in self.criteria)

    @property
    def users_outside(self) -> int | None:
        """People outside the pilot team who used it, by the last update that said so."""
        told = self.status.adoption[:1] if self.status else []
        return told[0].users_outside if told else None


def grounds_of(pilot: Pilot, round_: Round, today: date) -> Grounds:
    """Read them in a fixed number of queries."""
    progress = progress_of([round_.pk], today)[round_.pk]
    met, unmet = met_and_unmet(progress)
    held = Assignment.objects.filter(
        pilot=pilot, until=None, person__is_active=True, part__in=(Part.EXECUTIVE_SPONSOR, Part.PRODUCTION_OWNER)
    )
    people = {one.part: one for one in held.select_related("person")}
    sponsor, owner = people.get(Part.EXECUTIVE_SPONSOR), people.get(Part.PRODUCTION_OWNER)
    return Grounds(
        met=met,
        unmet=unmet,
        withdrawn=[one for one in progress if one.withdrawn],
        gates=gate_grounds(round_),
        contract=agreed_contracts([round_.pk])[round_.pk],
        case=case_of(pilot),
        sponsor=str(sponsor.person) if sponsor else "",
        sponsor_directs=bool(sponsor and sponsor.authority == Authority.DIRECTS),
        production_owner=str(owner.person) if owner else "",
        status=status_of(pilot),
        has_change_plan=ChangePlan.objects.filter(pilot=pilot).exclude(what_changes="").exists(),
    )


def gate_grounds(round_: Round) -> list[GateGround]:
    """The gates of a round with their states."""
    states = dict(GateReview.objects.filter(round=round_).values_list("gate", "state"))
    return [
        GateGround(gate.title, states.get(gate.pk, LampState.NOT_STARTED), gate.lead_function)
        for gate in gates_of(round_)
    ]
