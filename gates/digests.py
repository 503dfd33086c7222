"""What a person's digest of stalled pilots says: pure data, read for all recipients of a batch at once.

Whoever can end the stall hears of it: the owner at once, the sponsor after a grace, the committee and the
portfolio managers always. A pilot stands once in a person's digest, under the closest of their parts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from accounts.models import RoleGrant, User
from accounts.states import Role
from gates.models import Committee, CommitteeSeat, Flag
from portfolio.models import Standing
from portfolio.models.round import cost_of_waiting
from portfolio.states import Visibility

#: Days past the due date after which the sponsor hears of it too.
SPONSOR_GRACE = 14
#: Rule whose flag says no more than the line does.
SAID_ALREADY = "decision-overdue"
#: Rule whose flag the committee hears of although no decision is overdue (requirement 75).
TELLS_COMMITTEE = "gate-reopened"
#: Pilots shown in a section; the rest is counted.
SHOWN = 15


@dataclass(frozen=True)
class Line:
    """One pilot of a digest. `days` is 0 where its decision is not overdue and only flags are open."""

    pilot: int
    code: str
    title: str
    owner: str
    committee: str
    due: date | None
    days: int
    monthly_cost: Decimal | None
    #: What the wait has cost so far, in the installation's currency; None where the running cost is not known.
    cost: Decimal | None
    restricted: bool
    #: Sentences of the open flags, worst first.
    flags: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return reverse("portfolio:pilot-detail", args=[self.code])


@dataclass(frozen=True)
class Section:
    """Pilots that concern a person for the same reason, worst first."""

    title: str
    lines: tuple[Line, ...]

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.lines) - len(self.shown)


@dataclass(frozen=True)
class Content:
    """All that a person's digest says."""

    sections: tuple[Section, ...]

    @cached_property
    def waiting(self) -> int:
        """How many pilots wait for a decision."""
        return sum(line.days > 0 for section in self.sections for line in section.lines)

    @cached_property
    def flagged(self) -> int:
        """How many pilots are not overdue and have open flags."""
        return sum(line.days == 0 for section in self.sections for line in section.lines)

    @property
    def is_confidential(self) -> bool:
        """Whether it speaks of a restricted pilot."""
        return any(line.restricted for section in self.sections for line in section.shown)

    @property
    def says_something(self) -> bool:
        return bool(self.sections)


@dataclass(frozen=True)
class _Row:
    """A pilot as read: its line, and whom it concerns."""

    line: Line
    committee_slug: str
    owner_id: int | None
    sponsor_id: int | None
    #: A gate of it was opened again.
    reopened: bool = False


@dataclass(frozen=True)
class _Reader:
    """What makes a person concerned."""

    committees: frozenset[str]
    manages: bool


def contents(recipients: Collection[User], *, now: datetime) -> dict[int, Content]:
    """What to tell each of `recipients`, by their id, in a fixed number of queries.

    Days are counted in the zone of the pilot's committee. Nobody is told of a restricted pilot unless they hold a
    part in it, sit in its committee or manage the portfolio, which are those who may see it.
    """
    readers = _readers(recipients, now)
    rows = _rows(readers, now)
    flags = _flags_of(rows)
    return {person.pk: _content(person, readers[person.pk], rows, flags) for person in recipients}


def _readers(recipients: Collection[User], now: datetime) -> dict[int, _Reader]:
    people = [person.pk for person in recipients if person.is_active]
    seats: dict[int, set[str]] = defaultdict(set)
    held = CommitteeSeat.objects.filter(user__in=people, until=None).values_list("user", "committee__slug")
    for person, slug in held:
        seats[person].add(slug)
    today = _day(now, settings.TIME_ZONE)
    managers = set(
        RoleGrant.objects.held_on(today)
        .filter(user__in=people, role=Role.PORTFOLIO_MANAGER)
        .values_list("user", flat=True)
    )
    return {person.pk: _Reader(frozenset(seats.get(person.pk, ())), person.pk in managers) for person in recipients}


