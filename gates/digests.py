"""What a person's digest says: pure data, read for all recipients of a batch at once.

First what waits on the person, then the pilots that wait for a decision or drift, then what changed for the better. A
flag is told to whom it has reached on its ladder (`gates.ladder`): the owner at once, the sponsor after a grace, the
chair after a second one. What is theirs to decide, the committee and the managers have in their overview from the first
day. A pilot stands once among a person's pilots, under the closest of their parts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from gates.concerned import Reader, concerning, readers_of
from gates.ladder import Rung, told
from gates.ladders import Ladders, ladders
from gates.models import Committee, DigestRun, Flag
from gates.news import News, news_for
from gates.open_flags import snoozed
from gates.pending import Task, tasks_of
from gates.rules.contract_gaps import FAMILY
from gates.rules.registry import BY_ID, RULES
from portfolio.models import Standing
from portfolio.models.round import cost_of_waiting
from portfolio.states import Stage, Visibility

#: Rule whose flag says no more than the line does.
SAID_ALREADY = "decision-overdue"
#: Rules whose flags committee and managers have in their overview; so the committee is told that a gate was reopened.
OVERVIEW = frozenset(rule.id for rule in RULES if rule.overview)
#: Pilots shown in a section, and things that wait or got better; the rest is counted.
SHOWN = 15
#: How far back the first digest looks for what got better, and how far any does.
FIRST_LOOK, LONGEST_LOOK = timedelta(days=7), timedelta(days=92)
_GAPS = frozenset(rule.id for rule in RULES if rule.family == FAMILY)
#: The committee's form; and what an owner is not sent to: that one, and the page that the pilot's name leads to.
_DECIDE = "gates:decision-create"
_NOT_OWNERS = {_DECIDE, "portfolio:pilot-detail"}


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
    stage: str
    #: Sentences of the open flags, worst first.
    flags: tuple[str, ...] = ()
    #: Keys of all open flags, those that the line says by itself included.
    flag_ids: tuple[int, ...] = ()
    #: What the person can do about it, and the address of the form; empty where there is nothing but to look.
    action: str = ""
    action_path: str = ""

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
    #: What waits on the person, the latest first.
    tasks: tuple[Task, ...] = ()
    #: What changed for the better since the last digest, newest first.
    news: tuple[News, ...] = ()

    @property
    def shown_tasks(self) -> tuple[Task, ...]:
        return self.tasks[:SHOWN]

    @property
    def more_tasks(self) -> int:
        return len(self.tasks) - len(self.shown_tasks)

    @property
    def shown_news(self) -> tuple[News, ...]:
        return self.news[:SHOWN]

    @property
    def more_news(self) -> int:
        return len(self.news) - len(self.shown_news)

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
        lines = [line for section in self.sections for line in section.shown]
        told: tuple[Line | Task | News, ...] = (*lines, *self.shown_tasks, *self.shown_news)
        return any(one.restricted for one in told)

    @property
    def says_something(self) -> bool:
        return bool(self.sections or self.tasks or self.news)


@dataclass(frozen=True)
class _Row:
    """A pilot as read: its line, and whom it concerns. `owned` and `sponsored`: who holds the part is still here."""

    line: Line
    committee_slug: str
    owner_id: int | None
    sponsor_id: int | None
    owned: bool
    sponsored: bool
    #: Today, where its committee sits.
    day: date


@dataclass(frozen=True)
class _Flag:
    """An open flag that is not snoozed, and the rungs that it has reached."""

    id: int
    rule: str
    detail: str
    reached: frozenset[Rung]


#: A part in a pilot, and who holds it.
_Part = tuple[str, int | str | None]


def contents(recipients: Collection[User], *, now: datetime) -> dict[int, Content]:
    """What to tell each of `recipients`, by their id, in a fixed number of queries.

    Days are counted in the zone of the pilot's committee. Nobody is told of a restricted pilot unless they hold a
    part in it, sit in its committee or manage the portfolio, which are those who may see it.
    """
    readers, climbing = readers_of(recipients, _day(now, settings.TIME_ZONE)), ladders()
    rows = _rows(readers, climbing, now)
    near, flags = _by_part(rows), _flags_of(rows, climbing, _day(now, settings.TIME_ZONE))
    tasks = tasks_of(recipients, now=now, sees=lambda person, pilot: readers[person].sees(pilot))
    news = news_for(
        [person for person in recipients if person.is_active],
        since=_last_told(recipients, now),
        now=now,
        concerned=concerning(readers, standing="standing__", pilot=""),
        concerns=lambda person, pilot: readers[person].concerned_with(person, pilot),
    )
    return {
        person.pk: replace(
            _content(person, readers[person.pk], _near(person, readers[person.pk], rows, near), flags),
            tasks=tasks.get(person.pk, ()),
            news=news.get(person.pk, ()),
        )
        for person in recipients
    }


def _last_told(recipients: Collection[User], now: datetime) -> dict[int, datetime]:
    """When each person's last digest was composed, so that nothing between two of them is lost, however far apart."""
    runs = DigestRun.objects.filter(recipient__in=recipients, composed_at__lt=now).values_list("recipient")
    last = dict(runs.annotate(Max("composed_at")))
    return {person.pk: max(last.get(person.pk, now - FIRST_LOOK), now - LONGEST_LOOK) for person in recipients}


