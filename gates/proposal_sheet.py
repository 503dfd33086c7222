"""A proposal on its page: what is put before the committee, who has voted, and what the reader may do."""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from accounts.obstacles import Obstacle
from gates.models import Decision, Proposal, Vote
from gates.permissions import decision_obstacles
from gates.states import ProposalResult
from gates.terms import Terms
from gates.voters import Voter, entitled, quorum_for, voters_of
from gates.votes import last_votes, voting_obstacles
from portfolio.clock import Clock, clock


@dataclass(frozen=True)
class Ballot:
    """A seat with its vote, as the reader may see it."""

    voter: Voter
    vote: Vote | None
    #: Voted, but how is hidden until all have.
    hidden: bool


@dataclass(frozen=True)
class ProposalSheet:
    """What the page of a proposal shows."""

    proposal: Proposal
    terms: Terms
    ballots: list[Ballot]
    quorum: int
    decision: Decision | None
    mine: Voter | None
    #: What keeps the reader from voting, or from calling a notice in.
    obstacles: list[Obstacle]
    #: What keeps the reader from closing, taking back and recording.
    not_chair: list[Obstacle]
    #: Of the round, while it is undecided.
    clock: Clock | None

    @property
    def voted(self) -> int:
        return sum(1 for one in self.ballots if one.vote and not one.voter.recused)

    @property
    def entitled(self) -> int:
        return sum(1 for one in self.ballots if not one.voter.recused)

    @property
    def may_record(self) -> bool:
        carried = self.proposal.result == ProposalResult.CARRIED and self.decision is None
        about = self.proposal.round.is_undecided or self.proposal.supersedes_id is not None
        return carried and about and not self.not_chair


def proposal_sheet(proposal: Proposal, reader: User, *, today: date, now: datetime) -> ProposalSheet:
    """Read it in a fixed number of queries."""
    round_ = proposal.round
    pilot = round_.pilot
    voters = voters_of(proposal.committee, pilot, proposal, today)
    votes = last_votes(proposal)
    complete = not proposal.is_open or all(voter.member.pk in votes for voter in entitled(voters))
    mine = next((voter for voter in voters if voter.casts == reader), None)
    ballots = []
    for voter in voters:
        vote = votes.get(voter.member.pk)
        hidden = bool(vote) and proposal.hidden and not complete and voter is not mine
        ballots.append(Ballot(voter, vote, hidden))
    return ProposalSheet(
        proposal=proposal,
        terms=Terms.from_plain(proposal.terms),
        ballots=ballots,
        quorum=quorum_for(proposal.committee, voters),
        decision=Decision.objects.filter(proposal=proposal).defer("snapshot").first(),
        mine=mine,
        obstacles=voting_obstacles(proposal, mine, now, notice=proposal.is_notice),
        not_chair=decision_obstacles(reader, pilot),
        clock=clock(due=round_.decision_due, monthly_cost=pilot.monthly_cost, today=today)
        if round_.is_undecided
        else None,
    )
