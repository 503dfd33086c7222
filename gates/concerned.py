"""What makes people concerned with pilots: parts, seats, the role of portfolio manager. Read for many at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import RoleGrant, User
from accounts.states import Role
from gates.models import CommitteeSeat
from gates.news import Concern
from gates.pending import OfPilot
from gates.states import CommitteePart
from portfolio.models import Assignment
from portfolio.states import Visibility


@dataclass(frozen=True)
class Reader:
    """What makes a person concerned."""

    #: Seats by the committee's short name.
    seats: dict[str, str]
    manages: bool
    #: Restricted pilots in which they have a part.
    restricted: frozenset[int]

    @property
    def chairs(self) -> set[str]:
        """Short names of the committees that they chair."""
        return {slug for slug, part in self.seats.items() if part == CommitteePart.CHAIR}

    def sees(self, pilot: OfPilot) -> bool:
        """Whether they may see a pilot: what is open, and restricted ones by part, committee or role."""
        return (
            pilot.visibility == Visibility.OPEN
            or pilot.id in self.restricted
            or pilot.committee in self.seats
            or self.manages
        )

    def concerned_with(self, person: int, pilot: Concern) -> bool:
        """Whether what happens to a pilot is news for them."""
        return person in {pilot.owner, pilot.sponsor} or pilot.committee in self.seats or self.manages


def readers_of(recipients: Collection[User], today: date) -> dict[int, Reader]:
    """What each of `recipients` is concerned by, by their id, on the organisation's `today`. Three queries."""
    people = [person.pk for person in recipients if person.is_active]
    seats: dict[int, dict[str, str]] = defaultdict(dict)
    held = CommitteeSeat.objects.filter(user__in=people, until=None).values_list("user", "committee__slug", "part")
    for person, slug, part in held:
        seats[person][slug] = part
    restricted: dict[int, set[int]] = defaultdict(set)
    parts = Assignment.objects.filter(person__in=people, until=None, pilot__visibility=Visibility.RESTRICTED)
    for person, pilot in parts.values_list("person", "pilot"):
        restricted[person].add(pilot)
    managers = set(
        RoleGrant.objects.held_on(today)
        .filter(user__in=people, role=Role.PORTFOLIO_MANAGER)
        .values_list("user", flat=True)
    )
    return {
        person.pk: Reader(seats.get(person.pk, {}), person.pk in managers, frozenset(restricted.get(person.pk, ())))
        for person in recipients
    }


def concerning(readers: dict[int, Reader], *, standing: str, pilot: str) -> Q:
    """A filter for whatever concerns any of `readers`; `standing` and `pilot` lead to those rows."""
    if any(reader.manages for reader in readers.values()):
        return Q()
    slugs = {slug for reader in readers.values() for slug in reader.seats}
    return (
        Q(**{f"{standing}owner__in": readers})
        | Q(**{f"{standing}sponsor__in": readers})
        | Q(**{f"{pilot}committee_slug__in": slugs})
    )