def _rows(readers: dict[int, Reader], climbing: Ladders, now: datetime) -> list[_Row]:
    """Every pilot that concerns any reader: overdue, or with flags that may have reached one. Worst first."""
    committees = {slug: (name, zone) for slug, name, zone in Committee.objects.values_list("slug", "name", "time_zone")}
    days = {slug: _day(now, zone) for slug, (_, zone) in committees.items()}
    home = _day(now, settings.TIME_ZONE)
    latest = max([home, *days.values()])
    in_overview = Flag.objects.filter(pilot=OuterRef("pilot"), rule__in=OVERVIEW, closed_on=None)
    found = (
        Standing.objects.filter(
            (Q(undecided_since__lt=latest) | Exists(in_overview)) & concerning(readers, standing="", pilot="pilot__")
            | Q(open_flags__gt=0) & _climbs_to(readers, climbing)
        )
        .annotate(hushed=Exists(snoozed(home).filter(flag__pilot=OuterRef("pilot"), flag__rule=SAID_ALREADY)))
        .order_by(F("undecided_since").asc(nulls_last=True), "pilot")
        .values_list(
            "pilot", "pilot__code", "pilot__title", "pilot__committee_slug", "pilot__monthly_cost", "pilot__visibility",
            "undecided_since", "owner", "owner__name", "owner__is_active", "sponsor", "sponsor__is_active",
            "pilot__stage", "hushed",
        )
    )  # fmt: skip
    rows = []
    for (
        pilot,
        code,
        title,
        slug,
        monthly_cost,
        visibility,
        due,
        owner,
        owner_name,
        owned,
        sponsor,
        sponsored,
        stage,
        hushed,
    ) in found:
        day = days.get(slug, home)
        # A snoozed clock runs on; this mail is silent about it.
        overdue = max(0, (day - due).days) if due and not hushed else 0
        committee, _ = committees.get(slug, ("", ""))
        cost = cost_of_waiting(monthly_cost, overdue) if overdue else None
        restricted = visibility == Visibility.RESTRICTED
        line = Line(
            pilot, code, title, owner_name or "", committee, due, overdue, monthly_cost, cost, restricted, stage
        )
        rows.append(_Row(line, slug, owner, sponsor, bool(owned), bool(sponsored), day))
    return rows


def _climbs_to(readers: dict[int, Reader], climbing: Ladders) -> Q:
    """A filter of standings: pilots whose flags climb to any of `readers`."""
    chaired = {slug for reader in readers.values() for slug in reader.chairs}
    found = Q(owner__in=readers) | Q(sponsor__in=readers) | Q(pilot__committee_slug__in=chaired)
    if any(reader.manages for reader in readers.values()):
        found |= ~Q(pilot__committee_slug__in=climbing.chaired)
    return found


def _flags_of(rows: Iterable[_Row], climbing: Ladders, today: date) -> dict[int, list[_Flag]]:
    """The open flags of each pilot, worst first, but for those that are snoozed today."""
    found: dict[int, list[_Flag]] = defaultdict(list)
    of = {row.line.pilot: row for row in rows}
    open_flags = Flag.objects.filter(pilot__in=of, closed_on=None).exclude(pk__in=snoozed(today))
    flags = open_flags.order_by("-severity", "since", "pk")
    for pilot, key, rule, detail, opened_on in flags.values_list("pilot", "pk", "rule", "detail", "opened_on"):
        row = of[pilot]
        steps = climbing.of(
            rule, opened_on=opened_on, owned=row.owned, sponsored=row.sponsored, committee=row.committee_slug
        )
        found[pilot].append(_Flag(key, rule, detail, frozenset(told(steps, row.day))))
    return found


