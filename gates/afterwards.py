"""Recording afterwards: a decision that was taken before its pilot came here, marked as such."""

from datetime import date, datetime
from typing import cast

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from accounts.permissions import is_manager
from audit.recording import verb
from gates.deciding import keep_basis, written
from gates.grounds import grounds_of
from gates.models import Decision
from gates.permissions import is_chair
from gates.queries import committee_of
from gates.standing import keep_judgements
from gates.states import AuthorityPath
from gates.terms import Terms, gaps_of
from portfolio.locking import locked_pilot
from portfolio.models import Pilot, Round
from portfolio.states import Outcome, RoundState

#: What nobody may know any more of a decision that was taken elsewhere.
_MAY_LACK = ("launch_on", "redesign_of", "next_criteria")


def past_round(pilot: Pilot) -> Round | None:
    """The round that was over before the pilot came here, where its decision is not on record."""
    rounds = Round.objects.filter(pilot=pilot, state=RoundState.PAST, decisions=None)
    return rounds.order_by("number").first()


def afterwards_obstacles(user: User, pilot: Pilot, round_: Round | None) -> list[Obstacle]:
    """What keeps `user` from recording a past decision on `pilot`."""
    obstacles = []
    if not (is_manager(user) or (pilot.committee_slug and is_chair(user, pilot.committee_slug))):
        what = "Past decisions are recorded by the chair or a portfolio manager."
        obstacles.append(Obstacle("not_recorder", what, "the chair or a portfolio manager"))
    if round_ is None:
        what = "No round of this pilot was over before it came here without its decision on record."
        obstacles.append(Obstacle("no_past_round", what, url=pilot.get_absolute_url()))
    return obstacles


@verb
def record_afterwards(
    *,
    actor: User,
    pilot: Pilot,
    outcome: Outcome,
    rationale: str,
    terms: Terms,
    decided_on: date | None,
    deciders: str,
    today: date,
    now: datetime,
) -> Decision:
    """Record what was decided of an imported round that was over already; the pilot stays where it is.

    Marked as recorded afterwards, with a snapshot of the file as it is today. By the chair or a portfolio manager.
    Refuses a day that is not past, a round that went on here, and what the outcome cannot be understood without.
    """
    pilot = locked_pilot(pilot)
    round_ = past_round(pilot)
    refuse_any(afterwards_obstacles(actor, pilot, round_))
    current, terms = cast("Round", round_), terms.of(outcome)
    obstacles = [one for one in gaps_of(outcome, rationale, terms) if one.code not in _MAY_LACK]
    if decided_on is None or decided_on >= today:
        obstacles.append(Obstacle("decided_on", "Say on which day it was decided; it is past.", "you"))
    if not deciders.strip():
        obstacles.append(Obstacle("deciders", "Say who decided it, as far as is known.", "you"))
    refuse_any(obstacles)
    decision = written(
        pilot=pilot, current=current, outcome=outcome, rationale=rationale, terms=terms, conditions=(),
        grounds=grounds_of(pilot, current, today), today=today, now=now, proposal=None, recorded_by=actor,
        committee=committee_of(pilot), authority_path=AuthorityPath.RECORDED_AFTERWARDS, deciders=deciders.strip(),
        decided_on=decided_on,
    )  # fmt: skip
    keep_basis(decision, pilot)
    keep_judgements([pilot.pk])
    said = {"number": decision.number, "decided_on": decided_on, "outcome": outcome.label.lower()}
    note(
        actor, "gates.decision.recorded_afterwards", decision, now=now, scope=pilot.scope,
        snapshot_sha256=decision.snapshot_sha256, **said,
    )  # fmt: skip
    return decision
