"""What the scheduler ran, so that its silence can be seen."""

from datetime import timedelta

from django.db import models


class JobRun(models.Model):
    """One run of a periodic job: when it began, when it ended, what it did or why it failed."""

    job = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    #: What it did, in counts, or the class of the error; never personal data.
    outcome = models.JSONField(default=dict)
    failed = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["job", "-started_at"], name="audit_jobrun_latest"),)

    @property
    def took(self) -> timedelta | None:
        """How long it took; None while it has not ended."""
        return self.finished_at - self.started_at if self.finished_at else None

    @property
    def summary(self) -> str:
        """What it did, in words: "3 sent, 1 failed"."""
        return ", ".join(
            f"{value} {name.replace('_', ' ')}" if isinstance(value, int) else f"{name}: {value}"
            for name, value in self.outcome.items()
        )
