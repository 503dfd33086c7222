"""Committees: who decides."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.models.user import known_time_zone
from gates.states import CommitteePart, MajorityRule


class Committee(models.Model):
    """A steering committee. Its days are days of its own time zone."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default=settings.TIME_ZONE, validators=[known_time_zone])
    quorum = models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1)])
    majority_rule = models.CharField(max_length=12, choices=MajorityRule, default=MajorityRule.SIMPLE)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


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
