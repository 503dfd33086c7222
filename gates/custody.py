"""Handing a gate review from one side to the other, with the times, so that nobody's wait is lost."""

from datetime import datetime

from accounts.models import User
from gates.models import Custody, GateReview
from gates.states import Holder


def hand_custody(review: GateReview, holder: Holder, *, by: User | None, now: datetime, reason: str = "") -> None:
    """Let `holder` have the review from `now` on; nothing changes where they have it already and no reason is new."""
    current = Custody.objects.filter(review=review, until=None).first()
    if current and current.holder == holder and not reason:
        return
    if current:
        end_custody(review, now=now)
    Custody.objects.create(review=review, holder=holder, since=now, reason=reason, given_by=by)


def end_custody(review: GateReview, *, now: datetime) -> None:
    """Let nobody have the review: it is concluded."""
    Custody.objects.filter(review=review, until=None).update(until=now)
