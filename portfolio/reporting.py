"""Status updates: what moved, what blocks; a blocker that stays is said to the owner."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.template.loader import render_to_string

from accounts.acting import note
from accounts.mailing import CONFIDENTIAL, enqueue, with_styles_inline
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from accounts.ringing import ring
from accounts.states import MailKind
from audit.recording import verb
from portfolio.clock import clock_of, days_at
from portfolio.locking import latest_round, locked_pilot
from portfolio.models import Assignment, Blocker, BlockerReport, Pilot, StatusUpdate
from portfolio.standing import keep_facts
from portfolio.states import BLOCKER_REPEATS, ENDED_STAGES, Confidence, Part, Visibility

#: Job of the room above that looks for drift; it is rung when a blocker has become one.
_DRIFT = "drift.scan"


@verb
def report_status(
    *,
    actor: User | None,
    pilot: Pilot,
    moved: str,
    confidence: Confidence | None = None,
    because: str = "",
    users_inside: int | None = None,
    users_outside: int | None = None,
    scale_when: str = "",
    blocks: Collection[str] = (),
    cleared: Collection[int] = (),
    seen: Collection[int] | None = None,
    now: datetime,
) -> StatusUpdate:
    """Add a status update to the latest round; also while a pilot scales and runs, when no round is open.

    `blocks` are blockers in words, new ones and old ones alike; `cleared` are keys of those that block no more. Every
    other open blocker goes on blocking, and counts this update. `seen` are the blockers that the writer was shown
    (None: shows no form). The third update in a row that reports a blocker tells the business owner, unless they
    wrote it. Refuses an update that says nothing, on a pilot that has ended, or that overlooks a blocker.
    """
    pilot = locked_pilot(pilot)
    standing = list(Blocker.objects.open().filter(pilot=pilot).select_related("opened_by__author"))
    refuse_any(_obstacles(pilot, moved, standing, seen))
    update = StatusUpdate(
        round=latest_round(pilot), author=actor, at=now, moved=moved.strip(), confidence=confidence or "",
        because=because.strip(), users_inside=users_inside, users_outside=users_outside, scale_when=scale_when.strip(),
    )  # fmt: skip
    update.full_clean(exclude=["round", "author"])
    update.save(force_insert=True)
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    note(actor, "portfolio.status.reported", update, now=now, scope=pilot.scope)
    said = {text.lower(): text for text in map(str.strip, blocks) if text}
    gone = [blocker for blocker in standing if blocker.pk in cleared and blocker.text.lower() not in said]
    known = {blocker.text.lower() for blocker in standing}
    opened = [Blocker(pilot=pilot, text=text, opened_by=update) for key, text in said.items() if key not in known]
    stay = [blocker for blocker in standing if blocker not in gone] + opened
    Blocker.objects.filter(pk__in=[blocker.pk for blocker in gone]).update(closed_by=update)
    Blocker.objects.bulk_create(opened)
    BlockerReport.objects.bulk_create([BlockerReport(update=update, blocker=blocker) for blocker in stay])
    repeated = _repeated(stay)
    for kind, blockers in (("cleared", gone), ("opened", opened), ("repeated", repeated)):
        for blocker in blockers:
            note(actor, f"portfolio.blocker.{kind}", blocker, now=now, scope=pilot.scope, text=blocker.text)
    _tell_of_repeats(actor, pilot, repeated, now)
    return update


def _obstacles(pilot: Pilot, moved: str, standing: list[Blocker], seen: Collection[int] | None) -> list[Obstacle]:
    obstacles = []
    if pilot.stage in ENDED_STAGES:
        what = f"This pilot is {pilot.get_stage_display().lower()}; there is nothing more to report."
        obstacles.append(Obstacle("ended", what, url=pilot.get_absolute_url()))
    if not moved.strip():
        obstacles.append(Obstacle("nothing_said", "Say in a sentence what moved, even if it is nothing."))
    obstacles += [
        Obstacle(
            "unseen_blocker",
            f"{blocker.opened_by.author or 'Pilotage'} added “{blocker}” while you were writing.",
            "you: say whether it still blocks, and send again",
        )
        for blocker in standing
        if seen is not None and blocker.pk not in seen
    ]
    return obstacles


def _repeated(blockers: list[Blocker]) -> list[Blocker]:
    """Those that have just been reported for the third time; later repeats are no news."""
    counted = Blocker.objects.filter(pk__in=[blocker.pk for blocker in blockers]).annotate(counted=Count("reports"))
    return list(counted.filter(counted=BLOCKER_REPEATS).order_by("pk"))


def _tell_of_repeats(actor: User | None, pilot: Pilot, blockers: list[Blocker], now: datetime) -> None:
    """Mail the business owner, once for each blocker, and let the scan raise its flag early.

    Who wrote the update knows already, and sees it on the page; the flag then climbs to the sponsor in its time. A
    pilot is locked while it is reported on, so that a third report comes once and its mail, too.
    """
    if not blockers:
        return
    ring(_DRIFT)
    held = Assignment.objects.filter(pilot=pilot, part=Part.BUSINESS_OWNER, until=None).select_related("person").first()
    if held is None or held.person == actor or not (held.person.is_active and held.person.has_usable_password()):
        return
    context = {
        "pilot": pilot,
        "blockers": blockers,
        "author": actor,
        "clock": clock_of(pilot, days_at(now).of(pilot)),
        "base_url": settings.BASE_URL,
    }
    enqueue(
        kind=MailKind.NOTICE,
        recipient=held.person,
        subject=f"{pilot.code}: blocked by the same for the third time",
        text=render_to_string("portfolio/blocker_mail.txt", context),
        html=with_styles_inline(render_to_string("portfolio/blocker_mail.html", context)),
        headers={CONFIDENTIAL: "Company-Confidential"} if pilot.visibility == Visibility.RESTRICTED else {},
        now=now,
    )
