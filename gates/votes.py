"""Reading votes: which count, and what keeps somebody from voting."""

from datetime import datetime

from accounts.obstacles import Obstacle
from gates.attendance import present_at
from gates.models import Proposal, Vote
from gates.voters import Voter


def last_votes(proposal: Proposal) -> dict[int, Vote]:
    """The vote of each member that counts: the last one. One query."""
    votes = Vote.objects.filter(proposal=proposal).select_related("member", "cast_by").order_by("member_id", "-pk")
    return {vote.member_id: vote for vote in votes.distinct("member_id")}


def voting_obstacles(proposal: Proposal, voter: Voter | None, now: datetime, *, notice: bool = False) -> list[Obstacle]:
    """What keeps somebody from voting on a proposal; or, with `notice`, from calling it in."""
    obstacles = closed_obstacles(proposal)
    if proposal.is_open and proposal.closes_at and proposal.closes_at <= now:
        obstacles.append(Obstacle("time_over", "Its time is over."))
    if voter is None:
        obstacles.append(Obstacle("no_seat", "The committee's chair and members vote, or who stands in for them."))
    elif voter.recused:
        obstacles.append(Obstacle("recused", f"You do not vote on it: {voter.recused}"))
    if voter and proposal.is_open and proposal.meeting and voter.casts.pk not in present_at(proposal.meeting, now):
        obstacles.append(Obstacle("absent", "You are not in the meeting, or not noted as present.", "the secretary"))
    if proposal.is_notice and not notice:
        obstacles.append(
            Obstacle("notice", "This is a notice: nobody votes on it; a member may call it into a meeting.")
        )
    elif notice and not proposal.is_notice:
        obstacles.append(Obstacle("no_notice", "Only a decision on notice can be called into a meeting."))
    return obstacles


def closed_obstacles(proposal: Proposal) -> list[Obstacle]:
    """What keeps everybody from changing a proposal: it is closed."""
    if proposal.is_open:
        return []
    return [Obstacle("closed", f"It is closed: {proposal.get_result_display().lower()}.")]
