"""Committees and reviewers: who sits where, and who reviews for which function."""

from datetime import date, datetime
from typing import Any

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.states import Function
from audit.recording import verb
from gates.models import Committee, CommitteeSeat, Reviewer
from gates.states import CommitteePart


@verb
def form_committee(*, actor: User | None, slug: str, name: str, now: datetime, **rules: Any) -> Committee:
    """Form a committee; `rules` may give time_zone, quorum, majority_rule."""
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
