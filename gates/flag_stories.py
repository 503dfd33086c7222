"""What has been told of flags, and will be: their ladders, the reminders so far, and their snoozes. Read for a page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gates.ladder import Rung, Step, climb
from gates.models import CommitteeSeat, Flag, RuleSetting, Snooze
from gates.open_flags import FlagStory, Shown
from gates.reminders import reminders_of
from gates.rules.registry import BY_ID
from gates.states import CommitteePart


def with_stories(rows: Sequence[Shown], today: date) -> list[Shown]:
    """`rows` with their stories; of flags read with `pilot__standing`. Four queries."""
    flags = [row.flag for row in rows if row.flag.closed_on is None]
    set_to = {
        rule: (sponsor, chair)
        for rule, sponsor, chair in RuleSetting.objects.values_list("rule", "sponsor_after", "chair_after")
    }
    chaired = set(
        CommitteeSeat.objects.filter(part=CommitteePart.CHAIR, until=None, user__is_active=True).values_list(
            "committee__slug", flat=True
        )
    )
    reminders = reminders_of(flags)
    silent = {
        one.flag_id: one for one in Snooze.objects.in_force(today).filter(flag__in=flags).select_related("set_by")
    }
    return [
        replace(
            row,
            story=FlagStory(
                steps=_steps(row.flag, set_to.get(row.flag.rule, (None, None)), chaired),
                reminders=tuple((one.on, one.people) for one in reminders.get(row.flag.pk, ())),
                snooze=silent.get(row.flag.pk),
            ),
        )
        for row in rows
    ]


def _steps(flag: Flag, set_to: tuple[int | None, int | None], chaired: set[str]) -> tuple[Step, ...]:
    rule = BY_ID.get(flag.rule)
    if rule is None:
        return ()
    standing = flag.pilot.standing
    here = {
        Rung.OWNER: standing.owner is not None and standing.owner.is_active,
        Rung.SPONSOR: standing.sponsor is not None and standing.sponsor.is_active,
        Rung.CHAIR: flag.pilot.committee_slug in chaired,
    }
    return climb(
        opened_on=flag.opened_on,
        sponsor_after=rule.sponsor_after if set_to[0] is None else set_to[0],
        chair_after=rule.chair_after if set_to[1] is None else set_to[1],
        missing=[rung for rung, there in here.items() if not there],
    )
