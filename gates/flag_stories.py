"""What has been told of flags, and will be: their ladders, the reminders so far, and their snoozes. Read for a page."""

from collections.abc import Sequence
from dataclasses import replace

from accounts.models import User
from accounts.permissions import is_manager
from gates.ladder import Step
from gates.ladders import Ladders, ladders
from gates.models import Flag, Snooze
from gates.open_flags import FlagStory, Shown
from gates.permissions import chaired_by
from gates.reminders import reminders_of
from portfolio.clock import Days, clock_of


def with_stories(rows: Sequence[Shown], days: Days, reader: User) -> list[Shown]:
    """`rows` with their stories as `reader` sees them; of flags read with `pilot__standing`. At most seven queries."""
    flags = [row.flag for row in rows if row.flag.closed_on is None]
    if not flags:
        return list(rows)
    climbing, reminders, theirs = ladders(), reminders_of(flags), _may_snooze(flags, reader)
    silent = {
        one.flag_id: one for one in Snooze.objects.in_force(days.here).filter(flag__in=flags).select_related("set_by")
    }
    return [
        replace(
            row,
            story=FlagStory(
                clock=clock_of(row.flag.pilot, days.of(row.flag.pilot)),
                steps=_steps(row.flag, climbing),
                overview=bool(row.rule and row.rule.overview),
                reminders=tuple((one.on, one.people) for one in reminders.get(row.flag.pk, ())),
                snooze=silent.get(row.flag.pk),
                may_snooze=row.flag.pk in theirs and row.flag.pk not in silent,
            ),
        )
        for row in rows
    ]


def _may_snooze(flags: Sequence[Flag], reader: User) -> set[int]:
    """The keys of `flags` that are the reader's to silence, as `gates.snoozing` holds it. Two or three queries."""
    if is_manager(reader):
        return {flag.pk for flag in flags}
    chaired = set(chaired_by(reader))
    own = [flag for flag in flags if flag.pilot.standing.owner_id == reader.pk]
    before = set(Snooze.objects.filter(flag__in=own, set_by=reader).values_list("flag", flat=True)) if own else set()
    return {flag.pk for flag in flags if flag.pilot.committee_slug in chaired} | {
        flag.pk for flag in own if flag.pk not in before
    }


def _steps(flag: Flag, climbing: Ladders) -> tuple[Step, ...]:
    standing = flag.pilot.standing
    return climbing.of(
        flag.rule,
        opened_on=flag.opened_on,
        owned=standing.owner is not None and standing.owner.is_active,
        sponsored=standing.sponsor is not None and standing.sponsor.is_active,
        committee=flag.pilot.committee_slug,
    )
