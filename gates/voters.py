"""Who may vote on a proposal, and for whom: the chair and the members, without those who are recused."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from gates.models import Committee, CommitteeSeat, CommitteeSubstitute, Proposal, Recusal, Vote
from gates.states import VOTING_PARTS, CommitteePart
from portfolio.models import Assignment, Pilot

#: Why somebody with a part in the pilot does not vote.
OWN_PART = "Has a part in this pilot."


@dataclass(frozen=True)
class Voter:
    """A seat that votes: whose it is, who votes for it, and why nobody does."""

    member: User
    part: str
    stands_in: User | None = None
    recused: str = ""

    @property
    def casts(self) -> User:
        """Who casts the vote."""
        return self.stands_in or self.member


def voters_of(committee: Committee, pilot: Pilot, proposal: Proposal | None, today: date) -> list[Voter]:
    """Every seat that votes, the chair first. Nobody votes on their own pilot, nor for somebody who may not."""
    seats = CommitteeSeat.objects.filter(
        committee=committee, until=None, part__in=VOTING_PARTS, user__is_active=True
    ).select_related("user")
    own = set(Assignment.objects.filter(pilot=pilot, until=None).values_list("person", flat=True))
    said = dict(Recusal.objects.filter(proposal=proposal).values_list("member", "reason")) if proposal else {}
    sitting = CommitteeSubstitute.objects.in_force(today).filter(committee=committee, stands_in__is_active=True)
    away = {one.member_id: one.stands_in for one in sitting.select_related("stands_in")}
    voters = []
    for seat in sorted(seats, key=lambda seat: (seat.part != CommitteePart.CHAIR, str(seat.user).casefold())):
        stands_in = away.get(seat.user_id)
        recused = said.get(seat.user_id, "")
        if not recused and seat.user_id in own:
            recused = OWN_PART
        elif not recused and stands_in is not None and stands_in.pk in own:
            recused = f"{stands_in}, who stands in, has a part in this pilot."
        voters.append(Voter(seat.user, seat.part, stands_in, recused))
    return voters


def silent_on(proposals: Collection[Proposal], today: date) -> dict[int, list[User]]:
    """Who has not voted on each of `proposals` and may, by the proposal's id. Five queries, however many they are."""
    committees = {one.committee_id for one in proposals}
    seats = CommitteeSeat.objects.filter(
        committee__in=committees, until=None, part__in=VOTING_PARTS, user__is_active=True
    ).select_related("user")
    sitting = CommitteeSubstitute.objects.in_force(today).filter(committee__in=committees, stands_in__is_active=True)
    away = {(one.committee_id, one.member_id): one.stands_in for one in sitting.select_related("stands_in")}
    pilots = {one.round.pilot_id for one in proposals}
    own = set(Assignment.objects.filter(pilot__in=pilots, until=None).values_list("pilot", "person"))
    heard = set(Vote.objects.filter(proposal__in=proposals).values_list("proposal", "member"))
    heard |= set(Recusal.objects.filter(proposal__in=proposals).values_list("proposal", "member"))
    found: dict[int, list[User]] = {one.pk: [] for one in proposals}
    for proposal in proposals:
        for seat in seats:
            casts = away.get((seat.committee_id, seat.user_id), seat.user)
            parts = {(proposal.round.pilot_id, person) for person in (seat.user_id, casts.pk)}
            if (
                seat.committee_id == proposal.committee_id
                and not parts & own
                and (proposal.pk, seat.user_id) not in heard
            ):
                found[proposal.pk].append(casts)
    return found


def entitled(voters: list[Voter]) -> list[Voter]:
    """Those who may vote."""
    return [voter for voter in voters if not voter.recused]


def quorum_for(committee: Committee, voters: list[Voter]) -> int:
    """How many must vote, abstentions included; a share is taken of those who may vote."""
    return committee.quorum_of(len(entitled(voters)))
