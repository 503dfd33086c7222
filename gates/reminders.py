"""Who was reminded of a thing, and when: read from what digests told."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models

from audit.recording import reference
from gates.models import Reminded


@dataclass(frozen=True)
class Reminder:
    """A day on which people were reminded of a thing, by their names."""

    on: date
    people: tuple[str, ...]


def reminders_of(things: Collection[models.Model]) -> dict[int, list[Reminder]]:
    """Every reminder of each of `things` (rows of one table) by their key, in order of days. One query.

    Flags, conditions and review requests are told of by themselves, a decision that waits as its pilot.
    """
    keys = {reference(thing): thing.pk for thing in things}
    told: dict[int, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = Reminded.objects.filter(about__in=keys).order_by("on", "person__name", "person__email")
    for about, on, name, email in rows.values_list("about", "on", "person__name", "person__email"):
        names = told[keys[about]][on]
        if (name or email) not in names:
            names.append(name or email)
    return {key: [Reminder(on, tuple(names)) for on, names in days.items()] for key, days in told.items()}


def days_of(reminders: Iterable[Reminder]) -> list[date]:
    """The days alone: "reminded 3 November, 10 November"."""
    return [reminder.on for reminder in reminders]
