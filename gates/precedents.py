"""Reading precedents: how the question of a criterion was settled before (requirement 39)."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import User
from gates.models import Criterion, Precedent
from portfolio.models import Pilot


def precedents_visible_to(reader: User) -> QuerySet[Precedent]:
    """Every precedent, newest first, of pilots that `reader` may see: what is settled elsewhere is not there."""
    return (
        Precedent.objects.filter(review__round__pilot__in=Pilot.objects.visible_to(reader))
        .select_related("criterion__gate", "review__round__pilot", "written_by", "withdrawal__by")
        .order_by("-written_at", "-pk")
    )


def precedents_of(criteria: Iterable[Criterion], reader: User) -> dict[int, list[Precedent]]:
    """Precedents in force of many criteria, by the id of the criterion, newest first; one query.

    A criterion keeps its precedents from gate set to gate set, by its short name and its gate's. Read criteria with
    their gates (`select_related("gate")`).
    """
    asked = list(criteria)
    found: dict[tuple[str, str], list[Precedent]] = {}
    for precedent in precedents_visible_to(reader).filter(
        withdrawal=None, criterion__slug__in={criterion.slug for criterion in asked}
    ):
        found.setdefault((precedent.criterion.gate.slug, precedent.criterion.slug), []).append(precedent)
    return {criterion.pk: found.get((criterion.gate.slug, criterion.slug), []) for criterion in asked}
