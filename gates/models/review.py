"""Gate reviews: one gate assessed in one round."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.states import Function
from audit.models import AppendOnly
from gates.models.gate_set import Criterion, Gate
from gates.states import CONCLUSIONS, Finding
from portfolio.models import Round
from portfolio.states import LampState, RiskClass


class Reviewer(models.Model):
    """A person who reviews for a function, from a date (included) until a date (excluded)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews_for")
    function = models.CharField(max_length=12, choices=Function)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "function"], condition=Q(until=None), name="gates_reviewer_once"),
        )


class GateReview(models.Model):
    """One gate of one round. Made when somebody first touches the gate; before that its lamp is grey."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="gate_reviews")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=12, choices=LampState, default=LampState.IN_REVIEW)
    opened_at = models.DateTimeField()
    #: When the owner asked for it to be assessed, the last time; None while nobody has.
    submitted_at = models.DateTimeField(null=True, blank=True)
    #: Who is asked to conclude it; any other reviewer of the lead function may.
    lead = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    conclusion = models.TextField(blank=True)
    #: Risk class of the pilot when it was concluded; a higher one opens the gate again.
    concluded_risk = models.CharField(max_length=8, choices=RiskClass, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["round", "gate"], name="gates_review_once"),
            models.CheckConstraint(
                condition=Q(state__in=CONCLUSIONS, concluded_at__isnull=False)
                | (~Q(state__in=CONCLUSIONS) & Q(concluded_at=None)),
                name="gates_review_concluded_has_time",
            ),
        )


class Assessment(AppendOnly):
    """What a reviewer found of a criterion. Changing one's mind adds a row; the last one counts."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="assessments")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    finding = models.CharField(max_length=20, choices=Finding)
    comment = models.TextField(blank=True)
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    #: The finding of which this is a copy, made when its round moved to a newer gate set.
    carried_over_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnly.Meta):
        indexes = (models.Index(fields=["review", "criterion", "-id"], name="gates_assessment_latest"),)
