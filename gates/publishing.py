"""Publishing a gate set: from its text, or from a draft, to an immutable version."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from accounts.states import Function
from audit.recording import verb
from gates.drafting_sets import compare_revision, locked_draft
from gates.models import Criterion, Gate, GateSet, RoundGateSet
from gates.queries import set_id_of_round
from gates.set_difference import difference
from portfolio.models import Round
from portfolio.states import RiskClass, RoundState

FIRST_SET = Path(__file__).parent / "content" / "gate_set_1.toml"


@verb
def publish_gate_set(*, actor: User | None, content: dict[str, Any], now: datetime) -> GateSet:
    """Publish a gate set from its content; a version that is there already is returned as it is."""
    known = GateSet.objects.filter(version=content["version"]).first()
    if known:
        return known
    gate_set = GateSet.objects.create(version=content["version"], title=content["title"])
    gates, criteria = [], []
    for described in content["gate"]:
        facts = {name: value for name, value in described.items() if name != "criterion"}
        gates.append(gate := Gate(gate_set=gate_set, **facts))
        criteria += [
            Criterion(gate=gate, number=number, **criterion)
            for number, criterion in enumerate(described["criterion"], start=1)
        ]
    # What is only one, the database holds.
    for row in [*gates, *criteria]:
        row.full_clean(exclude=["gate_set", "gate"], validate_unique=False, validate_constraints=False)
    Gate.objects.bulk_create(gates)
    Criterion.objects.bulk_create(criteria)
    gate_set.published_at, gate_set.published_by = now, actor
    gate_set.save(update_fields=["published_at", "published_by"])
    note(actor, "gates.set.published", gate_set, now=now, version=gate_set.version)
    return gate_set


@verb
def publish_draft(*, actor: User, draft: GateSet, title: str, reason: str, seen: int | None, now: datetime) -> GateSet:
    """Publish a draft: from now on rounds begin with it, and it never changes again.

    Rounds that have begun are held to the set they began with. Refuses what `publishing_obstacles` lists, a
    publication without a reason, and (StaleError) a draft that has changed since it was `seen`.
    """
    draft = locked_draft(draft)
    compare_revision(draft, seen)
    obstacles = publishing_obstacles(draft)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say what is new in this set, and why.", "you, in the text"))
    refuse_any(obstacles)
    held = _hold_rounds(now)
    draft.title, draft.note = title.strip(), reason.strip()
    draft.published_at, draft.published_by = now, actor
    draft.full_clean(exclude=["version"])
    draft.save()
    note(actor, "gates.set.published", draft, now=now, version=draft.version, reason=draft.note, rounds_held=held)
    return draft


def publishing_obstacles(draft: GateSet) -> list[Obstacle]:
    """Everything that keeps a draft from being published."""
    obstacles = []
    criteria: dict[int, list[Criterion]] = {}
    for criterion in Criterion.objects.filter(gate__gate_set=draft).order_by("gate__number", "number"):
        criteria.setdefault(criterion.gate_id, []).append(criterion)
    who = "an administrator, in the draft"
    for gate in Gate.objects.filter(gate_set=draft).select_related("gate_set").order_by("number"):
        asked, url = criteria.get(gate.pk, []), gate.get_absolute_url()
        if not asked:
            obstacles.append(Obstacle("no_criterion", f"{gate} has no criterion.", who, url))
            continue
        if gate.lead_function not in {one.function for one in asked}:
            leads = Function(gate.lead_function).label
            what = f"{gate} is led by {leads}, which has no criterion in it."
            obstacles.append(Obstacle("lead_without_criterion", what, who, url))
        if RiskClass.LOW not in {one.mandatory_from for one in asked}:
            what = f"{gate} requires nothing on the fast path, so a pilot of low risk would pass it unseen."
            obstacles.append(Obstacle("nothing_required", what, who, url))
    if draft.based_on and not difference(draft.based_on, draft).is_any:
        obstacles.append(Obstacle("nothing_changed", f"It says the same as gate set {draft.based_on.version}.", who))
    return obstacles


def _hold_rounds(now: datetime) -> int:
    """Write down, for each round that has begun, the set that it goes by; return for how many."""
    begun = Round.objects.exclude(state=RoundState.DRAFT).filter(gate_sets=None).annotate(set_id=set_id_of_round())
    rows = [RoundGateSet(round_id=pk, gate_set_id=kept, at=now) for pk, kept in begun.values_list("pk", "set_id")]
    RoundGateSet.objects.bulk_create(rows)
    return len(rows)


def first_set() -> dict[str, Any]:
    """Return the content of gate set 1, which ships with the product."""
    return tomllib.loads(FIRST_SET.read_text(encoding="utf-8"))
