"""The reviewers' queue: what somebody is asked for, and what waits with their colleagues."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.states import Function
from gates.models import Reviewer, ReviewRequest, Substitute
from portfolio.models import Assignment, Pilot


@dataclass(frozen=True)
class Waiting:
    """A request with the days for which it has waited."""

    request: ReviewRequest
    days: int
    #: The one for whom the reader stands in; None for the reader's own.
    stands_in_for: User | None = None


def requests_of(user: User, today: date) -> QuerySet[ReviewRequest]:
    """What `user` is asked for, in their own name or for somebody who is away, oldest first."""
    away = Substitute.objects.in_force(today).filter(stands_in=user).values("absent")
    return _open_to(user).filter(Q(reviewer=user) | Q(reviewer__in=away))


def pool_of(user: User, functions: Collection[Function], today: date) -> QuerySet[ReviewRequest]:
    """What others of the same functions are asked for, oldest first."""
    return _open_to(user).filter(function__in=list(functions)).exclude(pk__in=requests_of(user, today).values("pk"))


def narrowed(requests: QuerySet[ReviewRequest], *, search: str = "", function: str = "") -> QuerySet[ReviewRequest]:
    """Those of `requests` for one function, of pilots whose code, title or gate is like `search`."""
    for word in search.split():
        requests = requests.filter(
            Q(review__round__pilot__title__icontains=word)
            | Q(review__round__pilot__code__icontains=word)
            | Q(review__gate__title__icontains=word)
        )
    return requests.filter(function=function) if function else requests


def waiting(requests: Collection[ReviewRequest], reader: User, today: date) -> list[Waiting]:
    """`requests` with their days; a day that has begun counts from the next one on."""
    return [
        Waiting(
            request,
            max(0, (today - timezone.localdate(request.asked_at)).days),
            request.reviewer if request.reviewer_id != reader.pk else None,
        )
        for request in requests
    ]


def colleagues(function: str, pilot: Pilot, today: date) -> QuerySet[User]:
    """Who of the pool of `function` could take a review of `pilot`, by name: nobody with a part in it."""
    own = Assignment.objects.filter(pilot=pilot, until=None).values("person")
    pool = Reviewer.objects.filter(function=function, since__lte=today, until=None).exclude(user__in=own)
    people: QuerySet[User] = User.objects.filter(pk__in=pool.values("user"), is_active=True).order_by("name", "email")
    return people


def substitutes_of(user: User, today: date) -> QuerySet[Substitute]:
    """Who stands in for `user`, now or later."""
    return Substitute.objects.filter(absent=user, until__gte=today).select_related("stands_in").order_by("since", "pk")


def _open_to(user: User) -> QuerySet[ReviewRequest]:
    """Open requests on pilots that `user` may see and has no part in, oldest first."""
    own = Assignment.objects.filter(person=user, until=None).values("pilot")
    return (
        ReviewRequest.objects.filter(ended_at=None, review__round__pilot__in=Pilot.objects.visible_to(user))
        .exclude(review__round__pilot__in=own)
        .select_related("review__gate", "review__round__pilot__standing", "reviewer", "handed_by")
        .order_by("asked_at", "pk")
    )
