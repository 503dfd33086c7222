"""Who is asked to assess: requests of a submitted gate, reviewers named on a pilot, substitutes."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.states import Function
from gates.models.review import GateReview
from gates.states import RequestEnd
from portfolio.models import Pilot


class ReviewRequest(models.Model):
    """A function's share of a submitted gate, with the person who is asked for it."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="requests")
    function = models.CharField(max_length=12, choices=Function)
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="review_requests")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=RequestEnd, blank=True)
    #: What the one who handed it over wrote, for the one who has it now.
    note = models.TextField(blank=True)
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["review", "function"], condition=Q(ended_at=None), name="gates_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended="") | (Q(ended_at__gte=F("asked_at")) & ~Q(ended="")),
                name="gates_request_ended_has_time",
            ),
        )
        indexes = (
            models.Index(fields=["reviewer", "asked_at"], condition=Q(ended_at=None), name="gates_request_open"),
            models.Index(fields=["function", "asked_at"], condition=Q(ended_at=None), name="gates_request_pool"),
        )


class NamedReviewer(models.Model):
    """The person who reviews a pilot for a function, before anybody of the pool."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="named_reviewers")
    function = models.CharField(max_length=12, choices=Function)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["pilot", "function"], name="gates_namedreviewer_one"),)


class SubstituteQuerySet(models.QuerySet["Substitute"]):
    def in_force(self, today: date) -> Self:
        """Substitutes who stand in on `today`."""
        return self.filter(since__lte=today, until__gte=today)


class Substitute(models.Model):
    """Somebody who stands in for a reviewer, from the first day to the last one, both included."""

    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substitutes")
    stands_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in_for")
    since = models.DateField()
    until = models.DateField()

    objects = SubstituteQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="gates_substitute_ends_after_start"),
            models.CheckConstraint(condition=~Q(absent=F("stands_in")), name="gates_substitute_is_another"),
        )
        indexes = (models.Index(fields=["stands_in", "since", "until"], name="gates_substitute_days"),)
