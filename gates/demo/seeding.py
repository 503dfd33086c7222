"""Seeding the demo: two years of Ostrelle Mutual, through the verbs, in one transaction."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from operator import itemgetter

from django.conf import settings

from accounts.joining import open_account
from accounts.models import User
from accounts.naming import note_leaving
from audit.recording import verb
from gates.demo.calendar import Calendar
from gates.demo.chapters import gatesets, meetings
from gates.demo.founding import House, found_house
from gates.demo.reading import organisation, written_pilots
from gates.demo.replaying import Replay
from gates.demo.showing import Progress, silently
from gates.publishing import first_set, publish_gate_set
from gates.scanning import scan
from portfolio.models import Pilot

#: Known to everybody who has read the README; set only where `settings.TRIAL` holds.
TRIAL_PASSWORD = "four-good-decisions"  # noqa: S105  published on purpose


#: Days between two looks for drift in the demo's history; the product itself looks every night.
_A_WEEK = 7


@dataclass(frozen=True)
class Happening:
    """Something that happens in the demo on a day: by night a job, by day what people do."""

    day: date
    by_night: bool
    #: Does it, on that day and at that time.
    act: Callable[[date, datetime], object]


@verb
def seed_portfolio(*, today: date, progress: Progress = silently) -> House:
    """Seed the portfolio that was written by hand, as if its two years ended today; all of it or nothing.

    Looks for drift every week and today, so that flags and snapshots are what they would have been. Lets the people
    of the demo sign in only where `settings.TRIAL` holds.
    """
    calendar = Calendar(today, settings.TIME_ZONE)
    house = open_house(calendar=calendar)
    happenings = _happenings(house, calendar)
    places = Counter(happening.day for happening in happenings if not happening.by_night)
    taken: Counter[date] = Counter()
    for happening in progress(happenings, "Two years"):
        day = happening.day
        if happening.by_night:
            happening.act(day, calendar.night(day))
            continue
        happening.act(day, calendar.moment(day, taken[day], places[day]))
        taken[day] += 1
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


def _happenings(house: House, calendar: Calendar) -> list[Happening]:
    """Everything that happens, in order: by day, on one day as it stands in the files, jobs first."""
    replay = Replay(house, calendar)
    told: list[tuple[int, Callable[[date, datetime], object]]] = [
        (step.day, partial(replay.tell, pilot, step)) for pilot in written_pilots() for step in pilot.steps
    ]
    told += [
        (person["left_day"], partial(_leave, house, person["key"]))
        for person in organisation()["person"]
        if "left_day" in person
    ]
    told += gatesets.drafts(house.people)
    told += meetings.ahead(house)
    told.sort(key=itemgetter(0))
    first = told[0][0] // _A_WEEK * _A_WEEK
    happenings = [Happening(calendar.day(offset), by_night=True, act=_look) for offset in range(first, 1, _A_WEEK)]
    happenings += [Happening(calendar.working_day(offset), by_night=False, act=act) for offset, act in told]
    return sorted(happenings, key=lambda happening: (happening.day, not happening.by_night))


def _leave(house: House, key: str, day: date, now: datetime) -> None:
    note_leaving(actor=house.secretary, person=house.people[key], left_on=day, now=now)


def _look(day: date, now: datetime) -> None:
    scan(actor=None, today=day, now=now)
