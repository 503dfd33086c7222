"""What changed for the better since a person's last digest: gates passed, decisions, targets met, flags closed.

Nobody is told of what they did themselves. A flag that closed has no author; it is news for whoever has done nothing
on that pilot in the time, so that nobody reads that their own work had its effect.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from gates.models import Decision, Flag, GateReview
from gates.rules.contract_gaps import FAMILY, FAMILY_TITLE
from gates.rules.registry import BY_ID
from portfolio.models import Measurement, Pilot
from portfolio.progress import progress_of
from portfolio.states import LampState, Outcome, Progress, Visibility

_OUTCOMES = {
    Outcome.SCALE: "scale it",
    Outcome.REDESIGN: "redesign it",
    Outcome.STOP: "stop it",
    Outcome.RESEARCH: "keep it as research",
}


class Concern(NamedTuple):
    """A pilot, and what makes people concerned with it."""

    id: int
    code: str
    title: str
    visibility: str
    committee: str
    owner: int | None
    sponsor: int | None


@dataclass(frozen=True)
class News:
    """One thing that got better."""

    what: str
    at: datetime
    pilot: Concern
    path: str
    #: Who did it; None where nobody in particular did.
    by: int | None
    #: Told only to those who have done nothing on the pilot in the time.
    by_itself: bool = False

    @property
    def restricted(self) -> bool:
        return self.pilot.visibility == Visibility.RESTRICTED


_CONCERN = ("pk", "code", "title", "visibility", "committee_slug", "standing__owner", "standing__sponsor")


def news_for(
    people: Collection[User],
    *,
    since: dict[int, datetime],
    now: datetime,
    concerned: Q,
    concerns: Callable[[int, Concern], bool],
) -> dict[int, tuple[News, ...]]:
    """What got better for each of `people` after `since`, by their id, newest first. Nine queries at most.

    `concerned` narrows the pilots to those that concern anybody, `concerns` says whether one concerns a person.
    """
    begun = min(since.values(), default=now)
    pilots = Pilot.objects.filter(concerned)
    decided = list(_decisions(pilots, begun, now))
    found = [
        *decided,
        *_gates(pilots, begun, now),
        *_targets(pilots, begun, now),
        *_flags(pilots.exclude(pk__in={news.pilot.id for news in decided}), begun, now),
    ]
    found.sort(key=attrgetter("at"), reverse=True)
    own_doing = _doings(people, begun, now) if any(news.by_itself for news in found) else set()
    told: dict[int, list[News]] = defaultdict(list)
    for person in people:
        for news in found:
            if news.at <= since[person.pk] or news.by == person.pk or not concerns(person.pk, news.pilot):
                continue
            if news.by_itself and (person.ref, f"pilot:{news.pilot.id}") in own_doing:
                continue
            told[person.pk].append(news)
    return {key: tuple(news) for key, news in told.items()}


def _gates(pilots: QuerySet[Pilot], begun: datetime, now: datetime) -> Iterator[News]:
    passed = GateReview.objects.filter(
        state__in=(LampState.PASSED, LampState.CONDITIONAL),
        concluded_at__gt=begun,
        concluded_at__lte=now,
        round__pilot__in=pilots,
    )
    rows = passed.values_list(
        "gate__title", "gate__slug", "state", "concluded_at", "concluded_by",
        *(f"round__pilot__{name}" for name in _CONCERN),
    )  # fmt: skip
    for title, slug, state, at, by, *rest in rows:
        pilot = Concern(*rest)
        path = reverse("gates:review-detail", args=[pilot.code, slug])
        yield News(f"{LampState(state).label}: {title}", at, pilot, path, by)


def _decisions(pilots: QuerySet[Pilot], begun: datetime, now: datetime) -> Iterator[News]:
    recorded = Decision.objects.filter(recorded_at__gt=begun, recorded_at__lte=now, round__pilot__in=pilots)
    rows = recorded.values_list(
        "number", "outcome", "recorded_at", "recorded_by", *(f"round__pilot__{name}" for name in _CONCERN)
    )
    for number, outcome, at, by, *rest in rows:
        path = reverse("gates:decision-detail", args=[number])
        yield News(f"Decided: {_OUTCOMES[Outcome(outcome)]} ({number})", at, Concern(*rest), path, by)


def _targets(pilots: QuerySet[Pilot], begun: datetime, now: datetime) -> Iterator[News]:
    """Criteria whose latest value is new, reaches the target, and whose value before did not."""
    fresh = Measurement.objects.counting().filter(at__gt=begun, at__lte=now, criterion__round__pilot__in=pilots)
    rows = fresh.order_by("on", "pk").values_list(
        "criterion", "criterion__round", "at", "recorded_by", *(f"criterion__round__pilot__{name}" for name in _CONCERN)
    )
    newest = {criterion: rest for criterion, *rest in rows}
    if not newest:
        return
    progress = progress_of({round_id for round_id, *_ in newest.values()}, now.date())
    for criteria in progress.values():
        for one in criteria:
            if one.withdrawn or one.agreed.original.pk not in newest or one.state != Progress.MET:
                continue
            if replace(one, values=one.values[:-1]).state == Progress.MET:
                continue
            _, at, by, *rest = newest[one.agreed.original.pk]
            pilot = Concern(*rest)
            path = reverse("portfolio:measurement-list", args=[pilot.code])
            yield News(f"Target met: {one.metric}", at, pilot, path, by)


def _flags(pilots: QuerySet[Pilot], begun: datetime, now: datetime) -> Iterator[News]:
    """Flags that closed on a day that is over, one line a pilot; such a day is told of from its end on, and so once.

    Those of a pilot that was decided in the time are left out: the decision says it.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    closed = Flag.objects.filter(
        closed_on__gte=begun.astimezone(zone).date(), closed_on__lt=now.astimezone(zone).date(), pilot__in=pilots
    )
    rows = closed.order_by("closed_on", "pk").values_list("rule", "closed_on", *(f"pilot__{name}" for name in _CONCERN))
    of_day: dict[tuple[Concern, date], list[str]] = defaultdict(list)
    for rule, closed_on, *rest in rows:
        if rule in BY_ID:
            title = FAMILY_TITLE if BY_ID[rule].family == FAMILY else BY_ID[rule].title
            titles = of_day[Concern(*rest), closed_on]
            if title.lower() not in titles:
                titles.append(title.lower())
    for (pilot, closed_on), titles in of_day.items():
        path = reverse("portfolio:pilot-detail", args=[pilot.code])
        yield News(f"No longer flagged: {', '.join(titles)}", _end(closed_on, zone), pilot, path, None, by_itself=True)


def _doings(people: Collection[User], begun: datetime, now: datetime) -> set[tuple[str, str]]:
    """Who did anything on which pilot."""
    acts = Event.objects.filter(actor__in=[person.ref for person in people], at__gt=begun, at__lte=now)
    return set(acts.exclude(scope="").values_list("actor", "scope").distinct())


def _end(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after `day`."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)
