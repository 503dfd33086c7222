"""Shorthand for tests of drafts: a draft, its rows, and facts of a criterion."""

from gates.drafting_sets import begin_draft, change_criterion
from gates.models import Criterion, Gate, GateSet
from gates.publishing import publish_draft

FACTS = {
    "statement": "Somebody reads a sample of the answers every week.",
    "convincing": "The sample of last week, with what was found.",
    "not_enough": "The intention to read some.",
    "function": "operations",
    "mandatory_from": "low",
    "evidence_required": True,
    "evidence_valid_days": 90,
}


def draft_of(cast, *, now) -> GateSet:
    return begin_draft(actor=cast.administrator, now=now)


def gate_of(gate_set, number=2) -> Gate:
    return Gate.objects.select_related("gate_set__based_on").get(gate_set=gate_set, number=number)


def one_of(gate_set, slug) -> Criterion:
    return Criterion.objects.select_related("gate__gate_set").get(gate__gate_set=gate_set, slug=slug)


def slugs(gate_set, number=2) -> list[str]:
    return list(
        Criterion.objects.filter(gate__gate_set=gate_set, gate__number=number)
        .order_by("number")
        .values_list("slug", flat=True)
    )


def reworded(cast, draft, slug, *, now, **facts) -> Criterion:
    facts = facts or {"statement": "It says something else now."}
    return change_criterion(actor=cast.administrator, criterion=one_of(draft, slug), seen=None, now=now, **facts)


def published(cast, draft, *, now, reason="Asks for eight weeks of data.") -> GateSet:
    return publish_draft(
        actor=cast.administrator, draft=draft, title="Six questions, second reading", reason=reason, seen=None, now=now
    )
