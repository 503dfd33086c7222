"""Business units: adding and changing them."""

from collections.abc import Collection
from datetime import datetime

from django.utils.text import slugify

from accounts.acting import compare_and_step, note
from accounts.models import Unit, User
from accounts.obstacles import Obstacle, RefusedError
from accounts.unit_paths import Path, spelled_alike, units_by_path
from audit.recording import verb


@verb
def add_unit(*, actor: User | None, name: str, parent: Unit | None = None, now: datetime, slug: str = "") -> Unit:
    """Add a unit; the slug comes from the name unless given."""
    unit = Unit(name=name.strip(), parent=parent, slug=slug or _free_slug(name))
    unit.full_clean()
    unit.save(force_insert=True)
    note(actor, "accounts.unit.added", unit, now=now, name=unit.name)
    return unit


@verb
def change_unit(
    *, actor: User | None, unit: Unit, name: str, parent: Unit | None, now: datetime, seen: int | None
) -> Unit:
    """Rename a unit or move it below another. Refuses a place below itself: the tree stays one."""
    list(Unit.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    unit = Unit.objects.get(pk=unit.pk)
    compare_and_step(unit, seen)
    if parent is not None and unit.pk in _upwards(parent):
        raise RefusedError([Obstacle("parent", "A unit cannot be placed below itself or below one of its own units.")])
    unit.name, unit.parent = name.strip(), parent
    unit.full_clean()
    unit.save()
    note(actor, "accounts.unit.changed", unit, now=now, name=unit.name)
    return unit


@verb
def ensure_units(*, actor: User | None, paths: Collection[Path], now: datetime) -> dict[Path, Unit]:
    """Make the units of `paths` that are missing, each below the one before it; return all units by path.

    Names are up to 160 characters long. Two statements per level of the tree, however many there are.
    """
    known = units_by_path()
    slugs = set(Unit.objects.values_list("slug", flat=True))
    for depth in range(1, max(map(len, paths), default=0) + 1):
        missing: dict[Path, Unit] = {}
        for path in paths:
            key = spelled_alike(path[:depth])
            if len(path) >= depth and key not in known and key not in missing:
                parent = known[key[:-1]] if depth > 1 else None
                missing[key] = Unit(name=path[depth - 1], parent=parent, slug=_taken_slug(path[:depth], slugs))
        Unit.objects.bulk_create(missing.values())
        known.update(missing)
        for unit in missing.values():
            note(actor, "accounts.unit.added", unit, now=now, name=unit.name)
    return known


def _upwards(unit: Unit) -> list[int]:
    """Return the unit and everything above it."""
    above = dict(Unit.objects.values_list("pk", "parent_id"))
    path: list[int] = []
    step: int | None = unit.pk
    while step is not None and step not in path:
        path.append(step)
        step = above.get(step)
    return path


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "unit"
    taken = set(Unit.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base, *(f"{base}-{count}" for count in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def _taken_slug(path: Path, taken: set[str]) -> str:
    """Return a slug that is not `taken`, and take it."""
    base = slugify(" ".join(path[-2:]))[:70].strip("-") or "unit"
    slug, count = base, 1
    while slug in taken:
        count += 1
        slug = f"{base}-{count}"
    taken.add(slug)
    return slug
