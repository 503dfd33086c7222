"""Seeding the demo: two years of Ostrelle Mutual, through the verbs, in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.db import connection

from accounts.joining import open_account
from accounts.models import User
from accounts.naming import note_leaving
from audit.recording import verb
from gates.demo.calendar import Calendar, Due
from gates.demo.chapters import decisions, gatesets, meetings
from gates.demo.founding import House, found_house
from gates.demo.reading import organisation, written_pilots
from gates.demo.replaying import Replay
from gates.demo.showing import Progress, silently
from gates.publishing import first_set, publish_gate_set
from gates.scanning import scan
from portfolio.models import Pilot
from portfolio.standing import kept_once

#: Known to everybody who has read the README; set only where `settings.TRIAL` holds.
TRIAL_PASSWORD = "four-good-decisions"  # noqa: S105  published on purpose


#: Days between two looks for drift in the demo's history; the product itself looks every night.
_TWO_WEEKS = 14


@dataclass(frozen=True)
class Happening:
    """Something that happens in the demo: what people do by day, a job by night."""

    day: date
    #: Or later, where what happened before took longer.
    at: datetime
    #: Whether it is a step of a pilot's story; these read no standing.
    of_pilot: bool
    #: Does it, on that day and at that time.
    act: Callable[[date, datetime], object]


@verb
def seed_portfolio(*, today: date, progress: Progress = silently) -> House:
    """Seed the portfolio that was written by hand, as if its two years ended today; all of it or nothing.

    Looks for drift every two weeks and today, so that flags and snapshots are what they would have been. Lets the
    people of the demo sign in only where `settings.TRIAL` holds.
    """
    calendar = Calendar(today, settings.TIME_ZONE)
    with _without_savepoints():
        house = open_house(calendar=calendar)
        replay = Replay(house, calendar)
        happenings = progress(_happenings(replay), "Two years")
        for of_pilots, following in groupby(happenings, key=attrgetter("of_pilot")):
            with kept_once(zone=settings.TIME_ZONE) if of_pilots else nullcontext():
                for happening in following:
                    happening.act(happening.day, max(happening.at, replay.now))
    return house


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Let a verb within another one do without a way back of its own: a quarter of all statements of a seeding.

    What fails then takes everything with it, which is what a seeding wants.
    """
    features = connection.features
    before, features.uses_savepoints = features.uses_savepoints, False
    try:
        yield
    finally:
        features.uses_savepoints = before


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


def _happenings(replay: Replay) -> list[Happening]:
    """Everything that happens, in order: by day, jobs first, then meetings, then the rest as it stands in the files."""
    house, calendar = replay.house, replay.calendar
    held = meetings.held_days()
    first, last = meetings.steps(replay)
    steps = [
        Due(
            step.day,
            partial(replay.tell, pilot, step),
            in_session=step.day in held and step.kind in meetings.IN_SESSION,
            of_pilot=True,
        )
        for pilot in written_pilots()
        for step in pilot.steps
    ]
    told = [
        *first,
        *steps,
        *last,
        *(
            Due(person["left_day"], partial(_leave, house, person["key"]))
            for person in organisation()["person"]
            if "left_day" in person
        ),
        *(Due(day, act) for day, act in (*gatesets.drafts(house.people), *decisions.rules(house))),
    ]
    told.sort(key=attrgetter("day"))
    happenings = _timed(told, calendar)
    begins = told[0].day // _TWO_WEEKS * _TWO_WEEKS
    nights = [calendar.day(offset) for offset in range(begins, 1, _TWO_WEEKS)]
    happenings += [Happening(day, calendar.night(day), of_pilot=False, act=_look) for day in nights]
    return sorted(happenings, key=attrgetter("at"))


def _timed(told: Sequence[Due], calendar: Calendar) -> list[Happening]:
    """Give each its time of the day; a meeting has the morning to itself."""
    places = Counter((calendar.working_day(one.day), one.in_session) for one in told)
    taken: Counter[tuple[date, bool]] = Counter()
    happenings = []
    for one in told:
        day = calendar.working_day(one.day)
        slot = (day, one.in_session)
        if one.in_session:
            at = calendar.session(day, taken[slot], places[slot])
        else:
            at = calendar.moment(day, taken[slot], places[slot], afternoon=(day, True) in places)
        happenings.append(Happening(day, at, one.of_pilot, one.act))
        taken[slot] += 1
    return happenings


def _leave(house: House, key: str, day: date, now: datetime) -> None:
    note_leaving(actor=house.secretary, person=house.people[key], left_on=day, now=now)


def _look(day: date, now: datetime) -> None:
    scan(actor=None, today=day, now=now)
