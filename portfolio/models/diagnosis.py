"""Diagnoses: why a pilot is stuck, as somebody answered the six tests on a day."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from audit.models import AppendOnly
from portfolio.models.pilot import Pilot
from portfolio.models.round import Round
from portfolio.stuck import StuckPattern


class Diagnosis(AppendOnly):
    """One look at why a pilot is stuck (requirements 42, 43, 45). Never edited: the next one says what changed."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="diagnoses")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    #: By pattern: the `answer`, a `note`, what the `file` proposed and what it `says`.
    answers = models.JSONField()
    #: Patterns that hold, in the order of the tests.
    patterns = ArrayField(models.CharField(max_length=16, choices=StuckPattern), default=list, blank=True)
    #: The one to work on first; empty where no pattern holds.
    binding = models.CharField(max_length=16, choices=StuckPattern, blank=True)
    #: Why another one than was proposed.
    binding_reason = models.TextField(blank=True)

    class Meta(AppendOnly.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(patterns=[], binding="") | (~Q(patterns=[]) & ~Q(binding="")),
                name="portfolio_diagnosis_binds_if_any",
            ),
        )
        indexes = (models.Index(fields=["pilot", "-id"], name="portfolio_diagnosis_latest"),)

    def __str__(self) -> str:
        held = [StuckPattern(pattern).in_words for pattern in self.patterns]
        return ", ".join(held) or "no pattern"
