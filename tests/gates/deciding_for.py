"""Decisions for tests: each outcome with the least that it needs."""

import uuid
from datetime import timedelta
from decimal import Decimal

from gates.deciding import Checked, Terms, record_decision
from gates.states import Answer, Change, ScaleCheck
from gates.voting import open_proposal
from portfolio.assigning import assign_part
from portfolio.business_case import case_of
from portfolio.models import Assignment, Round
from portfolio.states import UNDECIDED_ROUND_STATES, Outcome, Part
from tests.portfolio.case.building import submitted_case
from tests.remembering import remembering


def terms_of(outcome, today) -> Terms:
    """The least that `outcome` needs."""
    return {
        Outcome.SCALE: Terms(
            launch_on=today + timedelta(days=90),
            checklist=tuple(Checked(item.value, Answer.YES.value) for item in ScaleCheck),
            override_reason="It is known, and it can be mended on the way.",
        ),
        Outcome.REDESIGN: Terms(
            redesign="Another team.",
            redesign_of=(Change.USERS.value,),
            learnings="The first had no time.",
            next_criteria="Letters an hour.",
            next_due=today + timedelta(days=120),
        ),
        Outcome.STOP: Terms(stop_reason="users_do_not_need_it", learnings="Letters are sorted faster by hand."),
        Outcome.RESEARCH: Terms(
            learning_goal="Whether it reads handwriting.", budget_cap=Decimal(5000), next_due=today + timedelta(days=90)
        ),
    }[outcome]


@remembering
def decide(cast, pilot, outcome, *, today, now, rationale="Too few letters.", actor=None, terms=None, **seen):
    """A decision by Bob, who chairs, unless said otherwise; what a scale must have is there already, or made."""
    if outcome == Outcome.SCALE and pilot.rounds.filter(state__in=UNDECIDED_ROUND_STATES).exists():
        ready_to_scale(cast, pilot, today=today, now=now)
    return record_decision(
        actor=actor or cast.bob, pilot=pilot, outcome=outcome, rationale=rationale,
        terms=terms or terms_of(outcome, today), today=today, now=now, **{"seen": None, **seen},
    )  # fmt: skip


@remembering
def put_to_vote(cast, pilot, outcome=Outcome.STOP, *, today, now, hours=72, **said):
    """A vote in writing, opened by Bob, who chairs, unless said otherwise; open for three days."""
    if outcome == Outcome.SCALE:
        ready_to_scale(cast, pilot, today=today, now=now)
    return open_proposal(
        pilot=pilot, outcome=outcome, rationale="Too few letters.", today=today, now=now,
        **{
            "actor": cast.bob, "terms": terms_of(outcome, today), "seen": None,
            "closes_at": now + timedelta(hours=hours), **said,
        },
    )  # fmt: skip


@remembering
def ready_to_scale(cast, pilot, *, today, now) -> None:
    """Let the pilot have a production owner and a submitted business case, where it has none."""
    parts = Assignment.objects.filter(pilot=pilot, part=Part.PRODUCTION_OWNER, until=None)
    if not parts.exists():
        assign_part(actor=None, pilot=pilot, person=cast.manager, part=Part.PRODUCTION_OWNER, since=today, now=now)
    if case_of(pilot) is None:
        submitted_case(cast, pilot, now=now)


def form_of(pilot, outcome, today, **changes) -> dict[str, str]:
    """What the chair's browser sends for `outcome`, unless changed."""
    current = Round.objects.filter(pilot=pilot).order_by("-number").first()
    terms = vars(terms_of(outcome, today))
    said = {name: str(value) for name, value in terms.items() if value and name not in {"checklist", "redesign_of"}}
    said |= {f"check_{one.item}": one.answer for one in terms["checklist"]}
    if terms["redesign_of"]:
        said["redesign_of"] = terms["redesign_of"][0]
    return {
        "outcome": outcome.value, "rationale": "Too few letters.", **said,
        "round": str(current.number), "version": str(current.version), "form_key": str(uuid.uuid4()), **changes,
    }  # fmt: skip
