"""Changing what was agreed after the start: by numbered amendments, each with a reason and an approver."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.acting import note
from accounts.mailing import CONFIDENTIAL, enqueue, with_styles_inline
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from accounts.states import MailKind
from audit.recording import verb
from portfolio.agreement import ANSWERS, agreed_contracts, plain
from portfolio.contracting import about, check_terms, new_criterion, only
from portfolio.criteria import TERMS, AgreedCriterion, agreed_criteria
from portfolio.locking import locked_pilot, open_round
from portfolio.models import Amendment, Contract, Pilot, Round, SuccessCriterion
from portfolio.permissions import approvers_of
from portfolio.standing import keep_facts
from portfolio.states import AmendmentKind, Visibility


@dataclass(frozen=True)
class Grounds:
    """Who amends, why, who approves it, and when."""

    actor: User | None
    approver: User
    reason: str
    now: datetime

    def obstacles(self, pilot: Pilot, current: Round) -> list[Obstacle]:
        """What keeps an amendment on these grounds from being made."""
        obstacles = []
        if not current.is_undecided:
            what = f"Round {current.number} has not started, so nothing is agreed yet. Change the draft itself."
            obstacles.append(Obstacle("not_started", what, "you", pilot.get_absolute_url()))
        if not self.reason.strip():
            obstacles.append(Obstacle("reason", "Say why, for those who read it beside the original.", "you"))
        today = self.now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        if self.approver == self.actor:
            obstacles.append(Obstacle("approver", "Somebody else has to approve it than who makes it.", "you"))
        elif not approvers_of(pilot, today=today).filter(pk=self.approver.pk).exists():
            what = f"{self.approver} cannot approve it: name the sponsor, the owner, the chair or a portfolio manager."
            obstacles.append(Obstacle("approver", what, "you"))
        return obstacles


@verb
def amend_contract(
    *, actor: User | None, pilot: Pilot, approver: User, reason: str, seen: int | None, now: datetime, **answers: Any
) -> Amendment:
    """Change answers of a started round's contract, or fill what was empty; the frozen ones stay beside it.

    The approver, who is only named here, is told by mail.

    `seen` is the number of the contract's last amendment: StaleError where there is a later one. Refuses drafts,
    a blank reason, an approver who is the actor or has no say, and changes that change nothing.
    """
    pilot = locked_pilot(pilot)
    current, grounds = open_round(pilot), Grounds(actor, approver, reason, now)
    agreed = agreed_contracts([current.pk])[current.pk]
    _compare(agreed.last_amendment, seen)
    changes = _changes(agreed.now, only(ANSWERS, answers))
    refuse_any(grounds.obstacles(pilot, current) + _idle(changes))
    Contract(round=current, **{**agreed.now, **answers}).full_clean(exclude=["round"], validate_constraints=False)
    amendment = _amend(current, grounds, kind=AmendmentKind.CHANGED, changes=changes)
    _note("portfolio.contract.amended", pilot, amendment, about=about(changes), fields=sorted(changes))
    return amendment


@verb
def amend_criterion(
    *,
    actor: User | None,
    pilot: Pilot,
    number: int,
    approver: User,
    reason: str,
    seen: int | None,
    now: datetime,
    **terms: Any,
) -> Amendment:
    """Change terms of a started round's criterion. Refuses as `amend_contract` does, and withdrawn criteria."""
    pilot = locked_pilot(pilot)
    current, grounds = open_round(pilot), Grounds(actor, approver, reason, now)
    agreed = _agreed(current, number)
    _compare(agreed.last_amendment, seen)
    changes = _changes(vars(agreed.now), only(TERMS, terms))
    refuse_any(grounds.obstacles(pilot, current) + _withdrawn(agreed) + _idle(changes))
    check_terms(SuccessCriterion(round=current, number=number, **{**vars(agreed.now), **terms}))
    amendment = _amend(
        current,
        grounds,
        kind=AmendmentKind.CHANGED,
        changes=changes,
        criterion=agreed.original,
    )
    _note("portfolio.criterion.amended", pilot, amendment, metric=agreed.now.metric, fields=sorted(changes))
    return amendment


