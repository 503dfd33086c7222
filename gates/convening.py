"""Committees and reviewers: who sits where, and who reviews for which function."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from accounts.permissions import is_administrator
from accounts.states import Function
from audit.recording import verb
from gates.models import Committee, CommitteeSeat, CommitteeSubstitute, Reviewer
from gates.permissions import runs_meetings
from gates.states import CommitteePart


@verb
def form_committee(*, actor: User | None, slug: str, name: str, now: datetime, **rules: Any) -> Committee:
    """Form a committee; `rules` may give its time zone, quorum, majority rule, cadence and place."""
    committee = Committee(slug=slug, name=name, **rules)
    committee.full_clean()
    committee.save(force_insert=True)
    note(actor, "gates.committee.formed", committee, now=now, name=name)
    return committee


@verb
def change_committee(
    *, actor: User | None, committee: Committee, seen: int | None, now: datetime, **rules: Any
) -> Committee:
    """Change a committee's name or rules."""
    committee = Committee.objects.select_for_update().get(pk=committee.pk)
    compare_and_step(committee, seen)
    for name, value in rules.items():
        setattr(committee, name, value)
    committee.full_clean()
    committee.save()
    note(actor, "gates.committee.changed", committee, now=now, name=committee.name)
    return committee


@verb
def seat_member(
    *, actor: User | None, committee: Committee, person: User, part: CommitteePart, since: date, now: datetime
) -> CommitteeSeat:
    """Seat a person; a seat they hold there with another part ends the same day. A new chair replaces the old one."""
    committee = Committee.objects.select_for_update().get(pk=committee.pk)
    open_seats = CommitteeSeat.objects.filter(committee=committee, until=None)
    held = open_seats.filter(user=person).first()
    if held and held.part == part:
        return held
    open_seats.filter(user=person).update(until=since)
    if part == CommitteePart.CHAIR:
        open_seats.filter(part=CommitteePart.CHAIR).update(until=since)
    seat = CommitteeSeat.objects.create(committee=committee, user=person, part=part, since=since)
    note(actor, "gates.seat.taken", seat, now=now, person=person.ref, part=part.value, committee=committee.slug)
    return seat


@verb
def end_seat(*, actor: User | None, committee: Committee, person: User, until: date, now: datetime) -> None:
    """End a person's seat."""
    seat = CommitteeSeat.objects.select_for_update().filter(committee=committee, user=person, until=None).first()
    if seat is None:
        return
    seat.until = max(until, seat.since)
    seat.save(update_fields=["until"])
    note(actor, "gates.seat.left", seat, now=now, person=person.ref, committee=committee.slug)


@verb
def send_substitute(
    *,
    actor: User | None,
    committee: Committee,
    member: User,
    stands_in: User,
    since: date,
    until: date,
    now: datetime,
) -> CommitteeSubstitute:
    """Let somebody sit for a member on some days; refuses who has a seat, and days on which another one sits."""
    committee = Committee.objects.select_for_update().get(pk=committee.pk)
    refuse_any(
        naming_obstacles(actor, committee, member) + _substitute_obstacles(committee, member, stands_in, since, until)
    )
    row = CommitteeSubstitute.objects.create(
        committee=committee, member=member, stands_in=stands_in, since=since, until=until
    )
    note(
        actor, "gates.stand_in.named", row, now=now, committee=committee.slug, member=member.ref,
        person=stands_in.ref, since=since, until=until,
    )  # fmt: skip
    return row


@verb
def recall_substitute(*, actor: User | None, substitute: CommitteeSubstitute, today: date, now: datetime) -> None:
    """End a substitute's days yesterday; days that had not begun are as if they had not been named."""
    committee = Committee.objects.select_for_update().get(pk=substitute.committee_id)
    row = CommitteeSubstitute.objects.select_related("member").filter(pk=substitute.pk).first()
    if row is None or row.until < today:
        return
    refuse_any(naming_obstacles(actor, committee, row.member))
    note(actor, "gates.stand_in.recalled", row, now=now, committee=committee.slug, member=row.member.ref)
    if row.since >= today:
        row.delete()
        return
    row.until = today - timedelta(days=1)
    row.save(update_fields=["until"])


def naming_obstacles(actor: User | None, committee: Committee, member: User) -> list[Obstacle]:
    """What keeps `actor` from saying who sits for `member`; nobody is asked of the system."""
    if actor is None or actor == member or is_administrator(actor) or runs_meetings(actor, committee):
        return []
    return [Obstacle("not_yours", "Members name their own substitute; the chair and the secretary name any.")]


def _substitute_obstacles(
    committee: Committee, member: User, stands_in: User, since: date, until: date
) -> list[Obstacle]:
    obstacles = []
    seated = set(CommitteeSeat.objects.filter(committee=committee, until=None).values_list("user", flat=True))
    if member.pk not in seated:
        obstacles.append(Obstacle("member", f"{member} has no seat here.", "an administrator"))
    if stands_in.pk in seated:
        obstacles.append(Obstacle("stands_in", f"{stands_in} has a seat here; nobody sits for two.", "you"))
    if not stands_in.is_active:
        obstacles.append(Obstacle("stands_in", f"{stands_in} has left.", "you"))
    if until < since:
        obstacles.append(Obstacle("until", "The last day comes before the first one.", "you"))
    meanwhile = CommitteeSubstitute.objects.filter(committee=committee, since__lte=until, until__gte=since)
    if meanwhile.filter(Q(member=member) | Q(stands_in=stands_in)).exists():
        obstacles.append(Obstacle("since", "On some of these days one of the two is spoken for already.", "you"))
    return obstacles


@verb
def name_reviewer(*, actor: User | None, person: User, function: Function, since: date, now: datetime) -> Reviewer:
    """Put a person into the pool of a function. Naming twice changes nothing."""
    User.objects.select_for_update().get(pk=person.pk)
    held = Reviewer.objects.filter(user=person, function=function, until=None).first()
    if held:
        return held
    reviewer = Reviewer.objects.create(user=person, function=function, since=since)
    note(actor, "gates.reviewer.named", reviewer, now=now, person=person.ref, function=function.value)
    return reviewer


@verb
def end_reviewer(*, actor: User | None, person: User, function: Function, until: date, now: datetime) -> None:
    """Take a person out of the pool of a function."""
    reviewer = Reviewer.objects.select_for_update().filter(user=person, function=function, until=None).first()
    if reviewer is None:
        return
    reviewer.until = max(until, reviewer.since)
    reviewer.save(update_fields=["until"])
    note(actor, "gates.reviewer.ended", reviewer, now=now, person=person.ref, function=function.value)
