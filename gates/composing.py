"""Composing digests: whose day and hour has come, once per person and period, whatever runs at the same time."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.acting import note
from accounts.mailing import CONFIDENTIAL, drafted, enqueue_all, with_styles_inline
from accounts.models import Mail, Preference, RoleGrant, User
from accounts.preferring import preferences_of, wishes_of
from accounts.states import DigestRhythm, MailKind, Role
from audit.recording import verb
from gates.digests import Content, Line, contents
from gates.models import CommitteeSeat, Condition, DigestRun, GateReview, Reminded, ReviewRequest, Substitute
from gates.periods import due_period
from gates.states import DigestKind
from portfolio.models import Intervention, Standing

logger = logging.getLogger("pilotage.digests")

#: People whose digests are composed in one transaction.
BATCH = 750


@dataclass(frozen=True)
class Due:
    """A person and the period whose digest is due."""

    person: User
    period: str


@dataclass
class Report:
    """What one sweep came to, in people."""

    queued: int = 0
    nothing_to_say: int = 0
    #: Digests that could not be written, for a reason that the log tells.
    refused: int = 0


def compose_due(*, now: datetime, step: Callable[[int], object] | None = None) -> Report:
    """Compose the digests that are due at `now` and put them into the outbox; `step` hears of each batch's size.

    A person gets one digest per period, in their own time zone. Where there is nothing to say, only the run is kept.
    """
    report = Report()
    waiting = _not_yet_composed(list(due_people(now=now)))
    for batch in _batches(waiting):
        queued, nothing, refused = _compose(actor=None, batch=batch, now=now)
        report.queued += queued
        report.nothing_to_say += nothing
        report.refused += refused
        if step:
            step(len(batch))
    return report


def digests_due(*, now: datetime, step: Callable[[int], object] | None = None) -> Iterator[tuple[Due, Mail | None]]:
    """The digests due at `now` as mails kept nowhere, whether or not they were sent before; None where refused."""
    for batch in _batches(list(due_people(now=now))):
        for item, _, mail in _drafts(batch, now):
            yield item, mail
        if step:
            step(len(batch))


def due_people(*, now: datetime) -> Iterator[Due]:
    """Who may have something to be told, wants it, and whose day and hour has come; by their id.

    Only who has joined: an address that was mistyped when somebody was named gets an invitation, and nothing more.
    """
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    concerned = (
        Q(Exists(Standing.objects.filter(owner=OuterRef("pk"))))
        | Q(Exists(Standing.objects.filter(sponsor=OuterRef("pk"))))
        | Q(Exists(CommitteeSeat.objects.filter(user=OuterRef("pk"), until=None)))
        | Q(Exists(ReviewRequest.objects.filter(reviewer=OuterRef("pk"), ended_at=None)))
        | Q(Exists(GateReview.objects.filter(lead=OuterRef("pk"), concluded_at=None)))
        | Q(Exists(Substitute.objects.in_force(today).filter(stands_in=OuterRef("pk"))))
        | Q(Exists(Intervention.objects.open().filter(owner=OuterRef("pk"))))
        | Q(Exists(Condition.objects.open().filter(owner=OuterRef("pk"))))
        | Q(Exists(RoleGrant.objects.held_on(today).filter(user=OuterRef("pk"), role=Role.PORTFOLIO_MANAGER)))
    )
    people = User.objects.joined().filter(concerned).exclude(preference__rhythm=DigestRhythm.OFF)
    for person in people.select_related("preference").order_by("pk"):
        period = due_period(getattr(person, "preference", None) or Preference(), zone=person.time_zone, now=now)
        if period:
            yield Due(person, period)


def _not_yet_composed(due: Sequence[Due]) -> list[Due]:
    """Leave out what is done. Only to save work: what decides is the row that `_take` makes."""
    done = set(
        DigestRun.objects.filter(kind=DigestKind.STALLED, period__in={item.period for item in due}).values_list(
            "recipient", "period"
        )
    )
    return [item for item in due if (item.person.pk, item.period) not in done]


@verb
def _compose(*, actor: User | None, batch: Sequence[Due], now: datetime) -> tuple[int, int, int]:
    """Compose one batch: runs, mails and events are kept together or not at all. Returns the report's counts."""
    runs = _take(batch, now)
    taken = [item for item in batch if item.person.pk in runs]
    mails: list[tuple[Due, Mail]] = []
    told: list[Reminded] = []
    refused = 0
    for item, content, mail in _drafts(taken, now):
        if mail is None:
            refused += 1
        else:
            mails.append((item, mail))
            told.extend(_reminders(item.person, content, mail, now))
    enqueue_all([mail for _, mail in mails])
    Reminded.objects.bulk_create(told)
    made = [DigestRun(pk=runs[item.person.pk], mail=mail) for item, mail in mails]
    _name_mails(made)
    for run, (item, _) in zip(made, mails, strict=True):
        note(actor, "gates.digest.composed", run, now=now, period=item.period, person=item.person.ref)
    return len(mails), len(taken) - len(mails) - refused, refused


def _take(batch: Sequence[Due], now: datetime) -> dict[int, int]:
    """Make the runs of a batch; return, by person, those that nobody else has made. Waits for others who are at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO gates_digestrun (recipient_id, kind, period, composed_at)
            SELECT recipient, %s, period, %s FROM unnest(%s::bigint[], %s::text[]) AS due (recipient, period)
            ORDER BY recipient
            ON CONFLICT (recipient_id, kind, period) DO NOTHING
            RETURNING recipient_id, id
            """,
            [DigestKind.STALLED, now, [item.person.pk for item in batch], [item.period for item in batch]],
        )
        return dict(cursor.fetchall())


