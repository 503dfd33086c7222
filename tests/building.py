"""Building what tests need, through the verbs, with every choice that matters in the call."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.granting import grant_role
from accounts.models import Unit, User
from accounts.naming import name_person
from accounts.organising import add_unit
from accounts.states import Function, Role
from gates.convening import form_committee, name_reviewer, seat_member
from gates.models import Committee, GateSet
from gates.publishing import first_set, publish_gate_set
from gates.states import CommitteePart, MajorityRule
from portfolio.assigning import assign_part
from portfolio.models import Pilot
from portfolio.proposing import propose_pilot
from portfolio.reporting import report_status
from portfolio.starting import end_work, start_round
from portfolio.states import Part
from tests.remembering import remembering


@dataclass
class Cast:
    """One person of every kind, a unit and a committee."""

    unit: Unit
    committee: Committee
    alice: User  # owns pilots
    bob: User  # chairs the committee
    charlie: User  # has an account and nothing else
    carol: User  # member of the committee
    sponsor: User
    manager: User
    administrator: User
    auditor: User
    viewer: User
    reviewer: User  # reviews for every function


def person(name: str, *, now: datetime, **details: str) -> User:
    """A person with an account and no role; the address comes from the name."""
    return name_person(actor=None, email=f"{name.lower()}@example.org", name=name.title(), now=now, **details)


def cast(*, today: date, now: datetime) -> Cast:
    since = today - timedelta(days=1000)
    unit = add_unit(actor=None, name="Claims", now=now)
    # The chair decides after hearing: a decision takes one step. Tests of votes change the rule.
    committee = form_committee(
        actor=None, slug="steering", name="Steering committee", majority_rule=MajorityRule.CHAIR, now=now
    )
    people = {
        name: person(name, now=now)
        for name in (
            "alice", "bob", "charlie", "carol", "sponsor", "manager", "administrator", "auditor", "viewer", "reviewer",
        )
    }  # fmt: skip
    for name, role in (
        ("manager", Role.PORTFOLIO_MANAGER),
        ("administrator", Role.ADMINISTRATOR),
        ("auditor", Role.AUDITOR),
        ("viewer", Role.VIEWER),
    ):
        grant_role(actor=None, person=people[name], role=role, since=since, now=now)
    for name, part in (("bob", CommitteePart.CHAIR), ("carol", CommitteePart.MEMBER)):
        seat_member(actor=None, committee=committee, person=people[name], part=part, since=since, now=now)
    for function in Function:
        name_reviewer(actor=None, person=people["reviewer"], function=function, since=since, now=now)
    return Cast(unit=unit, committee=committee, **people)


@cache
def _first_set() -> dict[str, Any]:
    return first_set()


@remembering
def gate_set(*, now: datetime) -> GateSet:
    """Gate set 1, published."""
    return publish_gate_set(actor=None, content=_first_set(), now=now)


@remembering
def proposed(cast: Cast, *, today: date, now: datetime, title: str = "Sorting incoming letters", **facts) -> Pilot:
    """A pilot in draft, owned by Alice, sponsored by the sponsor, before the cast's committee."""
    pilot = propose_pilot(
        actor=cast.alice,
        owner=cast.alice,
        today=today,
        now=now,
        **{
            "title": title,
            "summary": "Reads letters and proposes a team.",
            "unit": cast.unit,
            "committee_slug": cast.committee.slug,
            "monthly_cost": Decimal(1200),
            **facts,
        },
    )
    assign_part(actor=cast.alice, pilot=pilot, person=cast.sponsor, part=Part.EXECUTIVE_SPONSOR, since=today, now=now)
    return pilot


@remembering
def running(cast: Cast, *, today: date, now: datetime, started: int = 100, due: int = -10, **facts) -> Pilot:
    """A running pilot: begun `started` days ago, decision due in `due` days (negative: overdue)."""
    pilot = proposed(cast, today=today, now=now, **facts)
    start_round(
        actor=cast.alice,
        pilot=pilot,
        starts_on=today - timedelta(days=started),
        planned_end=max(today + timedelta(days=due - 10), today - timedelta(days=started)),
        decision_due=today + timedelta(days=due),
        now=now,
    )
    pilot.refresh_from_db()
    return pilot


@remembering
def awaiting(cast: Cast, *, today: date, now: datetime, due: int = -10, **facts) -> Pilot:
    """A pilot whose work has ended and which awaits its decision."""
    pilot = running(cast, today=today, now=now, due=due, **facts)
    end_work(actor=cast.alice, pilot=pilot, ended_on=today - timedelta(days=1), now=now)
    pilot.refresh_from_db()
    return pilot


def report(
    cast: Cast, pilot: Pilot, *, now: datetime, moved: str = "The team tried it on ten cases.", blocks: str = "", **said
):
    """A status update by Alice, unless said otherwise; `blocks` names one blocker a line."""
    said = {"actor": cast.alice, **said}
    return report_status(pilot=pilot, moved=moved, blocks=blocks.splitlines(), now=now, **said)


def let_sign_in(cast: Cast, password: str, *others: User) -> None:
    """Give everybody a password and a verified address."""
    for person in [*vars(cast).values(), *others]:
        if isinstance(person, User):
            person.set_password(password)
            person.save(update_fields=["password"])
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


def join(*people: User) -> None:
    """Let people have joined, with a password that nobody knows."""
    password = make_password("nobody-knows-this")
    for one in people:
        one.password = password
    User.objects.bulk_update(people, ["password"])


def join_all(cast: Cast) -> Cast:
    """Let everybody of the cast have joined, so that digests come to them."""
    join(*(one for one in vars(cast).values() if isinstance(one, User)))
    return cast