@verb
def withdraw_criterion(
    *,
    actor: User | None,
    pilot: Pilot,
    number: int,
    approver: User,
    reason: str,
    seen: int | None,
    now: datetime,
) -> Amendment:
    """Withdraw a criterion of a started round: it stays on record and counts for nothing from now on."""
    pilot = locked_pilot(pilot)
    current, grounds = open_round(pilot), Grounds(actor, approver, reason, now)
    agreed = _agreed(current, number)
    _compare(agreed.last_amendment, seen)
    refuse_any(grounds.obstacles(pilot, current) + _withdrawn(agreed))
    amendment = _amend(current, grounds, kind=AmendmentKind.WITHDRAWN, criterion=agreed.original)
    _note("portfolio.criterion.withdrawn", pilot, amendment, metric=agreed.now.metric)
    return amendment


@verb
def add_by_amendment(
    *, actor: User | None, pilot: Pilot, approver: User, reason: str, now: datetime, **terms: Any
) -> SuccessCriterion:
    """Add a criterion to a started round, together with the amendment that says why."""
    pilot = locked_pilot(pilot)
    current, grounds = open_round(pilot), Grounds(actor, approver, reason, now)
    refuse_any(grounds.obstacles(pilot, current))
    criterion = new_criterion(current, terms)
    criterion.pk = _next_key()
    amendment = _amend(current, grounds, kind=AmendmentKind.ADDED, criterion=criterion)
    criterion.save(force_insert=True)
    _note("portfolio.criterion.added_late", pilot, amendment, metric=criterion.metric)
    return criterion


def _agreed(current: Round, number: int) -> AgreedCriterion:
    for criterion in agreed_criteria([current.pk])[current.pk]:
        if criterion.number == number:
            return criterion
    raise SuccessCriterion.DoesNotExist(f"round {current.pk} has no criterion {number}")


def _compare(last: int, seen: int | None) -> None:
    if seen is not None and seen != last:
        raise StaleError(seen=seen, current=last)


def _changes(now: dict[str, Any], wanted: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {"old": plain(now[name]), "new": plain(value)}
        for name, value in wanted.items()
        if plain(now[name]) != plain(value)
    }


def _idle(changes: dict[str, Any]) -> list[Obstacle]:
    return [] if changes else [Obstacle("nothing_changed", "This changes nothing.", "you")]


def _withdrawn(agreed: AgreedCriterion) -> list[Obstacle]:
    return [Obstacle("withdrawn", f"Criterion {agreed.number} was withdrawn.")] if agreed.withdrawn else []


def _amend(
    current: Round,
    grounds: Grounds,
    *,
    kind: AmendmentKind,
    changes: dict[str, Any] | None = None,
    criterion: SuccessCriterion | None = None,
) -> Amendment:
    last = Amendment.objects.filter(round=current).aggregate(last=Max("number"))["last"] or 0
    amendment = Amendment(
        round=current,
        number=last + 1,
        kind=kind,
        changes=changes or {},
        reason=grounds.reason.strip(),
        approver=grounds.approver,
        made_by=grounds.actor,
        at=grounds.now,
        criterion_id=criterion.pk if criterion else None,
    )
    amendment.save(force_insert=True)
    return amendment


def _note(kind: str, pilot: Pilot, amendment: Amendment, **said: Any) -> None:
    keep_facts([pilot.pk], zone=settings.TIME_ZONE)
    _tell_approver(pilot, amendment, about=", ".join(said.get("about") or [said["metric"]]))
    said |= {"number": amendment.number, "reason": amendment.reason, "person": amendment.approver.ref}
    note(amendment.made_by, kind, amendment, now=amendment.at, scope=pilot.scope, **said)


def _tell_approver(pilot: Pilot, amendment: Amendment, *, about: str) -> None:
    """Mail whoever is named as approver, since it is somebody else who says so."""
    if not amendment.approver.has_usable_password():
        return
    context = {
        "pilot": pilot,
        "amendment": amendment,
        "about": about,
        "author": amendment.made_by,
        "address": f"{reverse('portfolio:contract-detail', args=[pilot.code])}#amendment-{amendment.number}",
        "base_url": settings.BASE_URL,
    }
    enqueue(
        kind=MailKind.NOTICE,
        recipient=amendment.approver,
        subject=f"{pilot.code}: an amendment in your name",
        text=render_to_string("portfolio/amendment_mail.txt", context),
        html=with_styles_inline(render_to_string("portfolio/amendment_mail.html", context)),
        headers={CONFIDENTIAL: "Company-Confidential"} if pilot.visibility == Visibility.RESTRICTED else {},
        now=amendment.at,
    )


def _next_key() -> int:
    """The key of the next criterion, for the amendment that has to be there first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('portfolio_successcriterion', 'id'))")
        key: int = cursor.fetchone()[0]
    return key
