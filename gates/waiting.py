"""What waits on whom: criteria that a reviewer has not assessed, gates to conclude, pilots to decide."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    CharField,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from accounts.states import Function
from gates.models import Assessment, Criterion, Gate, GateReview
from gates.queries import set_id_of_round
from gates.states import CONCLUSIONS, RISK_ORDER, mandatory
from portfolio.models import Assignment, Pilot, Round
from portfolio.states import UNDECIDED_ROUND_STATES, LampState


@dataclass(frozen=True)
class GateToAssess:
    """A gate with the number of required criteria that wait for a reviewer."""

    gate: Gate
    missing: int


@dataclass(frozen=True)
class RoundToAssess:
    """A round with the gates that wait for a reviewer."""

    round: Round
    gates: list[GateToAssess]


def rounds_to_assess(user: User, functions: Collection[Function]) -> QuerySet[Round]:
    """Undecided rounds in which a required criterion of `functions` is not assessed, oldest due date first.

    Only of pilots that `user` may see and has no part in; gates that are concluded wait for nobody.
    """
    concluded = GateReview.objects.filter(gate=OuterRef("gate"), round=OuterRef(OuterRef("pk")), state__in=CONCLUSIONS)
    known = Assessment.objects.filter(criterion=OuterRef("pk"), review__round=OuterRef(OuterRef("pk")))
    missing = _required(OuterRef("pilot__risk_class")).filter(
        ~Exists(known), ~Exists(concluded), gate__gate_set=OuterRef("set_id"), function__in=list(functions)
    )
    return (
        _reviewable(user)
        .annotate(set_id=set_id_of_round())
        .filter(Exists(missing))
        .select_related("pilot")
        .order_by(F("decision_due").asc(nulls_last=True), "pk")
    )


def gates_to_assess(rounds: Sequence[Round], functions: Collection[Function]) -> list[RoundToAssess]:
    """Say for each of `rounds`, as `rounds_to_assess` gave them, which gates wait. A fixed number of queries."""
    known = set(
        Assessment.objects.filter(review__round__in=rounds).values_list("review__round", "criterion").distinct()
    )
    concluded = set(GateReview.objects.filter(round__in=rounds, state__in=CONCLUSIONS).values_list("round", "gate"))
    criteria = defaultdict(list)
    asked = Criterion.objects.filter(function__in=list(functions), gate__gate_set__in={r.set_id for r in rounds})  # type: ignore[attr-defined]
    for criterion in asked.select_related("gate").order_by("gate__number", "number"):
        criteria[criterion.gate.gate_set_id].append(criterion)
    found = []
    for round_ in rounds:
        gates = {
            criterion.gate_id: criterion.gate
            for criterion in criteria[round_.set_id]  # type: ignore[attr-defined]
        }
        waiting = Counter(
            criterion.gate_id
            for criterion in criteria[round_.set_id]  # type: ignore[attr-defined]
            if mandatory(criterion.mandatory_from, round_.pilot.risk_class)
            and (round_.pk, criterion.pk) not in known
            and (round_.pk, criterion.gate_id) not in concluded
        )
        found.append(RoundToAssess(round_, [GateToAssess(gates[gate], count) for gate, count in waiting.items()]))
    return found


def reviews_to_conclude(user: User, functions: Collection[Function]) -> QuerySet[GateReview]:
    """Gates in review that `user` can conclude, of undecided rounds, with every required criterion assessed."""
    known = Assessment.objects.filter(criterion=OuterRef("pk"), review=OuterRef(OuterRef("pk")))
    missing = _required(OuterRef("round__pilot__risk_class")).filter(~Exists(known), gate=OuterRef("gate"))
    return (
        GateReview.objects.filter(
            ~Exists(missing),
            round__in=_reviewable(user),
            state=LampState.IN_REVIEW,
            gate__lead_function__in=list(functions),
        )
        .select_related("round__pilot", "gate")
        .order_by(F("round__decision_due").asc(nulls_last=True), "pk")
    )


def pilots_to_decide(user: User, committees: Collection[str], today: date) -> QuerySet[Pilot]:
    """Undecided pilots of these committees that `user` may see, worst first: cost of waiting, then age."""
    days = Func(
        Value(0),
        Func(
            Cast(Value(today), DateField()),
            F("standing__undecided_since"),
            template="(%(expressions)s)",
            arg_joiner=" - ",
            output_field=IntegerField(),
        ),
        function="greatest",
        output_field=IntegerField(),
    )
    return (
        Pilot.objects.visible_to(user)
        .undecided()
        .filter(committee_slug__in=committees)
        .annotate(days=days)
        .annotate(weight=Coalesce(F("monthly_cost") * F("days"), Value(0), output_field=DecimalField()))
        .select_related("unit", "standing__owner")
        .order_by(F("weight").desc(), F("standing__undecided_since").asc(nulls_last=True), "pk")
    )


def _reviewable(user: User) -> QuerySet[Round]:
    own = Assignment.objects.filter(person=user, until=None).values("pilot")
    return Round.objects.filter(
        state__in=UNDECIDED_ROUND_STATES, pilot__in=Pilot.objects.visible_to(user).exclude(pk__in=own)
    )


def _required(risk: OuterRef) -> QuerySet[Criterion]:
    """Criteria that are required for the risk class to which `risk` refers; see `gates.states.mandatory`."""
    condition = Q()
    for position, least in enumerate(RISK_ORDER):
        condition |= Q(mandatory_from=least, risk__in=RISK_ORDER[position:])
    return Criterion.objects.annotate(risk=ExpressionWrapper(risk, output_field=CharField())).filter(condition)
