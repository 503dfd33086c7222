"""Seeding the demo: two years of Ostrelle Mutual, through the verbs, in one transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from accounts.joining import open_account
from accounts.models import User
from accounts.naming import note_leaving
from audit.recording import verb
from gates.demo.calendar import Calendar
from gates.demo.founding import House, found_house
from gates.demo.reading import Step, WrittenPilot, organisation, written_pilots
from gates.demo.replaying import Replay
from gates.demo.showing import Progress, silently
from gates.publishing import first_set, publish_gate_set
from portfolio.models import Pilot

#: Known to everybody who has read the README; set only where `settings.TRIAL` holds.
TRIAL_PASSWORD = "four-good-decisions"  # noqa: S105  published on purpose


@dataclass(frozen=True)
class Happening:
    """Something that happens in the demo: a step of a pilot, or a person who leaves."""

    offset: int
    key: str
    pilot: WrittenPilot | None = None
    step: Step | None = None


@verb
def seed_portfolio(*, today: date, progress: Progress = silently) -> House:
    """Seed the portfolio that was written by hand, as if its two years ended today; all of it or nothing.

    Lets the people of the demo sign in only where `settings.TRIAL` holds.
    """
    calendar = Calendar(today, settings.TIME_ZONE)
    house = open_house(calendar=calendar)
    replay = Replay(house, calendar)
    for happening, day, now in _timed(progress(_happenings(), "Two years"), calendar):
        if happening.pilot and happening.step:
            replay.tell(happening.pilot, happening.step, day, now)
        else:
            person = house.people[happening.key]
            note_leaving(actor=house.secretary, person=person, left_on=day, now=now)
    return house


@verb
def open_house(*, calendar: Calendar, founded: int | None = None) -> House:
    """Found the organisation, publish the gates, and let its people in where this is a trial.

    `founded` is the day of it, where it is not that of the file; what is there already stays as it is.
    """
    content = organisation()
    day = calendar.working_day(content["organisation"]["founded_day"] if founded is None else founded)
    now = calendar.moment(day, 0, 1)
    house = found_house(day=day, now=now)
    publish_gate_set(actor=None, content=first_set(), now=now)
    for described in content["person"]:
        person = house.people[described["key"]]
        if settings.TRIAL and described.get("sign_in") and not person.has_usable_password():
            open_account(actor=person, person=person, password=TRIAL_PASSWORD, now=now)
    return house


def is_empty() -> bool:
    """Whether nobody and nothing is in the installation yet."""
    return not User.objects.exists() and not Pilot.objects.exists()


def sign_ins() -> list[tuple[str, str]]:
    """Return the addresses with which the demo can be signed in to here, with what each of them shows."""
    described = {person["email"]: person["shows"] for person in organisation()["person"] if person.get("sign_in")}
    known = {user.email for user in User.objects.filter(email__in=described) if user.has_usable_password()}
    return [(email, shows) for email, shows in described.items() if email in known]


def _happenings() -> list[Happening]:
    """Everything that happens, in order: by day, and on one day as it stands in the files."""
    told = [Happening(step.day, pilot.key, pilot, step) for pilot in written_pilots() for step in pilot.steps]
    told += [
        Happening(person["left_day"], person["key"]) for person in organisation()["person"] if "left_day" in person
    ]
    return sorted(told, key=lambda happening: happening.offset)


def _timed(happenings: Iterable[Happening], calendar: Calendar) -> Iterator[tuple[Happening, date, datetime]]:
    """Give each its day and its time; those of one day come one after another."""
    places = Counter(calendar.working_day(happening.offset) for happening in _happenings())
    taken: Counter[date] = Counter()
    for happening in happenings:
        day = calendar.working_day(happening.offset)
        yield happening, day, calendar.moment(day, taken[day], places[day])
        taken[day] += 1
