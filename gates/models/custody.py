"""Who had a gate review in hand, from when until when: the owner or the reviewers."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from gates.models.review import GateReview
from gates.states import Holder


class Custody(models.Model):
    """A stretch of time in which a gate review lay with one side. The open one says who has it now."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="custody")
    holder = models.CharField(max_length=10, choices=Holder)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    #: Why it came to this side: what was returned for, or what reopened it.
    reason = models.TextField(blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "custody"
        constraints = (
            models.UniqueConstraint(fields=["review"], condition=Q(until=None), name="gates_custody_one_holder"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="gates_custody_ends_after_start"
            ),
        )
        indexes = (models.Index(fields=["review", "-id"], name="gates_custody_latest"),)
