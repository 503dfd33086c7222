"""Digests: one per person, kind and period, whatever happens to the machines."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import Mail, User
from gates.states import DigestKind


class DigestRun(models.Model):
    """That a person's digest of a period was dealt with; without a mail, there was nothing to say."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digest_runs")
    kind = models.CharField(max_length=10, choices=DigestKind)
    #: The period in the recipient's own time zone: 2026-W47, 2026-11-16, 2026-11.
    period = models.CharField(max_length=10)
    mail = models.OneToOneField(Mail, on_delete=models.SET_NULL, null=True, related_name="digest_run")
    composed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["recipient", "kind", "period"], name="gates_digestrun_once"),)
