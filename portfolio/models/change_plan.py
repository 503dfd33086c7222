"""The change plan, drafted while the pilot runs, and the log of what chafed."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import User
from portfolio.models.pilot import Pilot


class ChangePlan(models.Model):
    """What changes in the work, for whom, with what help (requirement 22), and the workflow impact (23)."""

    pilot = models.OneToOneField(Pilot, on_delete=models.PROTECT, primary_key=True, related_name="change_plan")
    what_changes = models.TextField("what changes in the work", blank=True)
    for_whom = models.TextField("for whom", blank=True)
    training = models.TextField(blank=True)
    support = models.TextField("support in the first weeks", blank=True)
    timing = models.TextField("when", blank=True)
    steps_before = models.TextField("steps of the work before", blank=True)
    steps_after = models.TextField("steps of the work after", blank=True)
    #: Hours of work a week, of everybody who does it.
    hours_before = models.DecimalField(
        "hours a week before", max_digits=8, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    hours_after = models.DecimalField(
        "hours a week after", max_digits=8, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    version = models.PositiveIntegerField(default=0)


class Friction(models.Model):
    """Something that chafed in daily work, and what was done about it. Noted once, closed once."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="frictions")
    what = models.TextField()
    seen_where = models.CharField("where it was seen", max_length=160, blank=True)
    seen_by = models.CharField("who saw it", max_length=160, blank=True)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    done = models.TextField("what was done", blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at=None, done="") | (Q(closed_at__isnull=False) & ~Q(done="")),
                name="portfolio_friction_closed_says_how",
            ),
        )
        indexes = (models.Index(fields=["pilot", "-noted_at"], name="portfolio_friction_latest"),)

    def __str__(self) -> str:
        return self.what
