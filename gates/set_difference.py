"""What is different between two gate sets, for those who publish one and those whose round may move to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Count

from gates.models import Criterion, Gate, GateSet
from gates.queries import set_id_of_round
from portfolio.models import Round
from portfolio.states import OPEN_ROUND_STATES


@dataclass(frozen=True)
class FieldChange:
    """One thing that reads differently: its name, and both texts."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class CriterionChange:
    """A criterion that both sets have and that is not the same in them."""

    old: Criterion
    new: Criterion
    fields: list[FieldChange]
    #: Whether it has another place among the criteria that both sets have.
    moved: bool
    #: Whether a finding of the old one says nothing of the new one.
    anew: bool


@dataclass(frozen=True)
class GateDifference:
    """A gate in two sets. Criteria that are the same in both are only counted."""

    gate: Gate
    fields: list[FieldChange]
    added: list[Criterion]
    changed: list[CriterionChange]
    retired: list[Criterion]
    #: Every criterion that is in both sets, with what it has become.
    pairs: list[tuple[Criterion, Criterion]]

    @property
    def carried(self) -> list[tuple[Criterion, Criterion]]:
        """Pairs of a criterion of old and the one to which its findings carry over."""
        return [pair for pair in self.pairs if carries_over(*pair)]

    @property
    def is_any(self) -> bool:
        return bool(self.fields or self.added or self.changed or self.retired)

    @property
    def anew(self) -> list[Criterion]:
        """Criteria of the new set that nothing found before can answer, in order."""
        return sorted(self.added + [change.new for change in self.changed if change.anew], key=lambda one: one.number)


@dataclass(frozen=True)
class SetDifference:
    """Two gate sets beside each other."""

    old: GateSet
    new: GateSet
    gates: list[GateDifference]

    @property
    def changed_gates(self) -> list[GateDifference]:
        return [gate for gate in self.gates if gate.is_any]

    @property
    def is_any(self) -> bool:
        return bool(self.changed_gates)

    @property
    def carried(self) -> int:
        """How many criteria keep what was found of them."""
        return sum(len(gate.carried) for gate in self.gates)

    @property
    def anew(self) -> int:
        """How many criteria have to be assessed anew."""
        return sum(len(gate.anew) for gate in self.gates)

    @property
    def total(self) -> int:
        return self.carried + self.anew


def carries_over(old: Criterion, new: Criterion) -> bool:
    """Whether a finding of one holds for the other: they state the same, and the same function judges it."""
    return (old.slug, old.statement, old.function) == (new.slug, new.statement, new.function)


def difference(old: GateSet, new: GateSet) -> SetDifference:
    """Set two gate sets beside each other, gate by gate. Two queries."""
    by_set: dict[int, dict[int, Gate]] = {old.pk: {}, new.pk: {}}
    gates = {gate.pk: gate for gate in Gate.objects.filter(gate_set__in=[old, new]).order_by("number")}
    criteria: dict[int, list[Criterion]] = {pk: [] for pk in gates}
    for gate in gates.values():
        by_set[gate.gate_set_id][gate.number] = gate
    for criterion in Criterion.objects.filter(gate__in=list(gates)).order_by("gate", "number"):
        criterion.gate = gates[criterion.gate_id]
        criteria[criterion.gate_id].append(criterion)
    return SetDifference(
        old,
        new,
        [
            _gate_difference(before, gate, criteria[before.pk] if before else [], criteria[gate.pk])
            for number, gate in by_set[new.pk].items()
            for before in [by_set[old.pk].get(number)]
        ],
    )


def retired_from(gate: Gate, kept: Sequence[Criterion]) -> list[Criterion]:
    """Criteria that the set of which `gate`'s draft is a copy has and that are not `kept`, in order."""
    base = Criterion.objects.filter(gate__gate_set=gate.gate_set.based_on, gate__slug=gate.slug)
    return list(base.exclude(slug__in=[criterion.slug for criterion in kept]).order_by("number"))


def open_rounds_by_set() -> dict[int, int]:
    """How many open rounds go by each gate set, by its id. One query."""
    rounds = Round.objects.filter(state__in=OPEN_ROUND_STATES).annotate(set_id=set_id_of_round())
    return dict(rounds.values_list("set_id").annotate(total=Count("pk")).order_by())


def open_rounds_on(gate_set: GateSet) -> int:
    """How many open rounds go by a gate set."""
    return open_rounds_by_set().get(gate_set.pk, 0)


def _gate_difference(
    old: Gate | None, new: Gate, before: Sequence[Criterion], after: Sequence[Criterion]
) -> GateDifference:
    known = {criterion.slug: criterion for criterion in before}
    kept = {criterion.slug for criterion in after}
    moved = _moved([one.slug for one in before if one.slug in kept], [one.slug for one in after if one.slug in known])
    pairs = [(known[one.slug], one) for one in after if one.slug in known]
    changes = [
        CriterionChange(was, now, _fields(was, now), now.slug in moved, anew=not carries_over(was, now))
        for was, now in pairs
    ]
    return GateDifference(
        gate=new,
        fields=_changes(_gate_words(old) if old else {}, _gate_words(new)),
        added=[one for one in after if one.slug not in known],
        changed=[change for change in changes if change.fields or change.moved],
        retired=[one for one in before if one.slug not in kept],
        pairs=pairs,
    )


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Which of the same names stand elsewhere: all but those that kept their order among each other."""
    stayed = {
        name
        for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        for name in before[block.a : block.a + block.size]
    }
    return set(after) - stayed


def _fields(old: Criterion, new: Criterion) -> list[FieldChange]:
    return _changes(_criterion_words(old), _criterion_words(new))


def _changes(before: dict[str, str], after: dict[str, str]) -> list[FieldChange]:
    return [
        FieldChange(label, before.get(label, ""), text) for label, text in after.items() if before.get(label) != text
    ]


def _gate_words(gate: Gate) -> dict[str, str]:
    return {"Title": gate.title, "Question": gate.question, "Led by": gate.get_lead_function_display()}


def _criterion_words(criterion: Criterion) -> dict[str, str]:
    days = criterion.evidence_valid_days
    return {
        "Statement": criterion.statement,
        "What convinces": criterion.convincing,
        "What does not count": criterion.not_enough,
        "Function": criterion.get_function_display(),
        "Required from": f"{criterion.get_mandatory_from_display()} risk up",
        "Evidence": "Required" if criterion.evidence_required else "Not required",
        "Evidence counts for": f"{days} days" if days else "As long as it is not withdrawn",
    }
