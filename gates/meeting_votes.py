"""What stands beside a decision on an agenda: the vote on it, and who keeps out of it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from accounts.models import User
from gates.models import AgendaItem, Proposal, Recusal
from gates.states import OF_A_DECISION, ProposalResult
from gates.voters import OWN_PART
from portfolio.models import Assignment


@dataclass(frozen=True)
class Recused:
    """Somebody who keeps out of a decision, and why."""

    person: str
    reason: str


@dataclass(frozen=True)
class VoteLine:
    """The last proposal on a round, and how many have voted on it."""

    proposal: Proposal
    voted: int

    @property
    def to_record(self) -> bool:
        """Whether it was carried; the page asks whether it is recorded."""
        return self.proposal.result == ProposalResult.CARRIED

    @property
    def counted(self) -> str:
        """The count in words, as "4 for, 1 against"; empty before it is counted, and for a notice."""
        said = (("for_", "for"), ("against", "against"), ("abstain", "abstained"))
        return ", ".join(f"{self.proposal.count[key]} {word}" for key, word in said if self.proposal.count.get(key))


def votes_on(items: Collection[AgendaItem], until: datetime | None) -> dict[int | None, VoteLine]:
    """The last proposal on each round that is to be decided, of those opened by `until`; by round, in one query."""
    rounds = [item.round_id for item in items if item.kind in OF_A_DECISION]
    rows = Proposal.objects.filter(round__in=rounds).exclude(result=ProposalResult.WITHDRAWN).order_by("pk")
    if until:
        rows = rows.filter(opened_at__lte=until)
    rows = rows.select_related("round__pilot").annotate(voted=Count("votes__member", distinct=True))
    return {row.round_id: VoteLine(row, row.voted) for row in rows}  # type: ignore[attr-defined]


def recused_from(items: Collection[AgendaItem], people: Collection[User], day: date) -> dict[int | None, list[Recused]]:
    """Who of `people` keeps out of which round: by a part in the pilot that day, or by their word. Two queries."""
    deciding = [item for item in items if item.kind in OF_A_DECISION]
    rounds = {item.pilot_id: item.round_id for item in deciding}
    held = Assignment.objects.filter(
        Q(until=None) | Q(until__gt=day), pilot__in=rounds, person__in=people, since__lte=day
    ).select_related("person")
    found: dict[int | None, dict[str, str]] = defaultdict(dict)
    for row in held.order_by("person__name", "person__email"):
        found[rounds[row.pilot_id]][str(row.person)] = OWN_PART
    said = Recusal.objects.filter(proposal__round__in=list(rounds.values())).select_related("member", "proposal")
    for recusal in said.order_by("pk"):
        found[recusal.proposal.round_id][str(recusal.member)] = recusal.reason
    return {round_: [Recused(person, why) for person, why in rows.items()] for round_, rows in found.items()}
