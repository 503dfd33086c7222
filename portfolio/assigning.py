"""Who holds which part: naming, handing over, ending, correcting. Dates are kept, so that any day can be told."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import formats

from accounts.acting import compare_and_step, note
from accounts.inviting import name_and_invite
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.locking import locked_pilot
from portfolio.models import Assignment, Pilot
from portfolio.standing import keep_facts
from portfolio.states import SHARED_PARTS, Authority, Part

#: Two parts that one person may not hold together (requirement 5).
_APART = {Part.BUSINESS_OWNER: Part.EXECUTIVE_SPONSOR, Part.EXECUTIVE_SPONSOR: Part.BUSINESS_OWNER}


@verb
def assign_part(
    *,
    actor: User | None,
    pilot: Pilot,
    person: User,
    part: Part,
    since: date,
    now: datetime,
    authority: Authority = Authority.UNKNOWN,
) -> Assignment:
    """Name `person` for `part` from `since` on; whoever held it before hands it over that day.

    `authority` is a sponsor's. Refuses a sponsor as business owner and the other way round (requirement 5), people
    who have left, and days that are to come or on which somebody else held the part.
    Naming who already holds the part changes nothing.
    """
    pilot = locked_pilot(pilot)
    current = Assignment.objects.filter(pilot=pilot, part=part, until=None)
    held = current.filter(person=person).first()
    if held:
        return held
    refuse_any([*_obstacles(pilot, person, part), *_not_to_come("since", since, now), *_taken_days(pilot, part, since)])
    if part not in SHARED_PARTS:
        current.update(until=since)
    assignment = Assignment.objects.create(
        pilot=pilot,
        person=person,
        part=part,
        since=since,
        authority=authority if part == Part.EXECUTIVE_SPONSOR else Authority.UNKNOWN,
        authority_on=since if part == Part.EXECUTIVE_SPONSOR and authority != Authority.UNKNOWN else None,
    )
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    _note(actor, "portfolio.part.assigned", assignment, now=now, since=since)
    if assignment.authority != Authority.UNKNOWN:
        _note_authority(actor, assignment, now=now)
    return assignment


@verb
def name_for_part(
    *,
    actor: User | None,
    pilot: Pilot,
    email: str,
    name: str,
    part: Part,
    since: date,
    now: datetime,
    authority: Authority = Authority.UNKNOWN,
) -> Assignment:
    """Name the person of that address for `part`; whoever is new here is invited."""
    person = name_and_invite(actor=actor, email=email, name=name, now=now)
    return assign_part(actor=actor, pilot=pilot, person=person, part=part, since=since, authority=authority, now=now)


@verb
def end_part(
    *, actor: User | None, pilot: Pilot, part: Part, until: date, now: datetime, person: User | None = None
) -> None:
    """End a part on `until`, for `person` or for everybody who holds it. Refuses a day that is to come."""
    pilot = locked_pilot(pilot)
    refuse_any(_not_to_come("until", until, now))
    ending = Assignment.objects.filter(pilot=pilot, part=part, until=None)
    if person is not None:
        ending = ending.filter(person=person)
    for assignment in ending.select_related("person", "pilot"):
        assignment.until = max(until, assignment.since)
        assignment.version += 1
        assignment.save(update_fields=["until", "version"])
        _note(actor, "portfolio.part.ended", assignment, now=now)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)


@verb
def correct_part(
    *, actor: User | None, assignment: Assignment, since: date, until: date | None, seen: int | None, now: datetime
) -> Assignment:
    """Correct mistyped days of a part; who handed it over or took it over on such a day moves along.

    `until` counts only for a part that has ended: ending one is a verb of its own. Both the old and the new days stay
    in the trail. Refuses days to come, an end before the start, and days on which somebody else held the part.
    StaleError when somebody else changed it since version `seen`.
    """
    pilot = locked_pilot(assignment.pilot)
    row = Assignment.objects.select_related("person", "pilot").get(pk=assignment.pk)
    compare_and_step(row, seen)
    until = until if row.until is not None else None
    before = {"since": row.since, "until": row.until}
    if (since, until) == (row.since, row.until):
        return row
    moved = _neighbours(row, since=since, until=until)
    refuse_any([*_not_to_come("since", since, now), *_correction_obstacles(row, since, until, moved, now)])
    row.since, row.until = since, until
    for changed in _in_order_of_freedom(row, moved):
        changed.save(update_fields=["since", "until", "version"])
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    _note(actor, "portfolio.part.corrected", row, now=now, since=since, until=until or "now", before=before)
    return row


@verb
def state_authority(
    *, actor: User | None, pilot: Pilot, authority: Authority, today: date, seen: int | None, now: datetime
) -> Assignment:
    """Say whether the present sponsor directs budget and priorities or must ask for them (requirement 4).

    Refuses where nobody is sponsor. StaleError when somebody else changed it since version `seen`.
    """
    pilot = locked_pilot(pilot)
    held = Assignment.objects.filter(pilot=pilot, part=Part.EXECUTIVE_SPONSOR, until=None)
    row = held.select_related("person", "pilot").first()
    if row is None:
        url = pilot.get_absolute_url()
        refuse_any([Obstacle("no_sponsor", "Nobody is executive sponsor now.", "Name one first.", url)])
        raise AssertionError("refused above")
    compare_and_step(row, seen)
    row.authority = authority
    row.authority_on = None if authority == Authority.UNKNOWN else today
    row.save(update_fields=["authority", "authority_on", "version"])
    _note_authority(actor, row, now=now)
    return row


def organisation_day(now: datetime) -> date:
    """The day on which parts are counted: the organisation's."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _obstacles(pilot: Pilot, person: User, part: Part) -> list[Obstacle]:
    obstacles = []
    if not person.is_active:
        obstacles.append(Obstacle("departed", f"{person} has left.", "Name somebody who is here."))
    other = _APART.get(part)
    if other and Assignment.objects.filter(pilot=pilot, person=person, part=other, until=None).exists():
        obstacles.append(
            Obstacle(
                "sponsor_is_owner",
                f"{person} is the {other.in_words} already; these must be two people, "
                "since a sponsor who owns the pilot too has nobody to answer to.",
                f"Name somebody else here, or hand over the part of {other.in_words} first.",
                pilot.get_absolute_url(),
            )
        )
    return obstacles


