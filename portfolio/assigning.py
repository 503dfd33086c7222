"""Who holds which part: naming, replacing, ending. Dates are kept, so that any day can be reconstructed."""

from datetime import date, datetime

from django.conf import settings

from accounts.acting import note
from accounts.inviting import name_and_invite
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.locking import locked_pilot
from portfolio.models import Assignment, Pilot
from portfolio.standing import keep_facts
from portfolio.states import SHARED_PARTS, Part

#: Two parts that one person may not hold together (requirement 5).
_APART = {Part.BUSINESS_OWNER: Part.EXECUTIVE_SPONSOR, Part.EXECUTIVE_SPONSOR: Part.BUSINESS_OWNER}


@verb
def assign_part(
    *, actor: User | None, pilot: Pilot, person: User, part: Part, since: date, now: datetime
) -> Assignment:
    """Name `person` for `part` from `since` on; whoever held it before ends that day.

    Refuses a sponsor as business owner and the other way round (requirement 5), and people who have left.
    Naming who already holds the part changes nothing.
    """
    pilot = locked_pilot(pilot)
    current = Assignment.objects.filter(pilot=pilot, part=part, until=None)
    held = current.filter(person=person).first()
    if held:
        return held
    refuse_any(_obstacles(pilot, person, part))
    if part not in SHARED_PARTS:
        current.update(until=since)
    assignment = Assignment.objects.create(pilot=pilot, person=person, part=part, since=since)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(
        actor,
        "portfolio.part.assigned",
        assignment,
        now=now,
        scope=pilot.scope,
        part=part.label.lower(),
        person=person.ref,
        since=since,
    )
    return assignment


@verb
def name_for_part(
    *, actor: User | None, pilot: Pilot, email: str, name: str, part: Part, since: date, now: datetime
) -> Assignment:
    """Name the person of that address for `part`; whoever is new here is invited."""
    person = name_and_invite(actor=actor, email=email, name=name, now=now)
    return assign_part(actor=actor, pilot=pilot, person=person, part=part, since=since, now=now)


@verb
def end_part(
    *, actor: User | None, pilot: Pilot, part: Part, until: date, now: datetime, person: User | None = None
) -> None:
    """End a part on `until`, for `person` or for everybody who holds it."""
    pilot = locked_pilot(pilot)
    ending = Assignment.objects.filter(pilot=pilot, part=part, until=None)
    if person is not None:
        ending = ending.filter(person=person)
    for assignment in list(ending):
        assignment.until = max(until, assignment.since)
        assignment.save(update_fields=["until"])
        note(
            actor,
            "portfolio.part.ended",
            assignment,
            now=now,
            scope=pilot.scope,
            part=part.label.lower(),
            person=assignment.person.ref,
        )
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)


def _obstacles(pilot: Pilot, person: User, part: Part) -> list[Obstacle]:
    obstacles = []
    if not person.is_active:
        obstacles.append(Obstacle("departed", f"{person} has left.", "Name somebody who is here."))
    other = _APART.get(part)
    if other and Assignment.objects.filter(pilot=pilot, person=person, part=other, until=None).exists():
        obstacles.append(
            Obstacle(
                "sponsor_is_owner",
                f"{person} is the {other.label.lower()} already; these must be two people.",
                "Name another person for one of the two parts.",
                pilot.get_absolute_url(),
            )
        )
    return obstacles
