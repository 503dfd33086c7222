"""Conditions: what somebody has to do by a day, so that a gate, or a decision, keeps its ground."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from gates.models.decision import Decision
from gates.models.review import GateReview


class ConditionQuerySet(models.QuerySet["Condition"]):
    def open(self) -> Self:
        """Neither met nor waived; of a decision, not accepted by the chair either."""
        return self.filter(Q(met_at=None) | Q(decision__isnull=False, accepted_at=None), waived_at=None)

    def overdue(self, today: date) -> Self:
        """Open, and due before `today`."""
        return self.open().filter(due__lt=today)


class Condition(models.Model):
    """A condition of a gate review or of a decision: owned, dated, and met with evidence or waived with a reason."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, null=True, blank=True, related_name="conditions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="conditions")
    text = models.TextField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conditions")
    due = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    #: What shows that it is met.
    proof = models.TextField(blank=True)
    evidence = models.ForeignKey("Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: The chair's word on a condition of a decision; those of a gate need none.
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    waived_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        ordering = ("due", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(met_at__isnull=False), name="gates_condition_accepted_is_met"
            ),
            models.CheckConstraint(
                condition=Q(review__isnull=False, decision=None) | Q(review=None, decision__isnull=False),
                name="gates_condition_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(met_at=None) | (Q(waived_at=None) & ~Q(proof="")), name="gates_condition_met_has_proof"
            ),
            models.CheckConstraint(
                condition=Q(waived_at=None) | ~Q(waived_reason=""), name="gates_condition_waived_has_reason"
            ),
        )
        indexes = (models.Index(fields=["due"], condition=Q(met_at=None, waived_at=None), name="gates_condition_open"),)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done: by its owner, or by the chair who accepts it."""
        return self.waived_at is None and (self.met_at is None or self.awaits_chair)

    @property
    def awaits_chair(self) -> bool:
        """Whether it is said to be met, and the chair has not accepted that yet."""
        return self.decision_id is not None and bool(self.met_at) and not (self.accepted_at or self.waived_at)

    @property
    def state_in_words(self) -> str:
        """What became of it: open, waiting for the chair, met, or waived."""
        if self.waived_at:
            return "waived"
        if self.awaits_chair:
            return "said to be met"
        return "met" if self.met_at else "open"
