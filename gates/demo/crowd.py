"""People who own synthetic pilots."""

import random
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Unit, User
from accounts.naming import name_person, note_leaving
from audit.recording import verb
from gates.demo import words
from gates.demo.calendar import Calendar
from gates.demo.founding import House

_LARGEST = 400
#: Units that own no pilots, since others stand below them.
_UPPER_UNITS = {"ostrelle", "claims"}
#: Who sponsors what, by the keys of the demo's files.
_SPONSORS = {
    "motor-claims": "louise", "property-claims": "louise", "underwriting": "helene", "marine": "daniel",
    "customer-service": "marc", "agencies": "odile", "finance": "henrik", "technology": "sofia", "people": "henrik",
    "legal": "bertrand",
}  # fmt: skip


@dataclass(frozen=True)
class Crowd:
    """Who plays in a synthetic portfolio."""

    house: House
    owners: list[User]
    units: list[Unit]

    def owner(self, number: int) -> User | None:
        """The owner of that number; -1 is nobody."""
        return None if number < 0 else self.owners[number % len(self.owners)]

    def unit(self, number: int) -> Unit:
        """The unit of that number."""
        return self.units[number % len(self.units)]

    def sponsor(self, unit: Unit) -> User:
        """The director who sponsors the pilots of a unit."""
        return self.house.people[_SPONSORS[unit.slug]]


@verb
def gather_crowd(*, house: House, pilots: int, seed: int, calendar: Calendar, now: datetime) -> Crowd:
    """Name one owner for every twenty pilots; a few of them have left since."""
    rng = random.Random(f"{seed}:crowd")  # noqa: S311  a story, not a secret
    owners = []
    for number in range(min(_LARGEST, 5 + pilots // 20)):
        first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
        leaves = rng.random() < 0.03
        left_on = calendar.working_day(-rng.randint(5, 200))
        email = f"{first}.{last}.{number}@example.org".lower()
        person: User = name_person(actor=house.secretary, email=email, name=f"{first} {last}", now=now)
        if leaves and person.is_active:
            left_at = calendar.moment(left_on, 0, 1)
            person = note_leaving(actor=house.secretary, person=person, left_on=left_on, now=left_at)
        owners.append(person)
    units = [unit for slug, unit in house.units.items() if slug not in _UPPER_UNITS]
    return Crowd(house, owners, units)
