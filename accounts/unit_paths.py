"""Units by their paths."""

from collections.abc import Iterable

from accounts.models import Unit

#: Names of units from the top down: ("Department of Letters", "Bureau of Stamps").
Path = tuple[str, ...]


def units_by_path() -> dict[Path, Unit]:
    """Every unit by the path of its names, letter case evened out. One query."""
    units = {unit.pk: unit for unit in Unit.objects.order_by("pk")}
    found: dict[Path, Unit] = {}
    for unit in units.values():
        path: Path = ()
        above: Unit | None = unit
        while above is not None:
            path = (above.name.casefold(), *path)
            above = units[above.parent_id] if above.parent_id else None
        found.setdefault(path, unit)
    return found


def spelled_alike(path: Iterable[str]) -> Path:
    """Return a path in the form in which `units_by_path` knows it."""
    return tuple(name.casefold() for name in path)