def _by_part(rows: Sequence[_Row]) -> dict[_Part, list[int]]:
    """The places of rows by owner, by sponsor and by committee."""
    near: dict[_Part, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for part in (("owner", row.owner_id), ("sponsor", row.sponsor_id), ("committee", row.committee_slug)):
            near[part].append(place)
    return near


def _near(person: User, reader: Reader, rows: Sequence[_Row], near: dict[_Part, list[int]]) -> Sequence[_Row]:
    """The rows that can concern a person, in their order; looking at all of them for everybody takes too long."""
    if reader.manages:
        return rows
    parts: list[_Part] = [("owner", person.pk), ("sponsor", person.pk)]
    parts += [("committee", slug) for slug in reader.seats]
    places = {place for part in parts for place in near.get(part, ())}
    return [rows[place] for place in sorted(places)]


def _content(person: User, reader: Reader, rows: Sequence[_Row], flags: dict[int, list[_Flag]]) -> Content:
    sections: dict[tuple[int, str], list[Line]] = {}
    for row in rows:
        reached = _reached(person, reader, row, flags.get(row.line.pilot, ()))
        section = _section(person, reader, row, reached)
        if section:
            action, path = _action(person, reader, row, reached)
            line = replace(
                row.line,
                flags=tuple(_sentences([one for one in reached if not _said(row, one)])),
                flag_ids=tuple(one.id for one in reached),
                action=action,
                action_path=path,
            )
            sections.setdefault(section, []).append(line)
    return Content(tuple(Section(title, tuple(lines)) for (_, title), lines in sorted(sections.items())))


def _sentences(flags: Sequence[_Flag]) -> Iterator[str]:
    """What flags say; the gaps of a contract count as one."""
    gaps = [one for one in flags if one.rule in _GAPS]
    yield from (one.detail for one in flags if one not in gaps)
    if gaps:
        yield gaps[0].detail if len(gaps) == 1 else f"{len(gaps)} gaps in its contract."


def _said(row: _Row, flag: _Flag) -> bool:
    """Whether the line of a pilot says by itself what the flag does."""
    return row.line.days > 0 and flag.rule == SAID_ALREADY


def _rungs(person: User, reader: Reader, row: _Row) -> set[Rung]:
    """Where a person stands on the ladders of a pilot."""
    rungs = {
        Rung.OWNER: row.owner_id == person.pk,
        Rung.SPONSOR: row.sponsor_id == person.pk,
        Rung.CHAIR: row.committee_slug in reader.chairs,
        Rung.MANAGERS: reader.manages,
    }
    return {rung for rung, here in rungs.items() if here}


def _reached(person: User, reader: Reader, row: _Row, flags: Iterable[_Flag]) -> list[_Flag]:
    """The flags of a pilot that a person is told of, by the ladder or in the overview."""
    rungs = _rungs(person, reader, row)
    overview = row.committee_slug in reader.seats or reader.manages
    return [one for one in flags if one.reached & rungs or (overview and one.rule in OVERVIEW)]


def _action(person: User, reader: Reader, row: _Row, reached: Sequence[_Flag]) -> tuple[str, str]:
    """What a person can do about a pilot, with the address of the form."""
    line = row.line
    words, route = "", ""
    if row.owner_id == person.pk:
        if line.days and line.stage == Stage.RUNNING:
            words, route = "End the work and ask for a decision", "portfolio:round-end"
        elif not line.days:
            rules = (BY_ID[one.rule] for one in reached if one.rule in BY_ID)
            words, route = next(((one.form_says, one.form) for one in rules if one.form not in _NOT_OWNERS), ("", ""))
    elif line.days and row.committee_slug in reader.seats:
        chairs = row.committee_slug in reader.chairs
        words, route = "Record the decision" if chairs else "Read what the decision rests on", _DECIDE
    return (words, _address(route, line.code)) if route else ("", "")


@lru_cache(maxsize=10_000)
def _address(route: str, code: str) -> str:
    """Address of a form of a pilot; the members of a committee are all sent to the same."""
    return reverse(route, args=[code])


def _section(person: User, reader: Reader, row: _Row, reached: Sequence[_Flag]) -> tuple[int, str] | None:
    """The place and the title of the section under which a pilot stands for a person; None where it is not told."""
    line, climbed = row.line, {rung for one in reached for rung in one.reached}
    owns, late = row.owner_id == person.pk, line.days > 0
    sponsors = row.sponsor_id == person.pk and Rung.SPONSOR in climbed
    chairs = row.committee_slug in reader.chairs and Rung.CHAIR in climbed
    seated, told_of = row.committee_slug in reader.seats, late or bool(reached)
    places = (
        (owns and late, (0, "Your pilots that wait for a decision")),
        (owns and told_of, (1, "Your pilots that need a look")),
        (owns, None),
        (sponsors and late, (2, "Pilots you sponsor that still wait")),
        (sponsors, (3, "Pilots you sponsor that need a look")),
        (chairs, (4, f"Yours as chair, since nobody else moved them: {line.committee}")),
        (reader.manages and Rung.MANAGERS in climbed, (7, "Nobody else is there to move these")),
        (seated and late, (5, f"Before the committee: {line.committee}")),
        (reader.manages and late, (8, "In the portfolio")),
        ((seated or reader.manages) and told_of, (6, f"Gates opened again: {line.committee}")),
    )
    return next((place for holds, place in places if holds), None)


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
