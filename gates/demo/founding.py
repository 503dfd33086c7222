"""Founding the demo's organisation: units, people, roles, reviewers, the committee."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.granting import grant_role
from accounts.models import Unit, User
from accounts.naming import name_person
from accounts.organising import add_unit
from accounts.states import Function, Role
from audit.recording import verb
from gates.convening import form_committee, name_reviewer, seat_member
from gates.demo.reading import organisation
from gates.models import Committee
from gates.states import CommitteePart, MajorityRule

_PERSONAL = ("name", "function", "time_zone")


@dataclass(frozen=True)
class House:
    """The demo's organisation as it stands in the database; people and units by the keys of its file."""

    units: dict[str, Unit]
    people: dict[str, User]
    #: Keys of the people who review for a function, in the order in which they are asked.
    reviewers: dict[Function, list[str]]
    chair: User
    secretary: User
    administrator: User
    committee: Committee


@verb
def found_house(*, day: date, now: datetime) -> House:
    """Found the organisation on `day`, or return it where it is founded already."""
    content = organisation()
    units: dict[str, Unit] = {}
    for described in content["unit"]:
        units[described["slug"]] = _unit(described, units, now)
    people = {described["key"]: _person(described, now) for described in content["person"]}
    administrator = next(
        people[described["key"]] for described in content["person"] if Role.ADMINISTRATOR in described.get("roles", [])
    )
    for described in content["person"]:
        _grant(people[described["key"]], described, administrator, day, now)
    committee = _committee(content["committee"][0], people, administrator, day, now)
    return House(
        units=units,
        people=people,
        reviewers={
            function: [person["key"] for person in content["person"] if function in person.get("reviews", [])]
            for function in Function
        },
        chair=people[content["committee"][0]["chair"]],
        secretary=people[content["committee"][0]["secretary"]],
        administrator=administrator,
        committee=committee,
    )


def _unit(described: dict[str, Any], units: dict[str, Unit], now: datetime) -> Unit:
    known: Unit | None = Unit.objects.filter(slug=described["slug"]).first()
    return known or add_unit(
        actor=None,
        name=described["name"],
        slug=described["slug"],
        parent=units.get(described.get("parent", "")),
        now=now,
    )


def _person(described: dict[str, Any], now: datetime) -> User:
    details = {name: described[name] for name in _PERSONAL if name in described}
    return name_person(actor=None, email=described["email"], now=now, **details)


def _grant(person: User, described: dict[str, Any], administrator: User, day: date, now: datetime) -> None:
    for role in described.get("roles", []):
        by = None if role == Role.ADMINISTRATOR else administrator
        grant_role(actor=by, person=person, role=Role(role), since=day, now=now)
    for function in described.get("reviews", []):
        name_reviewer(actor=administrator, person=person, function=Function(function), since=day, now=now)


def _committee(
    described: dict[str, Any], people: dict[str, User], administrator: User, day: date, now: datetime
) -> Committee:
    known: Committee | None = Committee.objects.filter(slug=described["slug"]).first()
    if known:
        return known
    committee = form_committee(
        actor=administrator,
        slug=described["slug"],
        name=described["name"],
        time_zone=described["time_zone"],
        quorum=described["quorum"],
        majority_rule=MajorityRule(described["majority_rule"]),
        now=now,
    )
    parts = dict.fromkeys(described["members"], CommitteePart.MEMBER)
    parts |= {described["chair"]: CommitteePart.CHAIR, described["secretary"]: CommitteePart.SECRETARY}
    for key, part in parts.items():
        seat_member(actor=administrator, committee=committee, person=people[key], part=part, since=day, now=now)
    return committee