def _name_mails(runs: Sequence[DigestRun]) -> None:
    """Keep which mail each run became; one statement without a case for each of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE gates_digestrun run SET mail_id = made.mail "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS made (id, mail) WHERE run.id = made.id",
            [[run.pk for run in runs], [run.mail_id for run in runs]],
        )


@dataclass(frozen=True)
class _Told:
    """A section as the mail shows it: its pilots rendered already."""

    title: str
    html: list[str]
    text: list[str]
    more: int


class _Lines:
    """Pilots as they stand in mails, each rendered once however many people are told of it."""

    def __init__(self) -> None:
        self._rendered: dict[tuple[Line, bool, str, str], str] = {}

    def sections(self, content: Content, person: User) -> list[_Told]:
        """The sections of a digest; an owner is not told that a pilot is theirs."""
        return [
            _Told(
                section.title,
                [self._of(line, person, "html") for line in section.shown],
                [self._of(line, person, "txt") for line in section.shown],
                section.more,
            )
            for section in content.sections
        ]

    def _of(self, line: Line, person: User, kind: str) -> str:
        named = bool(line.owner) and line.owner != person.name
        key = (line, named, person.language, kind)
        if key not in self._rendered:
            context = {"line": line, "named": named, "base_url": settings.BASE_URL}
            self._rendered[key] = render_to_string(f"mail/digest_line.{kind}", context)
        return self._rendered[key]


def _drafts(batch: Sequence[Due], now: datetime) -> Iterator[tuple[Due, Content, Mail | None]]:
    """What there is to say to whom, and the mails of it; None where one cannot be written."""
    found = contents([item.person for item in batch], now=now)
    telling = [item for item in batch if found[item.person.pk].says_something]
    wishes, lines = preferences_of([item.person for item in telling]), _Lines()
    for item in telling:
        try:
            mail = digest_mail(item.person, found[item.person.pk], wishes[item.person.pk], lines, now=now)
        except ValidationError:
            logger.exception("the digest of user %s cannot be written", item.person.pk)
            mail = None
        yield item, found[item.person.pk], mail


def _reminders(person: User, content: Content, mail: Mail, now: datetime) -> Iterator[Reminded]:
    """One row for each thing that the mail tells of; what it only counts was not told."""
    day = now.astimezone(ZoneInfo(person.time_zone)).date()
    about = {task.about: task.pilot.id for task in content.shown_tasks}
    for line in (line for section in content.sections for line in section.shown):
        about |= {f"gates.flag:{flag}": line.pilot for flag in line.flag_ids}
        if line.days:
            about[f"portfolio.pilot:{line.pilot}"] = line.pilot
    for thing, pilot in about.items():
        yield Reminded(about=thing, pilot_id=pilot, person=person, on=day, mail=mail)


def digest_mail(person: User, content: Content, wishes: Preference, lines: _Lines, *, now: datetime) -> Mail:
    """One person's digest as a mail that can be ended with one click; not yet kept."""
    unsubscribe_url = settings.BASE_URL + (
        reverse("accounts:unsubscribe", args=[wishes.unsubscribe_key])
        if wishes.unsubscribe_key
        else reverse("accounts:preferences")  # a preview for somebody whose wishes are not kept yet
    )
    with translation.override(person.language):
        context: dict[str, Any] = {
            "content": content,
            "sections": lines.sections(content, person),
            "subject": subject_of(content),
            "day": now.astimezone(ZoneInfo(person.time_zone)).date(),
            "person": person,
            "rhythm": DigestRhythm(wishes.rhythm).label.lower(),
            "base_url": settings.BASE_URL,
            "unsubscribe_url": unsubscribe_url,
            "currency": settings.CURRENCY,
        }
        html = render_to_string("mail/digest.html", context)
        text = render_to_string("mail/digest.txt", context)
    return drafted(
        kind=MailKind.DIGEST,
        recipient=person,
        subject=context["subject"],
        text=text,
        html=with_styles_inline(html),
        headers={
            "List-Id": f"Stalled pilots <stalled.{urlsplit(settings.BASE_URL).hostname}>",
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **({CONFIDENTIAL: "Company-Confidential"} if content.is_confidential else {}),
        },
        now=now,
    )


def subject_of(content: Content) -> str:
    """The subject carries the counts: what waits on the reader, then the decisions, else the rest."""
    counts = [
        _counted(len(content.tasks), "1 thing waits for you", "{} things wait for you"),
        _counted(content.waiting, "1 pilot waits for a decision", "{} pilots wait for a decision"),
    ]
    if not any(counts):
        counts = [_counted(content.flagged, "1 pilot needs a look", "{} pilots need a look")]
    if not any(counts):
        counts = [_counted(len(content.news), "1 thing got better", "{} things got better")]
    return ", ".join(filter(None, counts))


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count) if count else ""


def preview(person: User, *, now: datetime) -> Mail | None:
    """The digest that a person would get at `now`, kept nowhere; None where there is nothing to say. Only reads."""
    content = contents([person], now=now)[person.pk]
    return digest_mail(person, content, wishes_of(person), _Lines(), now=now) if content.says_something else None


def _batches(due: Sequence[Due]) -> Iterator[Sequence[Due]]:
    for start in range(0, len(due), BATCH):
        yield due[start : start + BATCH]
