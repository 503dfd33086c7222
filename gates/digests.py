"""What a person's digest says: pure data, read for all recipients of a batch at once.

First what waits on the person, then the pilots that wait for a decision, then what changed for the better. Whoever can
end a stall hears of it: the owner at once, the sponsor after a grace, the committee and the portfolio managers always.
A pilot stands once among a person's pilots, under the closest of their parts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Q
from django.urls import reverse

from accounts.models import User
from gates.concerned import Reader, concerning, readers_of
from gates.models import Committee, DigestRun, Flag
from gates.news import News, news_for
from gates.open_flags import snoozed
from gates.pending import Task, tasks_of
from gates.states import CommitteePart
from portfolio.models import Standing
from portfolio.models.round import cost_of_waiting
from portfolio.states import Stage, Visibility

#: Days past the due date after which the sponsor hears of it too.
SPONSOR_GRACE = 14
#: Rule whose flag says no more than the line does.
SAID_ALREADY = "decision-overdue"
#: Rule whose flag the committee hears of although no decision is overdue (requirement 75).
TELLS_COMMITTEE = "gate-reopened"
#: Pilots shown in a section, and things that wait or got better; the rest is counted.
SHOWN = 15
#: How far back the first digest looks for what got better, and how far any does.
FIRST_LOOK, LONGEST_LOOK = timedelta(days=7), timedelta(days=92)
#: What the owner does about a flag: the words of the link, and the page of the form.
_REMEDIES = {
    "not-asked": ("End the work and ask for a decision", "portfolio:round-end"),
    "silent": ("Say what moved", "portfolio:status-create"),
    "blocker-repeats": ("Say what moved", "portfolio:status-create"),
    "not-measured": ("Add a measurement", "portfolio:measurement-sheet"),
    "no-owner": ("Name somebody", "portfolio:people"),
    "gap": ("Complete the contract", "portfolio:contract-detail"),
}


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
    """A pilot as read: its line, and whom it concerns."""

    line: Line
    committee_slug: str
    owner_id: int | None
    sponsor_id: int | None
    #: A gate of it was opened again.
    reopened: bool = False


def contents(recipients: Collection[User], *, now: datetime) -> dict[int, Content]:
    """What to tell each of `recipients`, by their id, in a fixed number of queries.

    Days are counted in the zone of the pilot's committee. Nobody is told of a restricted pilot unless they hold a
    part in it, sit in its committee or manage the portfolio, which are those who may see it.
    """
    readers = readers_of(recipients, _day(now, settings.TIME_ZONE))
    rows = _rows(readers, now)
    flags = _flags_of(rows, _day(now, settings.TIME_ZONE))
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
            _content(person, readers[person.pk], rows, flags),
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


def _rows(readers: dict[int, Reader], now: datetime) -> list[_Row]:
    """Every pilot that concerns any reader: overdue, flagged and owned by one, or opened again. Worst first."""
    committees = {slug: (name, zone) for slug, name, zone in Committee.objects.values_list("slug", "name", "time_zone")}
    days = {slug: _day(now, zone) for slug, (_, zone) in committees.items()}
    home = _day(now, settings.TIME_ZONE)
    latest = max([home, *days.values()])
    concerned = concerning(readers, standing="", pilot="pilot__")
    told = Flag.objects.filter(pilot=OuterRef("pilot"), rule=TELLS_COMMITTEE, closed_on=None)
    found = (
        Standing.objects.annotate(reopened=Exists(told))
        .filter(
            (Q(undecided_since__lt=latest) | Q(reopened=True)) & concerned | Q(open_flags__gt=0, owner__in=readers)
        )
        .annotate(hushed=Exists(snoozed(home).filter(flag__pilot=OuterRef("pilot"), flag__rule=SAID_ALREADY)))
        .order_by(F("undecided_since").asc(nulls_last=True), "pilot")
        .values_list(
            "pilot", "pilot__code", "pilot__title", "pilot__committee_slug", "pilot__monthly_cost",
            "pilot__visibility", "undecided_since", "owner", "owner__name", "sponsor", "pilot__stage", "reopened",
            "hushed",
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
        sponsor,
        stage,
        again,
        hushed,
    ) in found:
        # A snoozed clock runs on; this mail is silent about it.
        overdue = max(0, (days.get(slug, home) - due).days) if due and not hushed else 0
        committee, _ = committees.get(slug, ("", ""))
        cost = cost_of_waiting(monthly_cost, overdue) if overdue else None
        restricted = visibility == Visibility.RESTRICTED
        line = Line(
            pilot, code, title, owner_name or "", committee, due, overdue, monthly_cost, cost, restricted, stage
        )
        rows.append(_Row(line, slug, owner, sponsor, again))
    return rows


@dataclass(frozen=True)
class _Flagged:
    """The open flags of a pilot, worst first: all keys and rules, and the sentences that its line does not say."""

    ids: tuple[int, ...]
    rules: tuple[str, ...]
    sentences: tuple[str, ...]


_UNFLAGGED = _Flagged((), (), ())


def _flags_of(rows: Iterable[_Row], today: date) -> dict[int, _Flagged]:
    """The open flags of each pilot, but for those that are snoozed today."""
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    overdue = {row.line.pilot: row.line.days > 0 for row in rows}
    open_flags = Flag.objects.filter(pilot__in=overdue, closed_on=None).exclude(pk__in=snoozed(today))
    flags = open_flags.order_by("-severity", "since", "pk")
    for pilot, key, rule, detail in flags.values_list("pilot", "pk", "rule", "detail"):
        found[pilot].append((key, rule, detail))
    return {
        pilot: _Flagged(
            tuple(key for key, _, _ in flags),
            tuple(rule for _, rule, _ in flags),
            tuple(detail for _, rule, detail in flags if not (overdue[pilot] and rule == SAID_ALREADY)),
        )
        for pilot, flags in found.items()
    }


def _content(person: User, reader: Reader, rows: Sequence[_Row], flags: dict[int, _Flagged]) -> Content:
    sections: dict[str, list[Line]] = {}
    for row in rows:
        flagged = flags.get(row.line.pilot, _UNFLAGGED)
        title = _section(person, reader, row, flagged)
        if title:
            action, path = _action(person, reader, row, flagged)
            sections.setdefault(title, []).append(
                replace(row.line, flags=flagged.sentences, flag_ids=flagged.ids, action=action, action_path=path)
            )
    ordered = sorted(sections.items(), key=lambda item: _ORDER.get(item[0], _COMMITTEES))
    return Content(tuple(Section(title, tuple(lines)) for title, lines in ordered))


def _action(person: User, reader: Reader, row: _Row, flagged: _Flagged) -> tuple[str, str]:
    """What a person can do about a pilot, with the address of the form."""
    line = row.line
    words, route = "", ""
    if row.owner_id == person.pk:
        if line.days and line.stage == Stage.RUNNING:
            words, route = _REMEDIES["not-asked"]
        elif not line.days:
            names = ("gap" if rule.startswith("gap-") else rule for rule in flagged.rules)
            words, route = next((_REMEDIES[name] for name in names if name in _REMEDIES), ("", ""))
    elif line.days and row.committee_slug in reader.seats:
        chairs = reader.seats[row.committee_slug] == CommitteePart.CHAIR
        words, route = "Record the decision" if chairs else "Read what the decision rests on", "gates:decision-create"
    return (words, reverse(route, args=[line.code])) if route else ("", "")


_OWN = "Your pilots that wait for a decision"
_OWN_FLAGGED = "Your pilots that need a look"
_SPONSORED = "Pilots you sponsor that still wait"
_ELSEWHERE = "In the portfolio"
_COMMITTEES = 3
_ORDER = {_OWN: 0, _OWN_FLAGGED: 1, _SPONSORED: 2, _ELSEWHERE: 4}


def _section(person: User, reader: Reader, row: _Row, flagged: _Flagged) -> str:
    """The title under which a pilot concerns a person, or nothing."""
    line = row.line
    if row.owner_id == person.pk:
        return _OWN if line.days else _OWN_FLAGGED if flagged.sentences else ""
    if not line.days:
        told = row.reopened and row.committee_slug in reader.seats
        return f"Gates opened again: {line.committee}" if told else ""
    if row.sponsor_id == person.pk and line.days > SPONSOR_GRACE:
        return _SPONSORED
    if row.committee_slug in reader.seats:
        return f"Before the committee: {line.committee}"
    return _ELSEWHERE if reader.manages else ""


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
