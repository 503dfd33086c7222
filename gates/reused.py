"""Reading reuse: what a criterion leans on, whether it still holds, and what could be leaned on (requirement 37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet

from accounts.models import User
from gates.models import Assessment, Criterion, GateReview, Reuse
from gates.readiness import source_holds
from gates.states import SETTLED_FINDINGS
from portfolio.models import Pilot
from portfolio.states import LampState


@dataclass(frozen=True)
class ReuseView:
    """A reuse as it stands on a day."""

    reuse: Reuse
    holds: bool
    #: Why it no longer holds; empty while it does.
    lapsed: str


def reuses_of(review: GateReview, today: date) -> dict[int, list[ReuseView]]:
    """What each criterion of a review leans on, by criterion id. Two queries."""
    if not review.pk:
        return {}
    rows = Reuse.objects.filter(review=review, removed_at=None).select_related(
        "source__review__round__pilot", "source__criterion__gate", "source__assessor", "attached_by"
    )
    holding = set(Reuse.objects.filter(source_holds(), review=review).values_list("pk", flat=True))
    found: dict[int, list[ReuseView]] = {}
    for row in rows.order_by("pk"):
        lapsed = ""
        if row.has_run_out(today):
            lapsed = "Its own last day is over."
        elif row.pk not in holding:
            lapsed = "What it leaned on no longer holds there."
        found.setdefault(row.criterion_id, []).append(ReuseView(row, not lapsed, lapsed))
    return found


def reusable(criterion: Criterion, pilot: Pilot, reader: User) -> QuerySet[Assessment]:
    """Findings of the same criterion in other pilots that `reader` may see, of gates that passed, newest first.

    The same criterion is the one of that short name, whatever the version of its gate set.
    """
    newest = Assessment.objects.values("review", "criterion").annotate(last=Max("id")).values("last")
    return (
        Assessment.objects.filter(
            pk__in=newest,
            criterion__slug=criterion.slug,
            criterion__gate__slug=criterion.gate.slug,
            finding__in=SETTLED_FINDINGS,
            review__state__in=(LampState.PASSED, LampState.CONDITIONAL),
            review__round__pilot__in=Pilot.objects.visible_to(reader),
        )
        .exclude(review__round__pilot=pilot)
        .select_related("review__round__pilot", "criterion__gate", "assessor")
        .order_by("-at", "-pk")
    )


def lapsed_now(reuses: QuerySet[Reuse], today: date) -> Sequence[Reuse]:
    """Those of `reuses` that no longer hold."""
    standing = reuses.filter(source_holds(), valid_until__gte=today)
    return list(reuses.exclude(pk__in=standing.values("pk")).select_related("criterion__gate"))
