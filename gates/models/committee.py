"""Committees: who decides, by which rules, and who sits in them."""

from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.models.user import known_time_zone
from gates.states import CommitteePart, MajorityRule, Weekday


class Committee(models.Model):
    """A steering committee. Its days are days of its own time zone."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default=settings.TIME_ZONE, validators=[known_time_zone])
    quorum = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1)])
    #: Percent of the seats that must be taken; where it is given, it counts in place of `quorum`.
    quorum_share = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    majority_rule = models.CharField(max_length=12, choices=MajorityRule, default=MajorityRule.SIMPLE)
    #: Cadence: every so many weeks, on a weekday, at a time in its zone; all three or none.
    meets_every_weeks = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(26)]
    )
    meets_on = models.PositiveSmallIntegerField(null=True, blank=True, choices=Weekday)
    meets_at = models.TimeField(null=True, blank=True)
    #: Where it meets, unless a meeting says otherwise: a room or a link.
    place = models.CharField(max_length=200, blank=True)
    #: Hours before a meeting at which its pack goes out by itself.
    pack_hours = models.PositiveSmallIntegerField(default=48, validators=[MinValueValidator(1), MaxValueValidator(336)])
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(meets_every_weeks=None, meets_on=None, meets_at=None)
                | Q(meets_every_weeks__isnull=False, meets_on__isnull=False, meets_at__isnull=False),
                name="gates_committee_cadence_is_whole",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and its meetings are told."""
        return ZoneInfo(self.time_zone)

    def quorum_of(self, seats: int) -> int:
        """How many of `seats` members must be present: the number, or the share rounded up; at least one."""
        if self.quorum_share is None:
            return self.quorum
        return max(1, -(-seats * self.quorum_share // 100))

    @property
    def cadence(self) -> str:
        """Its cadence in words, as "every 4 weeks on Thursday at 14:00"; empty where it has none."""
        if self.meets_every_weeks is None or self.meets_on is None or self.meets_at is None:
            return ""
        weeks = "every week" if self.meets_every_weeks == 1 else f"every {self.meets_every_weeks} weeks"
        return f"{weeks} on {Weekday(self.meets_on).label} at {self.meets_at:%H:%M}"


class CommitteeSeat(models.Model):
    """A person's seat in a committee, from a date (included) until a date (excluded)."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    part = models.CharField(max_length=10, choices=CommitteePart, default=CommitteePart.MEMBER)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["committee", "user"], condition=Q(until=None), name="gates_seat_once"),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(until=None, part=CommitteePart.CHAIR),
                name="gates_seat_one_chair",
            ),
        )


class CommitteeSubstituteQuerySet(models.QuerySet["CommitteeSubstitute"]):
    def in_force(self, day: date) -> Self:
        """Substitutes who sit for a member on `day`."""
        return self.filter(since__lte=day, until__gte=day)


class CommitteeSubstitute(models.Model):
    """Somebody who sits in a committee for a member, from the first day to the last one, both included."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="substitutes")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    stands_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sits_for")
    since = models.DateField()
    until = models.DateField()

    objects = CommitteeSubstituteQuerySet.as_manager()

    class Meta:
        ordering = ("since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="gates_committeesubstitute_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(member=F("stands_in")), name="gates_committeesubstitute_is_another"),
        )