def _not_to_come(field: str, day: date, now: datetime) -> list[Obstacle]:
    if day <= organisation_day(now):
        return []
    return [Obstacle(field, "This day is still to come. Note the change on the day on which it happens.")]


def _taken_days(pilot: Pilot, part: Part, since: date) -> list[Obstacle]:
    """Days from `since` on for which the part was somebody else's already, or was taken up later than that."""
    if part in SHARED_PARTS:
        return []
    others = Assignment.objects.filter(pilot=pilot, part=part).select_related("person")
    late = others.filter(Q(until=None, since__gt=since) | Q(until__gt=since)).order_by(
        F("until").desc(nulls_first=True)
    )
    held = late.first()
    if held is None:
        return []
    if held.until is None:
        what = f"{held.person} holds it since {_day(held.since)}; choose that day or a later one."
        return [Obstacle("since", what)]
    return [Obstacle("since", f"{held.person} held it until {_day(held.until)}; choose that day or a later one.")]


def _neighbours(row: Assignment, *, since: date, until: date | None) -> list[Assignment]:
    """Who handed the part to `row` or took it over, on its very days, moved along to the new ones; not saved."""
    if row.part in SHARED_PARTS:
        return []
    moved = []
    for other in _others(row):
        if since != row.since and other.until == row.since:
            other.until = since
            moved.append(other)
        elif until != row.until and other.since == row.until and until is not None:
            other.since = until
            moved.append(other)
    for other in moved:
        other.version += 1
    return moved


def _correction_obstacles(
    row: Assignment, since: date, until: date | None, moved: list[Assignment], now: datetime
) -> list[Obstacle]:
    obstacles = []
    if until is not None:
        obstacles += _not_to_come("until", until, now)
        if until < since:
            obstacles.append(Obstacle("until", "It cannot have ended before it began."))
    keys = {other.pk for other in moved}
    still = [] if row.part in SHARED_PARTS else [other for other in _others(row) if other.pk not in keys]
    turned = [other for other in moved if other.until is not None and other.until < other.since]
    obstacles += [
        Obstacle("since", f"{other.person} would have held it for no day at all; correct that part first.")
        for other in turned
    ]
    if turned:
        return obstacles
    obstacles += [
        Obstacle("since", f"{other.person} holds it from {_day(other.since)}; correct that part first.")
        for other in still
        if other.since != other.until and _overlap(other.since, other.until, since, until)
    ]
    return obstacles


def _overlap(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    """Whether two spans share a day; the last day of each does not count."""
    return (other_until is None or since < other_until) and (until is None or other_since < until)


def _in_order_of_freedom(row: Assignment, moved: list[Assignment]) -> list[Assignment]:
    """Rows as they are to be saved; one that is open comes last, since only one may be."""
    return sorted([row, *moved], key=lambda one: one.until is None)


def _others(row: Assignment) -> QuerySet[Assignment]:
    others = Assignment.objects.filter(pilot_id=row.pilot_id, part=row.part).exclude(pk=row.pk)
    return others.select_related("person").order_by("since", "pk")


def _day(day: date) -> str:
    return formats.date_format(day, "j F Y")


def _note(actor: User | None, kind: str, row: Assignment, *, now: datetime, **data: object) -> None:
    part, person = Part(row.part).in_words, row.person.ref
    note(actor, kind, row, now=now, scope=row.pilot.scope, part=part, person=person, **data)


def _note_authority(actor: User | None, row: Assignment, *, now: datetime) -> None:
    says = {
        Authority.DIRECTS: "directs budget and priorities",
        Authority.REQUESTS: "must ask for budget and priorities",
        Authority.UNKNOWN: "may or may not direct budget and priorities: it is not known",
    }
    _note(actor, "portfolio.part.authority", row, now=now, says=says[Authority(row.authority)])