def _rows(readers: dict[int, _Reader], now: datetime) -> list[_Row]:
    """Every pilot that concerns any reader: overdue, flagged and owned by one, or opened again. Worst first."""
    committees = {slug: (name, zone) for slug, name, zone in Committee.objects.values_list("slug", "name", "time_zone")}
    days = {slug: _day(now, zone) for slug, (_, zone) in committees.items()}
    home = _day(now, settings.TIME_ZONE)
    latest = max([home, *days.values()])
    concerned = Q(owner__in=readers) | Q(sponsor__in=readers)
    if any(reader.manages for reader in readers.values()):
        concerned = Q()
    else:
        concerned |= Q(pilot__committee_slug__in={slug for reader in readers.values() for slug in reader.committees})
    told = Flag.objects.filter(pilot=OuterRef("pilot"), rule=TELLS_COMMITTEE, closed_on=None)
    found = (
        Standing.objects.annotate(reopened=Exists(told))
        .filter(
            (Q(undecided_since__lt=latest) | Q(reopened=True)) & concerned | Q(open_flags__gt=0, owner__in=readers)
        )
        .order_by(F("undecided_since").asc(nulls_last=True), "pilot")
        .values_list(
            "pilot", "pilot__code", "pilot__title", "pilot__committee_slug", "pilot__monthly_cost",
            "pilot__visibility", "undecided_since", "owner", "owner__name", "sponsor", "reopened",
        )
    )  # fmt: skip
    rows = []
    for pilot, code, title, slug, monthly_cost, visibility, due, owner, owner_name, sponsor, again in found:
        overdue = max(0, (days.get(slug, home) - due).days) if due else 0
        committee, _ = committees.get(slug, ("", ""))
        cost = cost_of_waiting(monthly_cost, overdue) if overdue else None
        restricted = visibility == Visibility.RESTRICTED
        line = Line(pilot, code, title, owner_name or "", committee, due, overdue, monthly_cost, cost, restricted)
        rows.append(_Row(line, slug, owner, sponsor, again))
    return rows


def _flags_of(rows: Iterable[_Row]) -> dict[int, tuple[str, ...]]:
    """The sentences of each pilot's open flags, worst first."""
    flags: dict[int, list[str]] = defaultdict(list)
    overdue = {row.line.pilot: row.line.days > 0 for row in rows}
    found = Flag.objects.filter(pilot__in=overdue, closed_on=None).order_by("-severity", "since", "pk")
    for pilot, rule, detail in found.values_list("pilot", "rule", "detail"):
        if not (overdue[pilot] and rule == SAID_ALREADY):
            flags[pilot].append(detail)
    return {pilot: tuple(details) for pilot, details in flags.items()}


def _content(person: User, reader: _Reader, rows: Sequence[_Row], flags: dict[int, tuple[str, ...]]) -> Content:
    sections: dict[str, list[Line]] = {}
    for row in rows:
        title = _section(person, reader, row, flags)
        if title:
            sections.setdefault(title, []).append(_flagged(row.line, flags))
    ordered = sorted(sections.items(), key=lambda item: _ORDER.get(item[0], _COMMITTEES))
    return Content(tuple(Section(title, tuple(lines)) for title, lines in ordered))


_OWN = "Your pilots that wait for a decision"
_OWN_FLAGGED = "Your pilots that need a look"
_SPONSORED = "Pilots you sponsor that still wait"
_ELSEWHERE = "In the portfolio"
_COMMITTEES = 3
_ORDER = {_OWN: 0, _OWN_FLAGGED: 1, _SPONSORED: 2, _ELSEWHERE: 4}


def _section(person: User, reader: _Reader, row: _Row, flags: dict[int, tuple[str, ...]]) -> str:
    """The title under which a pilot concerns a person, or nothing."""
    line = row.line
    if row.owner_id == person.pk:
        return _OWN if line.days else _OWN_FLAGGED if line.pilot in flags else ""
    if not line.days:
        told = row.reopened and row.committee_slug in reader.committees
        return f"Gates opened again: {line.committee}" if told else ""
    if row.sponsor_id == person.pk and line.days > SPONSOR_GRACE:
        return _SPONSORED
    if row.committee_slug in reader.committees:
        return f"Before the committee: {line.committee}"
    return _ELSEWHERE if reader.manages else ""


def _flagged(line: Line, flags: dict[int, tuple[str, ...]]) -> Line:
    return replace(line, flags=flags.get(line.pilot, ()))


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
