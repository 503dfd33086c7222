"""Votes and notices: opening a proposal, voting on it, keeping out of it, calling it in, closing it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from audit.recording import verb
from gates.conditioning import ConditionTerms
from gates.correcting import Correction
from gates.deciding import matter_obstacles
from gates.grounds import grounds_of
from gates.models import Committee, Proposal, Recusal, Vote
from gates.paths import hearing_of, manner_of, open_already, session_obstacles
from gates.permissions import decision_obstacles
from gates.queries import committee_of, day_of, session_of
from gates.states import (
    LONGEST_VOTE_DAYS,
    NOTICE_HOURS,
    REMIND_HOURS,
    SHORTEST_VOTE_HOURS,
    CommitteePart,
    DecisionManner,
    ProposalResult,
    VoteChoice,
)
from gates.tally import tally
from gates.terms import Terms
from gates.vote_mails import remind_of_proposal, tell_of_proposal
from gates.voters import Voter, entitled, quorum_for, voters_of
from gates.votes import closed_obstacles, last_votes, voting_obstacles
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Pilot, Round
from portfolio.states import Outcome


@verb
def open_proposal(
    *,
    actor: User,
    pilot: Pilot,
    outcome: Outcome,
    rationale: str,
    terms: Terms,
    conditions: Sequence[ConditionTerms] = (),
    in_meeting: bool = False,
    closes_at: datetime | None = None,
    hidden: bool = False,
    corrects: Correction | None = None,
    seen: int | None,
    seen_round: int | None = None,
    today: date,
    now: datetime,
) -> Proposal:
    """Put a decision before the committee: as a notice, a vote in writing until `closes_at`, or a vote in a meeting.

    Which of them, the pilot's path says; a vote may be taken in a meeting on any path, and a chair who decides after
    hearing hears members by it. What it says is frozen; members are mailed, but for a vote in a meeting. By the chair.
    With `corrects` it is about a decided round, and what is carried supersedes its decision.
    Refuses a second open proposal, a closing time too near or too far, and all that a decision is refused for.
    """
    pilot = locked_pilot(pilot)
    refuse_any(decision_obstacles(actor, pilot))
    current = corrects.of.round if corrects else open_round(pilot)
    if (seen_round, seen) != (None, None) and (seen_round, seen) != (current.number, current.version):
        raise StaleError(seen=seen or 0, current=current.version)
    committee, terms = cast("Committee", committee_of(pilot)), terms.of(outcome)
    manner = _manner(pilot, current, committee, in_meeting=in_meeting)
    closes_at = now + timedelta(hours=NOTICE_HOURS) if manner == DecisionManner.CHAIR_ON_NOTICE else closes_at
    obstacles = open_already(current) + matter_obstacles(
        pilot=pilot, current=current, outcome=outcome, rationale=rationale, terms=terms, conditions=conditions,
        grounds=grounds_of(pilot, current, today), today=today, corrects=corrects,
    )  # fmt: skip
    meeting = None
    if manner == DecisionManner.VOTE_IN_MEETING:
        meeting, closes_at = session_of(committee), None
        obstacles += session_obstacles(committee, meeting, now)
    elif manner == DecisionManner.VOTE:
        obstacles += _closing_obstacles(closes_at, now)
    refuse_any(obstacles)
    proposal = Proposal(
        round=current, committee=committee, manner=manner, outcome=outcome, rationale=rationale.strip(),
        meeting=meeting, terms=terms.as_plain(), conditions=[one.as_plain() for one in conditions],
        rule=committee.majority_rule, hidden=hidden, opened_at=now, opened_by=actor, closes_at=closes_at,
        **(corrects.columns() if corrects else {}),
    )  # fmt: skip
    return _put_before_the_committee(proposal, pilot, today, now)


@verb
def cast_vote(*, actor: User, proposal: Proposal, choice: VoteChoice, reason: str, today: date, now: datetime) -> Vote:
    """Vote on an open proposal, or change one's vote; whoever stands in votes for the member who is away.

    Who votes against or abstains says why. The vote of the last who may vote closes the proposal. Refuses, with every
    obstacle: who has no seat or is recused, a proposal that is closed or past its closing time.
    """
    pilot, proposal = _locked(proposal)
    voters = voters_of(proposal.committee, pilot, proposal, today)
    mine = next((voter for voter in voters if voter.casts == actor), None)
    obstacles = voting_obstacles(proposal, mine, now)
    if choice != VoteChoice.FOR and not reason.strip():
        obstacles.append(Obstacle("reason", "Say why, in your own words; the record keeps them.", "you"))
    refuse_any(obstacles)
    member = cast("Voter", mine).member
    vote = Vote.objects.create(
        proposal=proposal, member=member, cast_by=actor, choice=choice, reason=reason.strip(), at=now
    )
    note(actor, "gates.vote.cast", vote, now=now, scope=pilot.scope)
    _close_if_all_voted(proposal, pilot, voters, now)
    return vote


@verb
def recuse(*, actor: User, proposal: Proposal, reason: str, today: date, now: datetime) -> Recusal:
    """Keep out of a proposal, with the reason; a vote that was cast counts no more. It may then be complete."""
    pilot, proposal = _locked(proposal)
    voters = voters_of(proposal.committee, pilot, proposal, today)
    mine = next((voter for voter in voters if voter.casts == actor), None)
    obstacles = voting_obstacles(proposal, mine, now)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say what keeps you from voting.", "you"))
    refuse_any(obstacles)
    recusal = Recusal.objects.create(
        proposal=proposal, member=cast("Voter", mine).member, reason=reason.strip(), at=now
    )
    note(actor, "gates.recusal.made", recusal, now=now, scope=pilot.scope, reason=recusal.reason)
    _close_if_all_voted(proposal, pilot, voters_of(proposal.committee, pilot, proposal, today), now)
    return recusal


@verb
def call_in(*, actor: User, proposal: Proposal, reason: str, today: date, now: datetime) -> Proposal:
    """Call a decision on notice into a meeting: any member may, with a reason, until the 48 hours are over."""
    pilot, proposal = _locked(proposal)
    voters = voters_of(proposal.committee, pilot, proposal, today)
    obstacles = voting_obstacles(proposal, next((one for one in voters if one.casts == actor), None), now, notice=True)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say what is to be talked about.", "you"))
    refuse_any(obstacles)
    return _closed(proposal, pilot, ProposalResult.CALLED_IN, by=actor, because=reason.strip(), now=now)


@verb
def withdraw_proposal(*, actor: User, proposal: Proposal, reason: str, now: datetime) -> Proposal:
    """Take a proposal back before it is closed, by the chair, with a reason. Votes cast stay on record."""
    pilot, proposal = _locked(proposal)
    obstacles = decision_obstacles(actor, pilot) + closed_obstacles(proposal)
    if not reason.strip():
        obstacles.append(Obstacle("reason", "Say why it is taken back.", "you"))
    refuse_any(obstacles)
    return _closed(proposal, pilot, ProposalResult.WITHDRAWN, by=actor, because=reason.strip(), now=now)


@verb
def close_vote(*, actor: User, proposal: Proposal, today: date, now: datetime) -> Proposal:
    """Close a vote in a meeting before all have voted, by the chair: what was cast by now is counted."""
    pilot, proposal = _locked(proposal)
    obstacles = decision_obstacles(actor, pilot) + closed_obstacles(proposal)
    if proposal.is_open and proposal.manner != DecisionManner.VOTE_IN_MEETING:
        obstacles.append(Obstacle("in_writing", "This closes by itself at its time, or when all have voted."))
    refuse_any(obstacles)
    return _counted(proposal, pilot, voters_of(proposal.committee, pilot, proposal, today), by=actor, now=now)


@verb
def close_due(*, actor: User | None, now: datetime) -> list[Proposal]:
    """Close every notice and every vote in writing whose time is over. Safe to run twice, and at once."""
    closed = []
    for key in Proposal.objects.open().filter(closes_at__lte=now).order_by("closes_at").values_list("pk", flat=True):
        pilot, proposal = _locked(Proposal.objects.select_related("round__pilot").get(pk=key))
        if not proposal.is_open:
            continue
        if proposal.is_notice:
            closed.append(_closed(proposal, pilot, ProposalResult.CARRIED, by=actor, because="", now=now))
            continue
        voters = voters_of(proposal.committee, pilot, proposal, day_of(proposal.committee, now))
        closed.append(_counted(proposal, pilot, voters, by=actor, now=now))
    return closed


@verb
def remind_due(*, actor: User | None, now: datetime) -> int:
    """Remind, once, those who have not voted on what closes within a day; return how many mails were queued."""
    soon = now + timedelta(hours=REMIND_HOURS)
    waiting = Proposal.objects.open().filter(
        manner=DecisionManner.VOTE, reminded_at=None, closes_at__gt=now, closes_at__lte=soon
    )
    reminded = 0
    for key in list(waiting.values_list("pk", flat=True)):
        pilot, proposal = _locked(Proposal.objects.select_related("round__pilot").get(pk=key))
        if not proposal.is_open or proposal.reminded_at:
            continue
        voters = entitled(voters_of(proposal.committee, pilot, proposal, day_of(proposal.committee, now)))
        said = last_votes(proposal)
        silent = [voter for voter in voters if voter.member.pk not in said]
        proposal.reminded_at = now
        proposal.save(update_fields=["reminded_at"])
        remind_of_proposal(proposal, silent, now=now)
        people = f"{len(silent)} member{'s' * (len(silent) != 1)}"
        note(actor, "gates.proposal.reminded", proposal, now=now, scope=pilot.scope, people=people)
        reminded += len(silent)
    return reminded


def _put_before_the_committee(proposal: Proposal, pilot: Pilot, today: date, now: datetime) -> Proposal:
    proposal.save(force_insert=True)
    said = {
        "outcome": Outcome(proposal.outcome).label.lower(),
        "manner": DecisionManner(proposal.manner).label.lower(),
    }
    note(proposal.opened_by, "gates.proposal.opened", proposal, now=now, scope=pilot.scope, **said)
    if proposal.closes_at:
        voters = entitled(voters_of(proposal.committee, pilot, proposal, today))
        tell_of_proposal(proposal, [one for one in voters if one.casts != proposal.opened_by], now=now)
    return proposal


def _manner(pilot: Pilot, round_: Round, committee: Committee, *, in_meeting: bool) -> DecisionManner:
    """The manner of the path, or of a hearing; a vote in a meeting, where members can speak, does on every path."""
    if in_meeting:
        return DecisionManner.VOTE_IN_MEETING
    return manner_of(pilot, round_, committee) or hearing_of(pilot, round_)


def _closing_obstacles(closes_at: datetime | None, now: datetime) -> list[Obstacle]:
    if closes_at is None:
        return [Obstacle("closes_at", "Say until when members can vote.", "you")]
    if closes_at < now + timedelta(hours=SHORTEST_VOTE_HOURS):
        return [Obstacle("closes_at", f"Give members {SHORTEST_VOTE_HOURS} hours at least.", "you")]
    if closes_at > now + timedelta(days=LONGEST_VOTE_DAYS):
        return [Obstacle("closes_at", f"A vote is open for {LONGEST_VOTE_DAYS} days at most.", "you")]
    return []


def _locked(proposal: Proposal) -> tuple[Pilot, Proposal]:
    pilot = locked_pilot(proposal.round.pilot)
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("committee", "round__pilot")
    return pilot, rows.get(pk=proposal.pk)


def _close_if_all_voted(proposal: Proposal, pilot: Pilot, voters: list[Voter], now: datetime) -> None:
    cast_by = last_votes(proposal)
    if all(voter.member.pk in cast_by for voter in entitled(voters)):
        _counted(proposal, pilot, voters, by=None, now=now)


def _counted(proposal: Proposal, pilot: Pilot, voters: list[Voter], *, by: User | None, now: datetime) -> Proposal:
    may = {voter.member.pk: voter for voter in entitled(voters)}
    votes = {key: vote for key, vote in last_votes(proposal).items() if key in may}
    chair = next((key for key, voter in may.items() if voter.part == CommitteePart.CHAIR), None)
    counted = tally(
        rule=proposal.rule,
        quorum=quorum_for(proposal.committee, voters),
        votes={key: vote.choice for key, vote in votes.items()},
        chair=chair,
    )
    proposal.count = {
        **vars(counted),
        "entitled": len(may),
        "votes": [_on_record(vote) for vote in sorted(votes.values(), key=lambda one: str(one.member).casefold())],
        "recused": [{"member": str(one.member), "reason": one.recused} for one in voters if one.recused],
    }
    result = ProposalResult.CARRIED if counted.carried else ProposalResult.NOT_CARRIED
    return _closed(proposal, pilot, result, by=by, because="", now=now)


def _closed(
    proposal: Proposal, pilot: Pilot, result: ProposalResult, *, by: User | None, because: str, now: datetime
) -> Proposal:
    proposal.result, proposal.closed_at, proposal.closed_by, proposal.because = result, now, by, because
    proposal.version += 1
    proposal.save(update_fields=["result", "closed_at", "closed_by", "because", "count", "version"])
    said = {"outcome": Outcome(proposal.outcome).label.lower(), "result": result.label.lower()}
    note(by, "gates.proposal.closed", proposal, now=now, scope=pilot.scope, **said)
    return proposal


def _on_record(vote: Vote) -> dict[str, Any]:
    said = {"member": str(vote.member), "choice": vote.choice, "reason": vote.reason}
    return said if vote.cast_by_id == vote.member_id else {**said, "cast_by": str(vote.cast_by)}
