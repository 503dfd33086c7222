"""Drafting a gate set: copying the published one, rewording, adding, moving and retiring criteria.

At most one draft is open at a time, so that the difference to the published set is one answer and not several.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.text import slugify

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, RefusedError, StaleError, refuse_any
from audit.recording import verb
from gates.models import Criterion, Gate, GateSet
from gates.queries import draft_set, newest_set

#: What a draft says of a gate, and of a criterion; its place is another matter.
GATE_FACTS = ("title", "question", "lead_function")
CRITERION_FACTS = (
    "statement", "convincing", "not_enough", "function", "mandatory_from", "evidence_required", "evidence_valid_days",
)  # fmt: skip
#: Farther than any gate has criteria: rows wait there while their numbers change places.
_ASIDE = 1000
_SLUG_LENGTH = 50


@verb
def begin_draft(*, actor: User, now: datetime) -> GateSet:
    """Copy the newest published set to a draft. Refuses a second draft, and a copy of nothing."""
    newest, open_draft = newest_set(), draft_set()
    if open_draft:
        raise RefusedError(
            [
                Obstacle(
                    "draft_exists",
                    f"There is a draft already, begun by {open_draft.begun_by or 'Pilotage'}.",
                    "whoever publishes or discards it",
                )
            ]
        )
    if newest is None:
        raise RefusedError([Obstacle("nothing_published", "No gate set is published that could be copied.")])
    base = GateSet.objects.select_for_update().get(pk=newest.pk)
    draft = GateSet.objects.create(
        version=base.version + 1, title=base.title, based_on=base, begun_at=now, begun_by=actor
    )
    for gate in Gate.objects.filter(gate_set=base).order_by("number"):
        copy = Gate.objects.create(gate_set=draft, number=gate.number, slug=gate.slug, **_facts(gate, GATE_FACTS))
        Criterion.objects.bulk_create(
            Criterion(gate=copy, number=one.number, slug=one.slug, **_facts(one, CRITERION_FACTS))
            for one in Criterion.objects.filter(gate=gate).order_by("number")
        )
    note(actor, "gates.set.begun", draft, now=now, version=draft.version, base=base.version)
    return draft


@verb
def discard_draft(*, actor: User, draft: GateSet, seen: int | None, now: datetime) -> None:
    """Throw a draft away with all that it says. StaleError where it has changed since it was `seen`."""
    draft = locked_draft(draft)
    compare_revision(draft, seen)
    note(actor, "gates.set.discarded", draft, now=now, version=draft.version)
    Criterion.objects.filter(gate__gate_set=draft).delete()
    Gate.objects.filter(gate_set=draft).delete()
    GateSet.objects.filter(pk=draft.pk).delete()


@verb
def change_gate(*, actor: User, gate: Gate, seen: int | None, now: datetime, **facts: str) -> Gate:
    """Reword a gate of a draft, or give its lead to another function."""
    draft = locked_draft(gate.gate_set)
    gate = Gate.objects.select_for_update().get(pk=gate.pk)
    changed = {name: value for name, value in facts.items() if getattr(gate, name) != value}
    compare_and_step(gate, seen)
    if not changed:
        return gate
    for name, value in changed.items():
        setattr(gate, name, value)
    gate.full_clean()
    gate.save()
    _step(draft)
    note(actor, "gates.gate.changed", gate, now=now, version=draft.version, gate=gate.title, changed=sorted(changed))
    return gate


@verb
def add_criterion(*, actor: User, gate: Gate, now: datetime, **facts: Any) -> Criterion:
    """Add a criterion at the end of a gate of a draft; its short name comes from its statement and never changes."""
    draft = locked_draft(gate.gate_set)
    number = Criterion.objects.filter(gate=gate).count() + 1
    criterion = Criterion(gate=gate, number=number, slug=_free_slug(gate, facts["statement"]), **facts)
    criterion.full_clean()
    criterion.save(force_insert=True)
    _step(draft)
    _note(actor, "gates.criterion.added", draft, criterion, now=now, statement=criterion.statement)
    return criterion


@verb
def change_criterion(*, actor: User, criterion: Criterion, seen: int | None, now: datetime, **facts: Any) -> Criterion:
    """Change what a criterion of a draft says, who judges it, and when it is required."""
    draft = locked_draft(criterion.gate.gate_set)
    criterion = Criterion.objects.select_for_update(of=("self",)).select_related("gate").get(pk=criterion.pk)
    changed = {name: value for name, value in facts.items() if getattr(criterion, name) != value}
    compare_and_step(criterion, seen)
    if not changed:
        return criterion
    for name, value in changed.items():
        setattr(criterion, name, value)
    criterion.full_clean()
    criterion.save()
    _step(draft)
    _note(actor, "gates.criterion.changed", draft, criterion, now=now, changed=sorted(changed))
    return criterion


@verb
def move_criterion(*, actor: User, criterion: Criterion, places: int, now: datetime) -> Criterion:
    """Move a criterion of a draft up (negative) or down its gate; beyond the end it stays at the end."""
    draft = locked_draft(criterion.gate.gate_set)
    order = list(Criterion.objects.filter(gate=criterion.gate).order_by("number").values_list("pk", flat=True))
    place = order.index(criterion.pk)
    wanted = min(max(place + places, 0), len(order) - 1)
    if wanted != place:
        order.insert(wanted, order.pop(place))
        _number(criterion.gate, order)
        _step(draft)
        criterion = Criterion.objects.select_related("gate").get(pk=criterion.pk)
        _note(actor, "gates.criterion.moved", draft, criterion, now=now, was=place + 1)
    return criterion


@verb
def retire_criterion(*, actor: User, criterion: Criterion, now: datetime) -> None:
    """Leave a criterion out of a draft. Published sets, and the rounds that go by them, keep it."""
    draft = locked_draft(criterion.gate.gate_set)
    _note(actor, "gates.criterion.retired", draft, criterion, now=now, statement=criterion.statement)
    Criterion.objects.filter(pk=criterion.pk).delete()
    left = Criterion.objects.filter(gate=criterion.gate).order_by("number").values_list("pk", flat=True)
    _number(criterion.gate, list(left))
    _step(draft)


@verb
def bring_back_criterion(*, actor: User, gate: Gate, slug: str, now: datetime) -> Criterion:
    """Take a retired criterion back into a draft as the published set has it, at the end of its gate."""
    draft = locked_draft(gate.gate_set)
    kept = Criterion.objects.filter(gate=gate, slug=slug).first()
    if kept:
        return kept
    published = Criterion.objects.filter(gate__gate_set=draft.based_on, gate__slug=gate.slug, slug=slug).first()
    if published is None:
        raise RefusedError([Obstacle("not_retired", "The published set has no such criterion.")])
    number = Criterion.objects.filter(gate=gate).count() + 1
    criterion = Criterion.objects.create(gate=gate, number=number, slug=slug, **_facts(published, CRITERION_FACTS))
    _step(draft)
    _note(actor, "gates.criterion.brought_back", draft, criterion, now=now)
    return criterion


def locked_draft(gate_set: GateSet) -> GateSet:
    """Return a draft as it is now, locked; refuses what is published."""
    found = GateSet.objects.select_for_update().get(pk=gate_set.pk)
    if not found.is_draft:
        refuse_any(
            [Obstacle("published", f"Gate set {found.version} is published and stays as it is.", "you, in a draft")]
        )
    return found


def compare_revision(draft: GateSet, seen: int | None) -> None:
    """StaleError where a locked draft is not the one that was looked at."""
    if seen is not None and draft.revision != seen:
        raise StaleError(seen=seen, current=draft.revision)


def _step(draft: GateSet) -> None:
    GateSet.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)


def _number(gate: Gate, order: Sequence[int]) -> None:
    """Number the criteria of a gate in the `order` of their ids; each number is taken once at any moment."""
    Criterion.objects.filter(gate=gate).update(number=F("number") + _ASIDE)
    Criterion.objects.bulk_update([Criterion(pk=pk, number=place) for place, pk in enumerate(order, 1)], ["number"])


def _free_slug(gate: Gate, statement: str) -> str:
    """A short name that this gate never had in any set: a name of old would stand for the criterion of old."""
    taken = set(Criterion.objects.filter(gate__slug=gate.slug).values_list("slug", flat=True))
    wanted = slugify(statement)[:_SLUG_LENGTH].rstrip("-") or "criterion"
    free, times = wanted, 1
    while free in taken:
        times += 1
        free = f"{wanted}-{times}"
    return free


def _facts(row: Gate | Criterion, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _note(actor: User, kind: str, draft: GateSet, criterion: Criterion, *, now: datetime, **data: Any) -> None:
    label = f"{criterion.gate.number}.{criterion.number}"
    note(actor, kind, criterion, now=now, version=draft.version, criterion=label, **data)
