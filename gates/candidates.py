"""Who would be asked to review: named on the pilot first, then whoever of the pool has least to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.models import User
from accounts.obstacles import Obstacle
from accounts.states import Function
from gates.models import NamedReviewer, Reviewer, Substitute
from portfolio.models import Assignment, Pilot


def chosen_reviewers(pilot: Pilot, functions: Collection[str], today: date) -> dict[Function, User | None]:
    """Choose for each function who is asked about `pilot`; None where nobody can be. Four queries, whatever the pool.

    Whoever is away is replaced by their substitute. Nobody who has a part in the pilot is asked.
    """
    own = set(Assignment.objects.filter(pilot=pilot, until=None).values_list("person", flat=True))
    named = dict(NamedReviewer.objects.filter(pilot=pilot).values_list("function", "user"))
    away = {
        one.absent_id: one.stands_in
        for one in Substitute.objects.in_force(today).select_related("stands_in").order_by("-pk")
    }
    pool = (
        Reviewer.objects.filter(function__in=list(functions), since__lte=today, until=None, user__is_active=True)
        .select_related("user")
        .annotate(load=Count("user__review_requests", filter=Q(user__review_requests__ended_at=None)))
        .order_by("pk")
    )
    asked: dict[Function, User | None] = dict.fromkeys(map(Function, functions))
    given: dict[int, int] = {}
    for function in asked:
        fitting = [
            (named.get(function) != one.user_id, one.load + given.get(one.user_id, 0), one.pk, person)
            for one in pool
            if one.function == function
            if (person := away.get(one.user_id, one.user)).is_active and person.pk not in own
        ]
        if fitting:
            asked[function] = chosen = min(fitting, key=lambda place: place[:3])[3]
            given[chosen.pk] = given.get(chosen.pk, 0) + 1
    return asked


@dataclass(frozen=True)
class Pool:
    """Who of a function can be asked about a pilot, and who is asked first."""

    function: Function
    people: list[User]
    named: User | None


def pools_for(pilot: Pilot, today: date) -> list[Pool]:
    """The pool of every function for `pilot`, without whoever has a part in it. Two queries."""
    own = Assignment.objects.filter(pilot=pilot, until=None).values("person")
    pool = Reviewer.objects.filter(since__lte=today, until=None, user__is_active=True).exclude(user__in=own)
    named = {one.function: one.user for one in NamedReviewer.objects.filter(pilot=pilot).select_related("user")}
    people: dict[str, list[User]] = {}
    for one in pool.select_related("user").order_by("user__name", "user__email"):
        people.setdefault(one.function, []).append(one.user)
    return [Pool(function, people.get(function, []), named.get(function)) for function in Function]


def vacancy(function: str, url: str = "") -> Obstacle:
    """Say that nobody can be asked for `function`."""
    label = Function(function).label
    return Obstacle(
        "nobody",
        f"Nobody without a part in this pilot reviews for {label} today.",
        "an administrator, who names reviewers",
        url,
    )
