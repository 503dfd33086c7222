"""What members read ahead on paper: of each decision, what was promised and measured, its gates and flags."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from gates.models import AgendaItem, Flag
from gates.rules.contract_gaps import AS_ONE
from gates.rules.registry import BY_ID
from gates.states import OF_A_DECISION
from portfolio.business_case import CaseSummary, cases_of
from portfolio.models import Standing
from portfolio.progress import CriterionProgress, progress_of


@dataclass(frozen=True)
class PackPage:
    """A pilot that is to be decided, in short; the page to decide on has the rest."""

    standing: Standing | None = None
    criteria: list[CriterionProgress] = field(default_factory=list)
    case: CaseSummary | None = None
    #: Titles of the rules that have an open flag, the gravest first.
    flags: list[str] = field(default_factory=list)


def pack_of(items: Collection[AgendaItem], today: date) -> dict[int, PackPage]:
    """A page for each pilot that is to be decided, by its id; a fixed number of queries."""
    deciding = {item.pilot_id: item.round_id for item in items if item.kind in OF_A_DECISION}
    pilots = [pilot for pilot in deciding if pilot]
    standings = Standing.objects.select_related("owner", "sponsor").in_bulk(pilots)
    measured = progress_of([round_ for round_ in deciding.values() if round_], today)
    cases = cases_of(pilots)
    flags: dict[int, list[str]] = defaultdict(list)
    for row in Flag.objects.filter(pilot__in=pilots, closed_on=None).order_by("-severity", "since", "pk"):
        rule = BY_ID.get(row.rule)
        title = (AS_ONE.title if rule.family else rule.title) if rule else row.rule
        if title not in flags[row.pilot_id]:
            flags[row.pilot_id].append(title)
    return {
        pilot: PackPage(
            standings.get(pilot),
            [one for one in measured.get(deciding[pilot] or 0, []) if not one.withdrawn],
            cases.get(pilot),
            flags[pilot],
        )
        for pilot in pilots
    }
