"""Publishing a gate set: from its text to an immutable version."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.acting import note
from accounts.models import User
from audit.recording import verb
from gates.models import Criterion, Gate, GateSet

FIRST_SET = Path(__file__).parent / "content" / "gate_set_1.toml"


@verb
def publish_gate_set(*, actor: User | None, content: dict[str, Any], now: datetime) -> GateSet:
    """Publish a gate set from its content; a version that is there already is returned as it is."""
    known = GateSet.objects.filter(version=content["version"]).first()
    if known:
        return known
    gate_set = GateSet.objects.create(version=content["version"], title=content["title"])
    for described in content["gate"]:
        facts = {name: value for name, value in described.items() if name != "criterion"}
        gate = Gate(gate_set=gate_set, **facts)
        gate.full_clean()
        gate.save(force_insert=True)
        criteria = [
            Criterion(gate=gate, number=number, **criterion)
            for number, criterion in enumerate(described["criterion"], start=1)
        ]
        for criterion in criteria:
            criterion.full_clean(validate_constraints=False)
        Criterion.objects.bulk_create(criteria)
    gate_set.published_at, gate_set.published_by = now, actor
    gate_set.save(update_fields=["published_at", "published_by"])
    note(actor, "gates.set.published", gate_set, now=now, version=gate_set.version)
    return gate_set


def first_set() -> dict[str, Any]:
    """Return the content of gate set 1, which ships with the product."""
    return tomllib.loads(FIRST_SET.read_text(encoding="utf-8"))
