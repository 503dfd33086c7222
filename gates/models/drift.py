"""Drift: flags that rules raise, and how the rules are set."""

from django.db import models
from django.db.models import Q

from portfolio.models import Pilot
from portfolio.states import Severity


class RuleSetting(models.Model):
    """An administrator's setting of a rule. A rule without a row has the defaults of its definition."""

    rule = models.SlugField(max_length=40, unique=True)
    enabled = models.BooleanField(default=True)
    #: Days, or whatever unit the rule states; null takes the rule's own.
    threshold = models.PositiveIntegerField(null=True, blank=True)
    severity = models.PositiveSmallIntegerField(choices=Severity, null=True, blank=True)
    #: Days after which a flag climbs to the sponsor, and to the chair; null takes the rule's own.
    sponsor_after = models.PositiveIntegerField(null=True, blank=True)
    chair_after = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)


class Flag(models.Model):
    """An open finding of a rule on a pilot; closed, and kept, when the rule no longer finds it."""

    pilot = models.ForeignKey(Pilot, on_delete=models.CASCADE, related_name="flags")
    rule = models.SlugField(max_length=40)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    #: What the rule found, in a sentence without dates that would age.
    detail = models.CharField(max_length=300)
    #: Day from which what it finds has been so, which may be long before the flag was raised.
    since = models.DateField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["pilot", "rule"], condition=Q(closed_on=None), name="gates_flag_one_open"),
        )
        indexes = (
            models.Index(fields=["rule"], condition=Q(closed_on=None), name="gates_flag_open_rule"),
            models.Index(fields=["-severity", "since"], condition=Q(closed_on=None), name="gates_flag_open_worst"),
        )
